from django.db import migrations

from kpi.marks import MarkDays


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("inspections", "0004_published_editions")]

    operations = [MarkDays("inspections_round", ("due_at", "done_at"))]
