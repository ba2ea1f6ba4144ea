"""Rounds by the day they were done: how the figures of a day read them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0007_kinds_kept_by")]

    operations = [
        migrations.AddIndex(
            model_name="round",
            index=models.Index(
                condition=models.Q(("done_at__isnull", False)), fields=["hospital", "done_at"], name="round_done"
            ),
        ),
    ]
