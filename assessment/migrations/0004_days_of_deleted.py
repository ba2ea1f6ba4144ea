"""The days of records that are deleted are marked too: their figures are counted anew at once, not only at night."""

from django.db import migrations

from kpi.marks import MarkDeleted


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_published_group"), ("kpi", "0001_initial")]

    operations = [
        MarkDeleted("assessment_appeal", ("decided_at",)),
        MarkDeleted("assessment_action", ("due_on::timestamptz",)),
    ]
