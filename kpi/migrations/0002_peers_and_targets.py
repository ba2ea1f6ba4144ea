"""Targets for groups of like hospitals, with stretch and the committee's decision; the groups move here, rows and all."""

import django.db.models.deletion
from django.db import migrations, models

MOVE = """
ALTER TABLE indicators_peermember RENAME TO kpi_peermember;
ALTER SEQUENCE indicators_peermember_id_seq RENAME TO kpi_peermember_id_seq;
"""
BACK = """
ALTER SEQUENCE kpi_peermember_id_seq RENAME TO indicators_peermember_id_seq;
ALTER TABLE kpi_peermember RENAME TO indicators_peermember;
"""


class Migration(migrations.Migration):
    dependencies = [("kpi", "0001_initial"), ("indicators", "0001_initial")]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(MOVE, BACK)],
            state_operations=[
                migrations.CreateModel(
                    name="PeerMember",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("group", models.CharField(max_length=80, verbose_name="peer group")),
                        (
                            "hospital",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.hospital"
                            ),
                        ),
                    ],
                    options={
                        "constraints": [models.UniqueConstraint(fields=("hospital",), name="peer_member_once")],
                    },
                ),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="target",
            name="target_once",
        ),
        migrations.AddField(
            model_name="target",
            name="decided_on",
            field=models.DateField(blank=True, null=True, verbose_name="decided on"),
        ),
        migrations.AddField(
            model_name="target",
            name="group",
            field=models.CharField(blank=True, max_length=80, verbose_name="peer group"),
        ),
        migrations.AddField(
            model_name="target",
            name="minutes",
            field=models.CharField(blank=True, max_length=80, verbose_name="Minutes"),
        ),
        migrations.AddField(
            model_name="target",
            name="stretch",
            field=models.DecimalField(blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="stretch"),
        ),
        migrations.AlterField(
            model_name="target",
            name="floor",
            field=models.DecimalField(
                blank=True, decimal_places=4, max_digits=16, null=True, verbose_name="lowest acceptable value"
            ),
        ),
        migrations.AlterField(
            model_name="target",
            name="target",
            field=models.DecimalField(decimal_places=4, max_digits=16, verbose_name="target"),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.CheckConstraint(
                condition=models.Q(("hospital", None), ("group", ""), _connector="OR"), name="target_for_one_or_a_group"
            ),
        ),
        migrations.AddConstraint(
            model_name="target",
            constraint=models.UniqueConstraint(
                fields=("consortium", "kpi", "hospital", "group", "valid_from"),
                name="target_once",
                nulls_distinct=False,
            ),
        ),
    ]
