from django.db import migrations, models

from kpi.marks import MarkDays


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("workorders", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="workorder",
            index=models.Index(
                models.F("hospital"),
                models.Case(models.When(signed_at__isnull=False, then="signed_at"), default="closed_at"),
                name="order_hospital_settled",
            ),
        ),
        MarkDays("workorders_workorder", ("reported_at", "due_at", "finished_at", "signed_at", "closed_at")),
    ]
