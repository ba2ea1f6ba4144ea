from django.db import migrations

from tenancy.search import Searchable


class Migration(migrations.Migration):
    dependencies = [("hazards", "0001_initial"), ("tenancy", "0004_search")]

    operations = [Searchable("hazards_hazard", ("number", "title", "description"), ("title",))]
