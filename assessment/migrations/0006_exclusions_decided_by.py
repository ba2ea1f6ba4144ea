from datetime import date

from django.conf import settings
from django.db import migrations, models

# What is asked for already has as many days from then as appeals have; what waits longer climbs at the next look.
DAYS = f"""
UPDATE assessment_exclusion e
SET decide_by = (e.asked_at AT TIME ZONE '{settings.TIME_ZONE}')::date
    + coalesce((SELECT r.decide_days FROM assessment_rules r WHERE r.consortium_id = h.consortium_id), 10)
FROM tenancy_hospital h WHERE h.id = e.hospital_id
"""


class Migration(migrations.Migration):
    dependencies = [("assessment", "0005_definitions_that_changed"), ("tenancy", "0004_search")]

    operations = [
        migrations.AddField(
            model_name="exclusion",
            name="decide_by",
            field=models.DateField(default=date(2000, 1, 1), verbose_name="decide by"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="exclusion",
            name="level",
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.RunSQL(DAYS, migrations.RunSQL.noop),
    ]
