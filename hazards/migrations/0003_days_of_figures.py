from django.db import migrations

from kpi.marks import MarkDays


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("hazards", "0002_search")]

    operations = [MarkDays("hazards_hazard", ("found_at", "due_on::timestamptz"))]
