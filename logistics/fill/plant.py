"""What is kept about equipment: meters and their readings, duties the law sets, when it could not be used."""

from __future__ import annotations

HOURS_OF = ("柴油发电机", "冷水机组")  # kinds whose running hours are read
SPECIAL, FIRE, GAUGED = ("电梯", "锅炉", "压力容器"), ("消防报警主机",), ("心电监护仪", "除颤仪", "呼吸机")

# What a meter shows at a moment: it runs evenly, and begins anew when it is replaced.
HELPER = """
CREATE OR REPLACE FUNCTION pg_temp.meter(base numeric, per_day numeric, since timestamptz, replaced timestamptz, at timestamptz)
RETURNS numeric LANGUAGE sql IMMUTABLE AS
$$ SELECT trunc(CASE WHEN replaced IS NULL OR at < replaced THEN base + per_day * (extract(epoch FROM at - since) / 86400)
   ELSE per_day * (extract(epoch FROM at - replaced) / 86400) END, 1) $$
"""
METERS = """
CREATE TEMPORARY TABLE fill_meter ON COMMIT DROP AS
SELECT %(meter_base)s + k AS id, hospital_id AS hospital, asset, '运行小时' AS name, since,
    round((200 + 9000 * pg_temp.u(k, 600))::numeric, 1) AS base, round((0.05 + 9 * power(pg_temp.u(k, 601), 2))::numeric, 3) AS
        per_day,
    CASE WHEN pg_temp.u(k, 602) < 0.15 THEN since + (%(until)s - since) * (0.3 + 0.4 * pg_temp.u(k, 603)) END AS replaced_at, k
FROM (SELECT a.id AS asset, a.hospital_id, row_number() OVER (ORDER BY a.id) AS k, GREATEST(%(until)s - interval '2 years',
          %(since)s::timestamp AT TIME ZONE %(zone)s) AS since
      FROM assets_asset a JOIN assets_kind d ON d.id = a.kind_id WHERE d.name = ANY(%(hours_of)s)) a
"""
READINGS = """
CREATE TEMPORARY TABLE fill_reading ON COMMIT DROP AS
WITH moments AS (
    SELECT m.*, t + interval '7 hours' + interval '1 second' * floor(pg_temp.u(k, 610) * 3600) AS at, false AS replaced FROM
        fill_meter m
    CROSS JOIN LATERAL generate_series(date_trunc('day', since), %(until)s - interval '9 hours', interval '30 days') t
    UNION ALL SELECT m.*, date_trunc('second', replaced_at), true FROM fill_meter m WHERE replaced_at IS NOT NULL
)
SELECT hospital, id AS meter, asset, at, CASE WHEN replaced THEN 0 ELSE pg_temp.meter(base, per_day, since, date_trunc('second',
    replaced_at), at) END AS value, replaced, k FROM moments
"""
METER_COLUMNS = "id hospital_id asset_id name unit value read_at"
METER_ROWS = """
SELECT m.id, hospital, m.asset, name, 'h', r.value, r.at FROM fill_meter m
LEFT JOIN LATERAL (SELECT value, at FROM fill_reading r WHERE r.meter = m.id ORDER BY at DESC LIMIT 1) r ON true
"""
READING_COLUMNS = "hospital_id meter_id at value total replaced by_id"
READING_ROWS = """
SELECT r.hospital, meter, at, value, CASE WHEN first THEN value ELSE first_value(value) OVER (PARTITION BY meter ORDER BY at)
    + sum(rise) OVER (PARTITION BY meter ORDER BY at) END, replaced, b.id
FROM (SELECT r.*, lag(value) OVER same IS NULL AS first, CASE WHEN lag(value) OVER same IS NULL OR replaced THEN 0
             ELSE value - lag(value) OVER same END AS rise FROM fill_reading r WINDOW same AS (PARTITION BY meter ORDER BY at)) r
JOIN fill_boss b ON b.hospital = r.hospital ORDER BY at, meter
"""

DUTIES = """
CREATE TEMPORARY TABLE fill_duty ON COMMIT DROP AS
SELECT %(duty_base)s + row_number() OVER (ORDER BY hospital_id, k) AS id, d.*, done_on + months * 365 / 12 AS due_on
FROM (
    SELECT a.hospital_id, a.id AS asset, k, CASE WHEN what = ANY(%(special)s) THEN 'periodic' WHEN what = ANY(%(fire)s) THEN
        'fire' ELSE 'gauge'
        END AS kind, 12 AS months, %(today)s::date - CASE WHEN k %% 11 = 4 THEN 367 + (k %% 17)::int
            ELSE 1 + (364 * pg_temp.u(k, 620))::int END AS done_on
    FROM (SELECT a.id, a.hospital_id, d.name AS what, row_number() OVER (ORDER BY a.id) AS k FROM assets_asset a JOIN assets_kind
        d ON d.id = a.kind_id
          WHERE d.name = ANY(%(special)s || %(fire)s || %(gauged)s) AND a.state NOT IN ('condemned', 'sealed')) a
    WHERE what <> ALL(%(gauged)s) OR pg_temp.u(k, 621) < 0.2
) d
"""
DUTY_COLUMNS = "id hospital_id asset_id kind law clause done_on due_on apply_by applied_on document"
DUTY_ROWS = """
SELECT id, hospital_id, asset, kind, CASE kind WHEN 'periodic' THEN '特种设备安全法 (2013)' WHEN 'fire'
        THEN '消防法 (2021)' ELSE '' END,
    CASE kind WHEN 'periodic' THEN '第四十条' WHEN 'fire' THEN '第十六条' ELSE '' END, done_on, due_on,
    CASE WHEN kind = 'periodic' THEN due_on - 30 END,
    CASE WHEN kind = 'periodic' AND due_on - 30 < %(today)s AND pg_temp.u(k, 622) < 0.7 THEN LEAST(due_on - 31, %(today)s) END,
    CASE kind WHEN 'gauge' THEN 'JL' ELSE 'TJ' END || to_char(done_on, 'YYYY') || lpad(k::text, 6, '0')
FROM fill_duty
"""
DUTY_EVENT = """
SELECT f.hospital_id, f.asset, 'duty_entered', '', '', (f.done_on + time '16:30') AT TIME ZONE %(zone)s, b.id, 'user', b.name,
    jsonb_build_object('text', concat_ws(' · ', CASE f.kind WHEN 'periodic' THEN '特种设备定期检验'
        WHEN 'fire' THEN '消防设施全面检测' ELSE
        '计量检定' END,
        f.due_on::text, d.document), 'duty', f.id), 3
FROM fill_duty f JOIN assets_assetduty d ON d.id = f.id JOIN fill_boss b ON b.hospital = f.hospital_id
"""

# From orders about a machine: from the report until it was repaired; never two at a time. What is out of order now still is.
DOWNTIMES = """
CREATE TEMPORARY TABLE fill_downtime ON COMMIT DROP AS
WITH wished AS (
    SELECT o.hospital_id, o.asset_id, o.id, o.number, o.reported_at AS began, o.finished_at AS ended, o.urgency,
        row_number() OVER (ORDER BY o.id) AS k
    FROM workorders_workorder o JOIN assets_asset a ON a.id = o.asset_id
    WHERE o.finished_at IS NOT NULL AND o.returned = 0 AND a.state IN ('in_use', 'broken')
), chosen AS (SELECT * FROM wished WHERE pg_temp.u(k, 630) < CASE urgency WHEN 'normal' THEN 0.25 ELSE 0.6 END
), apart AS (
    SELECT c.*, max(ended) OVER (PARTITION BY asset_id ORDER BY began, k ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS
        before FROM chosen c
)
SELECT hospital_id, asset_id, began, ended, number, k FROM apart WHERE before IS NULL OR before < began
"""
BROKEN = """
INSERT INTO fill_downtime
SELECT a.hospital_id, a.id, date_trunc('second', GREATEST(%(until)s - interval '1 day' * 25 * power(pg_temp.u(k, 631), 2) -
    interval '40 minutes',
    (SELECT max(ended) FROM fill_downtime d WHERE d.asset_id = a.id) + interval '1 minute')), NULL, '', k
FROM (SELECT a.*, row_number() OVER (ORDER BY id) AS k FROM assets_asset a WHERE state = 'broken') a
"""
DOWNTIME_COLUMNS = "hospital_id asset_id began_at ended_at order_number"
DOWNTIME_ROWS = "SELECT hospital_id, asset_id, began, ended, number FROM fill_downtime ORDER BY began, k"
BREAKS = tuple(
    f"""SELECT f.hospital_id, f.asset_id, '{verb}', '{source}', '{target}', {at}, b.id, 'user', b.name,
        '{{"before": {{}}}}'::jsonb, {step}
FROM fill_downtime f JOIN fill_boss b ON b.hospital = f.hospital_id WHERE {at} IS NOT NULL"""
    for step, verb, source, target, at in (
        (2, "break_down", "in_use", "broken", "f.began"),
        (1, "restore", "broken", "in_use", "f.ended"),
    )
)

# Since when each machine stood in which state: what was given up was, at a moment of the last years.
GIVEN_UP = """
CREATE TEMPORARY TABLE fill_given_up ON COMMIT DROP AS
SELECT hospital_id, id AS asset_id, state, CASE state WHEN 'sealed' THEN 'seal' ELSE 'condemn' END AS verb,
    date_trunc('second', %(until)s - interval '1 day' * (1 + 365 * %(years)s * 0.8 * pg_temp.u(k, 632))) AS at
FROM (SELECT a.*, row_number() OVER (ORDER BY id) AS k FROM assets_asset a WHERE state IN ('sealed', 'condemned')) a
"""
GAVE_UP = """
SELECT f.hospital_id, f.asset_id, f.verb, 'in_use', f.state, f.at, b.id, 'user', b.name,
    '{"before": {}, "reason": "长期不用"}'::jsonb, 4
FROM fill_given_up f JOIN fill_boss b ON b.hospital = f.hospital_id
"""
STATES = """
WITH points AS (
    SELECT id AS asset_id, %(since)s::timestamp AT TIME ZONE %(zone)s AS at,
        CASE WHEN state = 'standby' THEN state ELSE 'in_use' END AS state FROM assets_asset
    UNION ALL SELECT asset_id, began, 'broken' FROM fill_downtime
    UNION ALL SELECT asset_id, ended, 'in_use' FROM fill_downtime WHERE ended IS NOT NULL
    UNION ALL SELECT asset_id, at, state FROM fill_given_up
)
SELECT a.hospital_id, a.id, p.state, a.department, a.place_id, a.custodian_id, p.at,
    lead(p.at) OVER (PARTITION BY a.id ORDER BY p.at) FROM points p JOIN assets_asset a ON a.id = p.asset_id ORDER BY p.at, a.id
"""
STATE_COLUMNS = "hospital_id asset_id state department place_id custodian_id began_at ended_at"
# A duty was renewed year after year: mostly before its end, now and then late.
TERMS = """
WITH years AS (
    SELECT f.hospital_id, f.id, k, y, f.done_on - 365 * y AS begins, d.document, f.due_on,
        pg_temp.u(k * 31 + y, 623) AS luck FROM fill_duty f JOIN assets_assetduty d ON d.id = f.id
    CROSS JOIN LATERAL generate_series(0, %(years)s) y WHERE f.done_on - 365 * y >= %(since)s::date - 365
)
SELECT hospital_id, id, begins, CASE WHEN y = 0 THEN due_on WHEN luck < 0.1 THEN begins + 364 - (1 + 150 * luck)::int
    ELSE begins + 364 + (20 * luck)::int END, CASE WHEN y = 0 THEN document ELSE overlay(document PLACING
    to_char(begins, 'YYYY') FROM 3 FOR 4) END FROM years ORDER BY begins, id
"""
TERM_COLUMNS = "hospital_id duty_id valid_from valid_until document"
