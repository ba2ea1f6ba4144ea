"""The groups of like hospitals have moved to the figures; how every indicator was reckoned is kept."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from tenancy.fences import APPEND
from tenancy.rls import ProtectConsortium


class Migration(migrations.Migration):
    dependencies = [
        ("indicators", "0001_initial"),
        ("kpi", "0002_peers_and_targets"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="PeerMember")]),
        migrations.AlterField(
            model_name="indicator",
            name="denominator",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), size=None, verbose_name="divided by the sum of"
            ),
        ),
        migrations.AlterField(
            model_name="indicator",
            name="numerator",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=80), size=None, verbose_name="sum of"
            ),
        ),
        migrations.CreateModel(
            name="Formula",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=70)),
                ("version", models.CharField(max_length=12)),
                ("facts", models.JSONField()),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("by_name", models.CharField(blank=True, max_length=60)),
                (
                    "by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "consortium",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.consortium"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["consortium", "key", "-id"], name="formula_key")],
            },
        ),
        ProtectConsortium("indicators_formula", APPEND),
    ]
