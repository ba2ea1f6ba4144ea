from django.db import migrations, models
from django.db.models.functions import Coalesce

from kpi.marks import MarkDays


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("workorders", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(models.F("hospital"), Coalesce("signed_at", "closed_at"), name="order_hospital_settled"),
        ),
        MarkDays("workorders_workorder", ("reported_at", "due_at", "finished_at", "signed_at", "closed_at")),
    ]
