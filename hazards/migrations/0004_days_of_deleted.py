"""The days of records that are deleted are marked too: their figures are counted anew at once, not only at night."""

from django.db import migrations

from kpi.marks import MarkDeleted


class Migration(migrations.Migration):
    dependencies = [("hazards", "0003_days_of_figures"), ("kpi", "0001_initial")]

    operations = [
        MarkDeleted("hazards_hazard", ("found_at", "due_on::timestamptz")),
    ]
