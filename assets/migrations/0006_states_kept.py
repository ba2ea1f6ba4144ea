from typing import Any

from django.conf import settings
from django.db import migrations, models

from kpi.marks import MarkSpans
from tenancy.rls import ProtectTenant, SameHospital

# One state at a time: spans of an asset never overlap.
APART = """
ALTER TABLE assets_assetstate ADD CONSTRAINT asset_state_apart
EXCLUDE USING gist (int8range(asset_id, asset_id, '[]') WITH &&, tstzrange(began_at, ended_at) WITH &&)
"""
# Beside the asset, whoever changes it. What changes twice in one moment has stood in the later state only.
KEEP = """
CREATE FUNCTION assets_asset_keep_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO assets_assetstate (hospital_id, asset_id, state, department, place_id, custodian_id, began_at)
    SELECT hospital_id, id, state, department, place_id, custodian_id, statement_timestamp() FROM new_rows;
    RETURN NULL;
END
$$;
CREATE FUNCTION assets_asset_keep_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    this CONSTANT timestamptz := statement_timestamp();
    changed bigint[] := ARRAY(
        SELECT n.id FROM new_rows n JOIN old_rows o USING (id)
        WHERE (n.state, n.department, n.place_id, n.custodian_id)
            IS DISTINCT FROM (o.state, o.department, o.place_id, o.custodian_id)
    );
BEGIN
    IF changed = '{}' THEN
        RETURN NULL;
    END IF;
    UPDATE assets_assetstate s
    SET state = n.state, department = n.department, place_id = n.place_id, custodian_id = n.custodian_id
    FROM new_rows n WHERE n.id = ANY (changed) AND s.asset_id = n.id AND s.ended_at IS NULL AND s.began_at >= this;
    UPDATE assets_assetstate SET ended_at = this WHERE asset_id = ANY (changed) AND ended_at IS NULL AND began_at < this;
    INSERT INTO assets_assetstate (hospital_id, asset_id, state, department, place_id, custodian_id, began_at)
    SELECT hospital_id, id, state, department, place_id, custodian_id, this FROM new_rows n
    WHERE id = ANY (changed)
        AND NOT EXISTS (SELECT FROM assets_assetstate s WHERE s.asset_id = n.id AND s.ended_at IS NULL);
    RETURN NULL;
END
$$;
CREATE TRIGGER keep_state_of_new AFTER INSERT ON assets_asset REFERENCING NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION assets_asset_keep_new();
CREATE TRIGGER keep_state_of_changed AFTER UPDATE ON assets_asset REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
    FOR EACH STATEMENT EXECUTE FUNCTION assets_asset_keep_changed();
"""
DROP = """
DROP TRIGGER keep_state_of_new ON assets_asset;
DROP TRIGGER keep_state_of_changed ON assets_asset;
DROP FUNCTION assets_asset_keep_new();
DROP FUNCTION assets_asset_keep_changed();
"""
# What is known of the past: the steps that were written down; before the first of them it stood where that step began.
STATES = """
INSERT INTO assets_assetstate (hospital_id, asset_id, state, department, place_id, custodian_id, began_at, ended_at)
WITH steps AS (
    SELECT subject_id AS asset_id, source, target, at, id FROM flow_event WHERE subject = 'assets.asset' AND target <> ''
), known AS (
    SELECT a.*, coalesce(
        (SELECT min(at) FROM flow_event e WHERE e.subject = 'assets.asset' AND e.subject_id = a.id), now()) AS since
    FROM assets_asset a
), points AS (
    SELECT id AS asset_id, since AS at, 0::bigint AS step, coalesce(
        (SELECT source FROM steps s WHERE s.asset_id = k.id ORDER BY at, id LIMIT 1), state) AS state
    FROM known k
    UNION ALL SELECT asset_id, at, id, target FROM steps
), spans AS (
    SELECT asset_id, state, at AS began, lead(at) OVER (PARTITION BY asset_id ORDER BY at, step) AS ended FROM points
)
SELECT k.hospital_id, k.id, CASE WHEN ended IS NULL THEN k.state ELSE s.state END, department, place_id, custodian_id, began, ended
FROM spans s JOIN known k ON k.id = s.asset_id WHERE ended IS NULL OR ended > began
"""
# What was entered before a duty was renewed stands in the asset's history: the day, and until when it held.
TERMS = rf"""
INSERT INTO assets_dutyterm (hospital_id, duty_id, valid_from, valid_until, document)
WITH told AS (
    SELECT (data->>'duty')::bigint AS duty_id, (at AT TIME ZONE '{settings.TIME_ZONE}')::date AS day,
           substring(data->>'text' FROM ' · (\d{{4}}-\d{{2}}-\d{{2}})')::date AS until
    FROM flow_event WHERE subject = 'assets.asset' AND verb = 'duty_entered' AND data ? 'duty'
), terms AS (
    SELECT d.hospital_id, d.id AS duty_id, least(coalesce(done_on,
               (SELECT min(day) FROM told WHERE told.duty_id = d.id AND told.until = d.due_on), current_date), due_on) AS since,
           due_on AS until, document, 0 AS rank
    FROM assets_assetduty d
    UNION ALL
    SELECT d.hospital_id, d.id, least(min(day), until), until, '', 1
    FROM told JOIN assets_assetduty d ON d.id = told.duty_id WHERE until < d.due_on GROUP BY d.hospital_id, d.id, until
)
SELECT DISTINCT ON (duty_id, since) hospital_id, duty_id, since, until, document FROM terms ORDER BY duty_id, since, rank
"""


def _to(model: str, **options: Any) -> Any:
    return models.ForeignKey(model, models.PROTECT, **options)


class Migration(migrations.Migration):
    dependencies = [
        ("assets", "0005_departments"),
        ("flow", "0002_from_where"),
        ("kpi", "0003_measured_in_one_pass"),
        ("tenancy", "0004_search"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="assetduty",
            constraint=models.UniqueConstraint(fields=("hospital", "id"), name="asset_duty_hospital_id"),
        ),
        migrations.CreateModel(
            name="AssetState",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("in_use", "In use"),
                            ("standby", "Stand-by"),
                            ("broken", "Out of order"),
                            ("sealed", "Sealed"),
                            ("condemned", "Condemned"),
                        ],
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("department", models.CharField(max_length=20, verbose_name="kept by the department")),
                ("began_at", models.DateTimeField(verbose_name="from")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="until")),
                ("asset", _to("assets.asset", db_constraint=False, related_name="states")),
                ("custodian", _to("tenancy.unit", db_constraint=False, db_index=False, null=True, related_name="+")),
                ("hospital", _to("tenancy.hospital", related_name="+")),
                ("place", _to("tenancy.place", db_constraint=False, db_index=False, related_name="+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("asset",), name="asset_state_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ended_at__isnull", True), ("ended_at__gt", models.F("began_at")), _connector="OR"
                        ),
                        name="asset_state_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DutyTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                ("document", models.CharField(blank=True, max_length=60, verbose_name="number of the certificate")),
                ("duty", _to("assets.assetduty", db_constraint=False, related_name="terms")),
                ("hospital", _to("tenancy.hospital", related_name="+")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("duty", "valid_from"), name="duty_term_once"),
                    models.CheckConstraint(
                        condition=models.Q(("valid_until__gte", models.F("valid_from"))), name="duty_term_days"
                    ),
                ],
            },
        ),
        migrations.RunSQL(STATES, migrations.RunSQL.noop),
        migrations.RunSQL(TERMS, migrations.RunSQL.noop),
        migrations.RunSQL(APART, migrations.RunSQL.noop),
        migrations.RunSQL(KEEP, DROP),
        MarkSpans("assets_assetstate", "began_at", "ended_at"),
        MarkSpans("assets_downtime", "began_at", "ended_at"),
        MarkSpans("assets_dutyterm", "valid_from::timestamptz"),
        ProtectTenant("assets_assetstate"),
        SameHospital("assets_assetstate", "asset_id", "assets_asset"),
        SameHospital("assets_assetstate", "place_id", "tenancy_place"),
        SameHospital("assets_assetstate", "custodian_id", "tenancy_unit"),
        ProtectTenant("assets_dutyterm"),
        SameHospital("assets_dutyterm", "duty_id", "assets_assetduty"),
    ]
