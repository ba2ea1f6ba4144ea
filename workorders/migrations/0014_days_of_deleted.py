"""The days of records that are deleted are marked too: their figures are counted anew at once, not only at night."""

from django.db import migrations

from kpi.marks import MarkDeleted


class Migration(migrations.Migration):
    dependencies = [("workorders", "0013_newest_open"), ("kpi", "0001_initial")]

    operations = [
        MarkDeleted("workorders_workorder", ("reported_at", "due_at", "finished_at", "signed_at", "closed_at")),
    ]
