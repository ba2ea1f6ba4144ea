"""The days of records that are deleted are marked too: their figures are counted anew at once, not only at night."""

from django.db import migrations

from kpi.marks import MarkDeleted


class Migration(migrations.Migration):
    dependencies = [("indicators", "0004_requests"), ("kpi", "0001_initial")]

    operations = [
        MarkDeleted("indicators_returndue", ("due_on::timestamptz",)),
    ]
