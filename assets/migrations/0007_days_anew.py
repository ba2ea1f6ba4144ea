"""Parts of figures told by spans are kept by month: whoever has kept them by day measures all days anew the next night."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("assets", "0006_states_kept"), ("kpi", "0003_measured_in_one_pass")]

    operations = [
        migrations.RunSQL(
            "DELETE FROM kpi_reckoned WHERE kpi IN ('assets.intact_days', 'assets.time_between_failures')",
            migrations.RunSQL.noop,
        ),
    ]
