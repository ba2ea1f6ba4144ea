"""What became of the rounds that lie behind: done in time or late, missed, skipped, under way; what was answered at each point.

As in `facts`, chance is a hash of a running number, and nothing happens after the end.
"""

from __future__ import annotations

WEEK_AHEAD = "interval '7 days'"

# done, grace: inside the window; after: once it was missed. Undone ones are due, or wait for a word about the skip.
FATE = f"""
CREATE TEMPORARY TABLE fill_fate ON COMMIT DROP AS
WITH known AS (
    SELECT r.id, r.hospital_id, r.plan_id, r.checklist_id, r.department, r.team_id, r.place_id, r.asset_id, r.unit_id, r.minutes,
        r.needs_signature, r.statutory, r.due_at, r.opens_at, r.late_from,
        row_number() OVER (ORDER BY r.plan_id, r.due_at, r.asset_id) AS n
    FROM inspections_round r WHERE r.due_at < %(until)s + {WEEK_AHEAD}
), drawn AS (
    SELECT k.*, pg_temp.u(n, 200) AS luck, floor(minutes * 60 * (0.5 + 0.8 * pg_temp.u(n, 201))) * interval '1 second' AS spent,
        LEAST(due_at - opens_at, interval '150 minutes') AS ahead, late_from - due_at AS grace,
        CASE WHEN late_from <= %(until)s THEN 'over' WHEN due_at <= %(until)s THEN 'grace'
             WHEN opens_at <= %(until)s THEN 'open' ELSE 'ahead' END AS stands
    FROM known k
), chosen AS (
    SELECT d.*, CASE stands
        WHEN 'over' THEN CASE WHEN luck < 0.66 OR luck < 0.9 AND grace < interval '1 hour' THEN 'done' WHEN luck < 0.9 THEN
            'grace'
            WHEN luck < 0.93 THEN 'after' WHEN luck < 0.96 THEN 'skipped'
            WHEN luck < 0.975 AND due_at > %(until)s - interval '12 days' THEN 'skipping' ELSE 'due' END
        WHEN 'grace' THEN CASE WHEN luck < 0.45 THEN 'done' WHEN luck < 0.62 THEN 'grace' WHEN luck < 0.76 THEN 'started'
            WHEN luck < 0.8 THEN 'skipping' ELSE 'due' END
        WHEN 'open' THEN CASE WHEN luck < 0.06 THEN 'done' WHEN luck < 0.12 THEN 'started' WHEN luck < 0.3 THEN 'assigned' ELSE
            'due' END
        ELSE CASE WHEN luck < 0.12 THEN 'assigned' ELSE 'due' END END AS wish
    FROM drawn d
), timed AS (
    SELECT c.*, CASE wish
        WHEN 'done' THEN GREATEST(CASE stands WHEN 'open' THEN LEAST(due_at, %(until)s) - interval '1 minute' ELSE due_at END
            - ahead * pg_temp.u(n, 202), opens_at + spent)
        WHEN 'grace' THEN due_at + (late_from - due_at) * (0.02 + 0.95 * pg_temp.u(n, 202))
        WHEN 'after' THEN late_from + interval '1 hour' * (2 + 48 * pg_temp.u(n, 202)) END AS finished
    FROM chosen c
), kept AS (
    SELECT t.*, CASE WHEN finished > %(until)s THEN 'due' WHEN finished >= late_from AND wish = 'done' THEN 'due' ELSE wish END AS
        fate
    FROM timed t
)
SELECT k.*, date_trunc('second', CASE WHEN fate IN ('done', 'grace', 'after') THEN finished END) AS done_at,
    date_trunc('second', CASE WHEN fate IN ('done', 'grace', 'after') THEN GREATEST(finished - spent, opens_at)
        WHEN fate = 'started' THEN GREATEST(opens_at, %(until)s - spent * 0.6) END) AS started_at,
    date_trunc('second', CASE WHEN fate IN ('skipped', 'skipping') THEN GREATEST(opens_at, LEAST(due_at, %(until)s)
        - interval '1 minute' * (20 + 200 * pg_temp.u(n, 203))) END) AS asked_at,
    s.who, s.who_name, e.edition, e.number AS edition_number
FROM kept k JOIN fill_team t ON t.id = k.team_id
JOIN (SELECT DISTINCT checklist, edition, number FROM fill_item) e ON e.checklist = k.checklist_id
CROSS JOIN LATERAL (SELECT 1 + floor(pg_temp.u(k.n, 204) * t.seats)::int AS seat) c
CROSS JOIN LATERAL (SELECT CASE WHEN COALESCE(finished, due_at) < t.changed[seat] THEN t.first[seat] ELSE t.second[seat] END AS
    who,
    CASE WHEN COALESCE(finished, due_at) < t.changed[seat] THEN t.first_name[seat] ELSE t.second_name[seat] END AS who_name) s
WHERE NOT (stands = 'ahead' AND fate = 'due')
"""

# Each point of what was begun: reached and left within the time of the round. Single things are now and then in use.
POINTS = """
CREATE TEMPORARY TABLE fill_point ON COMMIT DROP AS
WITH stop AS (
    SELECT f.id AS round, f.hospital_id, f.n, f.started_at, f.done_at, f.fate, f.who, f.asset_id AS main_asset, f.edition,
        f.spent,
        COALESCE(p."order", 1) AS number, COALESCE(p.place_id, f.place_id) AS place, COALESCE(p.asset_id, f.asset_id) AS asset,
        COALESCE(p.walk, 0) AS walk, count(*) OVER (PARTITION BY f.id) AS stops
    FROM fill_fate f LEFT JOIN inspections_planpoint p ON p.plan_id = f.plan_id WHERE f.started_at IS NOT NULL
), timed AS (
    SELECT s.*, COALESCE(done_at - started_at, spent) / stops AS each, walk > 0 AND pg_temp.u(n, 230 + number) < 0.03 AS fast,
        CASE WHEN done_at IS NULL THEN CASE WHEN number <= stops / 2 THEN 'done' ELSE 'open' END
             WHEN asset IS NOT NULL AND pg_temp.u(n, 230 + number) > 0.985 THEN 'in_use'
             WHEN asset IS NOT NULL AND pg_temp.u(n, 230 + number) > 0.98 THEN 'not_found' ELSE 'done' END AS state
    FROM stop s
)
SELECT %(point_base)s + row_number() OVER (ORDER BY n, number) AS id, t.*,
    CASE WHEN state IN ('done', 'in_use') OR stops = 1 AND state = 'open' THEN date_trunc('second', started_at + each * (number -
        1)
        - CASE WHEN fast THEN each * 0.2 - interval '10 seconds' ELSE interval '0' END) END AS reached_at,
    CASE WHEN state IN ('done', 'in_use') THEN date_trunc('second', started_at + each * (number - 0.2)) END AS left_at
FROM timed t
"""
POINT_COLUMNS = (
    "id hospital_id round_id order place_id asset_id walk state way reached_at left_at received_at by_id too_fast"
)
INSERT_POINTS = """
SELECT id, hospital_id, round, number, place, asset, walk, state, CASE WHEN reached_at IS NULL OR pg_temp.u(n, 240 + number) < 0.9
    THEN 'scan' ELSE 'hand' END, reached_at, left_at, reached_at, CASE WHEN state <> 'open' OR reached_at IS NOT NULL THEN who
        END, fast
FROM fill_point
"""

# Inside the limits, or outside of them where it failed; both with two digits after the point at most.
VALUE = """CASE kind WHEN 'meter' THEN COALESCE(shown, round((1000 + 500 * chance)::numeric, 1)) WHEN 'value' THEN CASE
    WHEN low IS NULL AND high IS NULL THEN round((20 + 60 * chance)::numeric, 1)
    WHEN bad AND high IS NOT NULL THEN round(high + GREATEST(abs(high) * 0.08, 0.2) * (0.2 + chance)::numeric, 2)
    WHEN bad THEN round(low - GREATEST(abs(low) * 0.08, 0.2) * (0.2 + chance)::numeric, 2)
    ELSE LEAST(GREATEST(round(COALESCE(low, high - GREATEST(abs(high) * 0.4, 0.5)) + chance::numeric
        * (COALESCE(high, low + GREATEST(abs(low) * 0.4, 0.5)) - COALESCE(low, high - GREATEST(abs(high) * 0.4, 0.5))), 2), low),
            high)
    END END"""
ANSWERS = f"""
CREATE TEMPORARY TABLE fill_answer ON COMMIT DROP AS
WITH asked AS (
    SELECT p.id AS point, p.hospital_id, p.round, p.n, p.number AS stop, date_trunc('second', p.reached_at
        + (COALESCE(p.left_at, p.reached_at + p.each * 0.5) - p.reached_at) * (i.number::float8 / (i.items + 1))) AS at,
        p.reached_at AS reached, p.who, p.asset, i.*, pg_temp.u(p.n * 64 + i.number, 250 + p.number) AS luck,
        pg_temp.u(p.n * 64 + i.number, 300 + p.number) AS chance, CASE WHEN i.kind = 'meter' THEN (SELECT pg_temp.meter(m.base,
            m.per_day, m.since, m.replaced_at, p.reached_at) FROM fill_meter m WHERE m.asset = p.asset)
        END AS shown
    FROM fill_point p
    JOIN (SELECT i.id AS item, i.edition, place AS number, items, kind, low, high, options, passing, points, weight, on_fail
          FROM fill_item i WHERE kind <> 'photo') i ON i.edition = p.edition
    WHERE p.state = 'done' OR p.state = 'open' AND p.reached_at IS NOT NULL AND i.number <= i.items / 2
), judged AS (
    SELECT a.*, kind = 'check' OR kind = 'value' AND (low IS NOT NULL OR high IS NOT NULL)
        OR kind = 'choice' AND cardinality(passing) > 0 AS counts, luck < CASE weight WHEN 'minor' THEN 0.012 WHEN 'serious' THEN
            0.006
        ELSE 0.0025 END AND (kind <> 'choice' OR cardinality(passing) < cardinality(options)) AS bad
    FROM asked a
)
SELECT %(answer_base)s + row_number() OVER (ORDER BY n, stop, number) AS id, j.hospital_id, point, round, n, stop, number, item,
    kind, weight, on_fail, asset, who, CASE WHEN kind = 'meter' THEN reached ELSE at END AS at,
    CASE WHEN counts THEN NOT bad END AS passed, {VALUE} AS value,
    CASE kind WHEN 'text' THEN pg_temp.pick(ARRAY['正常', '无异常', '符合要求'], chance) WHEN 'choice' THEN pg_temp.pick(CASE
        WHEN NOT counts THEN options WHEN bad THEN ARRAY(SELECT unnest(options) EXCEPT SELECT unnest(passing)) ELSE passing END,
        chance) ELSE '' END AS text,
    CASE WHEN points > 0 AND counts THEN CASE WHEN bad THEN 0 ELSE points END END AS points, points AS full_points
FROM judged j
"""
ANSWER_COLUMNS = "id hospital_id point_id item_id passed value text points at by_id"
INSERT_ANSWERS = "SELECT id, hospital_id, point, item, passed, value, text, points, at, who FROM fill_answer"

# What failed, and what becomes of it: by rule, or as the worker chose. Each order found takes the place of one that was to be
# reported that day, at most a quarter of them.
FAULTS = """
CREATE TEMPORARY TABLE fill_fault ON COMMIT DROP AS
WITH failed AS (
    SELECT a.id AS answer, a.hospital_id, a.point, a.round, a.at, a.asset, a.who, f.who_name, f.department, f.plan_id, f.fate,
        i.number,
        p.place, i.weight, i.on_fail, i.points, a.full_points, a.value, a.text, i.ahead, i.behind, i.cited, i.service_key, f.n,
        row_number() OVER (ORDER BY a.id) AS fault, a.points AS won, COALESCE(f.unit_id, (SELECT w.id FROM fill_unit w
            JOIN fill_hospital h ON h.h = w.h WHERE h.id = a.hospital_id AND w.place = p.place)) AS unit
    FROM fill_answer a JOIN fill_point p ON p.id = a.point JOIN fill_fate f ON f.id = a.round
    JOIN (SELECT i.id, place AS number, weight, on_fail, points, ahead, behind, cited, service_key FROM fill_item i) i ON i.id =
        a.item
    WHERE a.passed = false
), wished AS (
    SELECT e.*, s.p, s.urgency, h.h, CASE WHEN fate = 'started' THEN 'ask' WHEN luck < 0.85 AND on_fail IN ('order', 'hazard')
        THEN on_fail
        WHEN on_fail <> 'ask' OR luck < 0.5 THEN 'fixed' WHEN luck < 0.82 THEN 'order' WHEN luck < 0.93 THEN 'hazard'
        WHEN at > %(until)s - interval '30 days' THEN 'ask' ELSE 'fixed' END AS wish
    FROM (SELECT f.*, pg_temp.u(fault, 400) AS luck FROM failed f) e JOIN fill_hospital h ON h.id = e.hospital_id
    LEFT JOIN LATERAL (
        SELECT s.p, s.urgency FROM fill_service s LEFT JOIN assets_asset x ON x.id = e.asset LEFT JOIN assets_kind k ON k.id =
            x.kind_id
        WHERE s.hospital = e.hospital_id AND s.p IS NOT NULL AND (s.key <> '' AND s.key = e.service_key
            OR s.key = '' AND s.department = e.department AND s.family IN ('', COALESCE(k.family, '')))
        ORDER BY s.key DESC, s.family DESC LIMIT 1) s ON true
), placed AS (
    SELECT w.*, (at AT TIME ZONE %(zone)s)::date AS day, row_number() OVER (PARTITION BY (at AT TIME ZONE %(zone)s)::date,
        wish = 'order' AND p IS NOT NULL AND unit IS NOT NULL ORDER BY at, fault) AS turn FROM wished w
)
SELECT p.*, CASE WHEN wish <> 'order' THEN wish WHEN p IS NOT NULL AND unit IS NOT NULL AND turn <= d.count / 4 THEN 'order'
    ELSE 'fixed' END AS became, d.first + turn - 1 AS order_n,
    left(ahead || CASE WHEN value IS NOT NULL THEN trim_scale(value)::text || behind ELSE text END, 80) AS title
FROM placed p LEFT JOIN fill_day d ON d.day = p.day
"""
FOUND = """
CREATE TEMPORARY TABLE fill_found ON COMMIT DROP AS
SELECT order_n AS n, h, p, f.at, f.asset, f.place, (SELECT w.i FROM fill_unit w WHERE w.h = f.h AND w.id = f.unit) AS unit, who AS
    finder,
    who_name AS finder_name, title AS found_title, fault, round AS found_round, plan.name AS found_plan,
    '巡检"' || plan.name || '"中发现。' || title || CASE WHEN cited <> '' THEN E'\n' || cited ELSE '' END AS found_text,
    CASE WHEN weight = 'dangerous' AND urgency = 'normal' THEN 'urgent' ELSE urgency END AS found_urgency
FROM fill_fault f JOIN inspections_plan plan ON plan.id = f.plan_id WHERE became = 'order'
"""
# The rounds as they stand now, with their sums.
SETTLE = """
WITH sums AS (
    SELECT round, count(*) FILTER (WHERE state IN ('done', 'open')) AS points, count(*) FILTER (WHERE state = 'done') AS done,
        count(*) FILTER (WHERE state IN ('in_use', 'not_found')) AS out, count(*) FILTER (WHERE fast AND reached_at IS NOT NULL)
            AS fast
    FROM fill_point GROUP BY round
), scores AS (SELECT round, sum(points) AS won, sum(full_points) FILTER (WHERE points IS NOT NULL) AS full FROM fill_answer GROUP
    BY round
), faults AS (SELECT round, count(*) AS found, count(*) FILTER (WHERE became = 'fixed') AS fixed FROM fill_fault GROUP BY round),
told AS (
    SELECT f.id, count(c.step) AS level FROM fill_fate f JOIN fill_climb c ON c.team = f.team_id
        AND c.what = CASE WHEN f.statutory THEN 'statutory' ELSE 'ordinary' END
        AND f.late_from + make_interval(days => c.after) < %(until)s - interval '1 hour'
    WHERE f.fate IN ('due', 'skipping') GROUP BY f.id
)
UPDATE inspections_round r SET
    state = CASE WHEN f.done_at IS NOT NULL THEN 'done' WHEN f.fate = 'assigned' THEN 'due' ELSE f.fate END,
    edition_id = CASE WHEN f.started_at IS NOT NULL THEN f.edition END, started_at = f.started_at, done_at = f.done_at,
    assignee_id = CASE WHEN f.started_at IS NOT NULL OR f.fate = 'assigned' THEN f.who END,
    done_by_id = CASE WHEN f.done_at IS NOT NULL THEN f.who END, done_name = CASE WHEN f.done_at IS NOT NULL THEN f.who_name ELSE
        '' END,
    signed_at = g.signed_at, signed_by_id = g.signer, signed_name = COALESCE(g.signer_name, ''),
    skip_reason = COALESCE(g.reason, ''), skip_note = COALESCE(g.note, ''), skip_by_id = CASE WHEN g.reason IS NOT NULL THEN f.who
        END,
    settled_by_id = CASE WHEN f.fate = 'skipped' THEN g.boss END, level = COALESCE(t.level, 0),
    points = COALESCE(s.points, 0), points_done = CASE WHEN f.done_at IS NOT NULL THEN s.done ELSE 0 END,
    not_counted = CASE WHEN f.done_at IS NOT NULL THEN s.out ELSE 0 END, too_fast = CASE WHEN f.done_at IS NOT NULL THEN s.fast
        ELSE 0 END,
    found = CASE WHEN f.done_at IS NOT NULL THEN COALESCE(x.found, 0) ELSE 0 END,
    fixed = CASE WHEN f.done_at IS NOT NULL THEN COALESCE(x.fixed, 0) ELSE 0 END,
    score = CASE WHEN f.done_at IS NOT NULL THEN c.won END, full_score = CASE WHEN f.done_at IS NOT NULL THEN c.full END
FROM fill_fate f JOIN fill_settled g ON g.id = f.id LEFT JOIN sums s ON s.round = f.id LEFT JOIN scores c ON c.round = f.id
LEFT JOIN faults x ON x.round = f.id LEFT JOIN told t ON t.id = f.id WHERE r.id = f.id
"""
# Who signed for the ward, who asked to skip and why, who approved.
SETTLED = """
CREATE TEMPORARY TABLE fill_settled ON COMMIT DROP AS
SELECT f.id, b.id AS boss, b.name AS boss_name, CASE WHEN f.fate IN ('skipped', 'skipping') THEN reason END AS reason,
    CASE WHEN f.fate IN ('skipped', 'skipping') THEN CASE reason
        WHEN 'other' THEN '科室正在进行手术,改期检查' ELSE '' END END AS note,
    CASE WHEN f.fate = 'skipped' THEN date_trunc('second', LEAST(asked_at + interval '1 hour' * (0.2 + 20 * pg_temp.u(n, 211)),
        asked_at + (%(until)s - asked_at) * 0.9)) END AS approved_at, sign.*
FROM fill_fate f JOIN fill_boss b ON b.hospital = f.hospital_id
CROSS JOIN LATERAL (SELECT pg_temp.pick(ARRAY['out_of_use', 'closed', 'firm', 'double', 'other'], pg_temp.u(n, 210)) AS reason)
    why
LEFT JOIN LATERAL (
    SELECT date_trunc('second', f.done_at + interval '1 minute' * (2 + 200 * pg_temp.u(n, 212))) AS signed_at,
        CASE WHEN f.done_at < w.changed[k] THEN w.first[k] ELSE w.second[k] END AS signer,
        CASE WHEN f.done_at < w.changed[k] THEN w.first_name[k] ELSE w.second_name[k] END AS signer_name
    FROM fill_unit w CROSS JOIN LATERAL (SELECT 1 + floor(pg_temp.u(n, 213) * w.seats)::int AS k) seat
    WHERE w.id = f.unit_id AND f.needs_signature AND f.done_at + interval '4 hours' < %(until)s AND pg_temp.u(n, 214) < 0.9
) sign ON true
"""
