from django.db import migrations

from tenancy import search


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0003_merged_places")]

    operations = [
        search.SearchFunctions(),
        search.Searchable("tenancy_place", ("full_name", "name", "code", "phone", "initials"), ("full_name",)),
        search.Searchable("tenancy_unit", ("name", "code", "phone", "initials"), ("name",)),
        search.Searchable("tenancy_membership", ("name", "staff_number", "phone", "initials", "post"), ("name",)),
        migrations.RunSQL(search.PLACES_AROUND, migrations.RunSQL.noop),
    ]
