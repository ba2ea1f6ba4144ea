"""The days of records that are deleted are marked too: their figures are counted anew at once, not only at night."""

from django.db import migrations

from kpi.marks import MarkDeleted


class Migration(migrations.Migration):
    dependencies = [("inspections", "0008_rounds_by_done"), ("kpi", "0001_initial")]

    operations = [
        MarkDeleted("inspections_round", ("due_at", "done_at")),
    ]
