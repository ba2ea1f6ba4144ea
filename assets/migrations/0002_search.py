from django.db import migrations

from tenancy.search import Searchable


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial"), ("tenancy", "0004_search")]

    operations = [Searchable("assets_asset", ("code", "name", "maker", "model", "serial", "initials"), ("name",))]
