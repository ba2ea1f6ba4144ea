from django.db import migrations

from workorders.search import NarrowedSearch


class Migration(migrations.Migration):
    dependencies = [("workorders", "0011_own_indexes")]

    operations = [NarrowedSearch()]
