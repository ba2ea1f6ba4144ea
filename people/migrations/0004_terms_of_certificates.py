import django.db.models.deletion
from django.db import migrations, models

from tenancy.rls import ProtectTenant, SameHospital

# Until now a certificate counted for every day before its last one. Where shifts stand that were worked without it, it was
# renewed after the last of them, and another had run out before the first: they stay as they were judged.
TERMS = """
INSERT INTO people_skillterm (hospital_id, member_id, skill_id, valid_from, valid_until, document)
WITH lacking AS (
    SELECT p.id, min(w.worked_on) AS first, max(w.worked_on) AS last
    FROM people_personskill p
    JOIN people_workedshift w ON w.member_id = p.member_id AND NOT w.certified
        AND w.worked_on <= coalesce(p.valid_until, 'infinity')
    JOIN people_shiftskill n ON n.shift_id = w.shift_id AND n.skill_id = p.skill_id
        AND w.worked_on BETWEEN n.first_day AND coalesce(n.last_day, 'infinity')
    GROUP BY p.id
)
SELECT hospital_id, member_id, skill_id, least(coalesce(last + 1, '2000-01-01'), coalesce(valid_until, 'infinity')), valid_until, ''
FROM people_personskill p LEFT JOIN lacking USING (id)
UNION ALL
SELECT hospital_id, member_id, skill_id, '2000-01-01', first - 1, '' FROM people_personskill p JOIN lacking USING (id)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0003_certified"),
        ("tenancy", "0004_search"),
    ]

    operations = [
        migrations.CreateModel(
            name="SkillTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(null=True, verbose_name="valid until")),
                (
                    "document",
                    models.CharField(blank=True, max_length=60, verbose_name="number of the certificate"),
                ),
                (
                    "hospital",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="tenancy.hospital"
                    ),
                ),
                (
                    "member",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="skill_terms",
                        to="tenancy.membership",
                        verbose_name="person",
                    ),
                ),
                (
                    "skill",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.skill",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("member", "skill", "valid_from"), name="skill_term_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_until__isnull", True), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                        ),
                        name="skill_term_days",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
        ProtectTenant("people_skillterm"),
        SameHospital("people_skillterm", "member_id", "tenancy_membership"),
        SameHospital("people_skillterm", "skill_id", "people_skill"),
    ]
