"""K3's floor: all figures that are measured, by SQL written by hand for one table; it shares nothing with `kpi/`.

By hospital, day and department, as a whole and by part; for all hospitals at once, without a wall, index, check or comparison.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

TABLE = """
CREATE TABLE bench_figure (
    hospital_id bigint, kpi text, day date, department text, kind text, ref bigint, path text,
    numerator numeric, denominator numeric
)
"""
SUM = """
INSERT INTO bench_figure
SELECT h, v.kpi, coalesce(day, part_day), department, kind, ref, coalesce(path, ''), v.numerator, v.denominator FROM (
    SELECT h, day, {part_day}, department, {path}, {sums},
           CASE {grouping} {kinds} ELSE '' END AS kind, CASE {grouping} {refs} ELSE 0 END AS ref
    FROM ({facts}) f GROUP BY GROUPING SETS ((h, day, department){sets})
) g CROSS JOIN LATERAL (VALUES {values}) AS v (kpi, numerator, denominator, counted) WHERE counted > 0 AND ref IS NOT NULL
"""
ORDER_PARTS = {
    "unit": "unit_id", "service": "service_id", "team": "team_id", "place": "place_id", "contractor": "contractor_id",
    "person": "assignee_id",
}  # fmt: skip
ROUND_PARTS = {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "done_by_id"}
HAZARD_PARTS = {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "responsible_id"}

LIVED = "o.channel <> 'import'"
HELD = "(o.state = 'waiting' AND NOT o.clock_runs_on)"
COMPLAINT = "s.internal AND s.key LIKE '%%.work_complaint' AND o.state <> 'cancelled'"
ASKED = f"{LIVED} AND s.needs_signature"
SECONDS = "extract(epoch FROM {} - o.reported_at)::bigint"
ORDERS = """
FROM workorders_workorder o JOIN workorders_service s ON s.id = o.service_id JOIN tenancy_place p ON p.id = o.place_id
CROSS JOIN LATERAL (SELECT round(
    (coalesce(attitude, 0) + coalesce(skill, 0) + coalesce(speed, 0))::numeric
    / nullif((attitude IS NOT NULL)::int + (skill IS NOT NULL)::int + (speed IS NOT NULL)::int, 0), 4) AS stars) m
"""
ROUNDS = """
FROM inspections_round o JOIN inspections_checklist c ON c.id = o.checklist_id JOIN inspections_plan pl ON pl.id = o.plan_id
JOIN tenancy_place p ON p.id = o.place_id
"""
HAZARDS = "FROM hazards_hazard o JOIN tenancy_place p ON p.id = o.place_id"
REPEATED = """EXISTS (
    SELECT FROM workorders_workorder b WHERE b.asset_id = o.asset_id AND b.service_id = o.service_id AND b.state <> 'cancelled'
    AND b.finished_at < o.reported_at AND b.finished_at >= o.reported_at - interval '30 days')"""
IN_WINDOW = "(o.state = 'done' AND o.done_at < o.late_from)"
DUE = "o.state NOT IN ('dropped', 'skipped') AND o.late_from <= now()"
PATROL = "o.department = 'security' AND (c.key IN ('security.fire_patrol', 'security.leaving') OR pl.subject = 'route')"
COMPLETE = f"{IN_WINDOW} AND o.points_done = o.points"
NIGHT = "extract(hour FROM o.due_at AT TIME ZONE 'Asia/Shanghai') NOT BETWEEN 6 AND 21"
LIFT = "c.key = 'maintenance.lift' AND o.state = 'done' AND o.part = 0"
BEFORE = """(
    SELECT max(b.done_at) FROM inspections_round b JOIN inspections_checklist bc ON bc.id = b.checklist_id
    WHERE b.asset_id = o.asset_id AND bc.key = 'maintenance.lift' AND b.state = 'done' AND b.part = 0 AND b.done_at < o.done_at
)"""
REAL = "o.state <> 'void'"
RECTIFIED = "((o.rectified_at AT TIME ZONE 'Asia/Shanghai')::date <= o.due_on AND o.reopened = 0)"
HANDED_IN = """((o.handed_in_at AT TIME ZONE 'Asia/Shanghai')::date <= o.due_on AND o.times_returned = 0
    AND cardinality(o.unknown) = 0)"""

# Equipment, day by day: the state at 24:00, with what was at fault then, and what the law wanted at the end of a month.
SHIFT_PARTS = {"team": "team_id", "contractor": "contractor_id", "person": "person_id"}
ASSET_PARTS = {"unit": "custodian_id", "place": "place_id"}
LOCAL = "({} AT TIME ZONE 'Asia/Shanghai')"
FIRST, END = (f"date_trunc('day', {LOCAL.format(f'%({name})s::timestamptz')})" for name in ("first", "end"))


# Spans of days that each add the same, clipped to the days asked for: machine-days registered and intact; seconds in use.
CLIPPED = f"""
    SELECT s.*, greatest({LOCAL.format("began_at")}::date, {FIRST}::date) AS since,
           least({LOCAL.format("ended_at")}::date, {END}::date) AS until
    FROM assets_assetstate s
    WHERE state IN ('in_use', 'standby', 'broken') AND began_at < %(end)s AND coalesce(ended_at, 'infinity') >= %(first)s
"""
MACHINE_DAYS = f"""
off AS (
    SELECT asset_id, range_agg(daterange(since, until)) AS days FROM (
        SELECT asset_id, greatest({LOCAL.format("began_at")}::date, {FIRST}::date) AS since,
               least({LOCAL.format("ended_at")}::date, {END}::date) AS until
        FROM assets_downtime WHERE NOT planned
        UNION ALL
        SELECT d.asset_id, greatest(last + 1, {FIRST}::date), least(next, {END}::date) FROM (
            SELECT duty_id, max(valid_until) OVER w AS last, lead(valid_from) OVER w AS next
            FROM assets_dutyterm WINDOW w AS (PARTITION BY duty_id ORDER BY valid_from)
        ) t JOIN assets_assetduty d ON d.id = t.duty_id WHERE coalesce(next, 'infinity') > last
    ) x WHERE since < until GROUP BY asset_id
),
pieces AS (
    SELECT s.hospital_id, s.department, s.place_id, s.custodian_id, v.* FROM ({CLIPPED}) s LEFT JOIN off USING (asset_id)
    CROSS JOIN LATERAL (
        SELECT s.since, s.until, 0 AS above, 1 AS below UNION ALL SELECT lower(g), upper(g), 1, 0
        FROM unnest(multirange(daterange(s.since, s.until)) - coalesce(off.days, '{{}}')) g WHERE s.state <> 'broken'
    ) v WHERE s.since < s.until
)
"""
RUNNING = f"""
pieces AS (
    SELECT s.hospital_id, s.department, s.place_id, s.custodian_id, v.*, 0 AS below
    FROM (SELECT *, {LOCAL.format("began_at")} AS b, {LOCAL.format("ended_at")} AS e FROM ({CLIPPED}) c WHERE state = 'in_use') s
    CROSS JOIN LATERAL (
        SELECT b::date AS since, b::date + 1 AS until, floor(extract(epoch FROM least(e, b::date + 1) - b)) AS above
        UNION ALL SELECT greatest(b::date + 1, {FIRST}::date), s.until, 86400
        UNION ALL SELECT e::date, e::date + 1, floor(extract(epoch FROM e - e::date)) WHERE e::date > b::date
    ) v WHERE v.since >= {FIRST} AND v.since < {END} AND v.since < v.until
    UNION ALL
    SELECT s.hospital_id, s.department, s.place_id, s.custodian_id, {LOCAL.format("f.began_at")}::date,
           {LOCAL.format("f.began_at")}::date + 1, 0, 1
    FROM assets_downtime f JOIN assets_assetstate s ON s.asset_id = f.asset_id AND s.began_at <= f.began_at
        AND coalesce(s.ended_at, 'infinity') > f.began_at
    WHERE NOT f.planned AND s.state IN ('in_use', 'standby', 'broken') AND f.began_at >= %(first)s AND f.began_at < %(end)s
)
"""
# As a whole by day, added up from where spans begin and are over; by part by month.
BY_DAY = """
INSERT INTO bench_figure
WITH {pieces}, turns AS (
    SELECT hospital_id, department, at, sum(above) AS above, sum(below) AS below FROM (
        SELECT hospital_id, department, since AS at, above, below FROM pieces
        UNION ALL SELECT hospital_id, department, until, -above, -below FROM pieces
    ) t GROUP BY hospital_id, department, at
)
SELECT hospital_id, '{key}', d, department, '', 0, '', above, below FROM (
    SELECT hospital_id, department, at, lead(at) OVER w AS next, sum(above) OVER w AS above, sum(below) OVER w AS below
    FROM turns WINDOW w AS (PARTITION BY hospital_id, department ORDER BY at)
) t CROSS JOIN LATERAL generate_series(at, next - interval '1 day', interval '1 day') d WHERE above <> 0 OR below <> 0
"""
BY_MONTH = """
INSERT INTO bench_figure
WITH {pieces}
SELECT hospital_id, '{key}', m, department, kind, ref, coalesce(min(part), ''), sum(above * days), sum(below * days) FROM (
    SELECT o.*, m, p.path, least(until, (m + interval '1 month')::date) - greatest(since, m::date) AS days
    FROM pieces o JOIN tenancy_place p ON p.id = o.place_id CROSS JOIN LATERAL generate_series(
        date_trunc('month', since), until - interval '1 day', interval '1 month') m
) o CROSS JOIN LATERAL (VALUES ('unit', custodian_id, ''), ('place', place_id, path)) v (kind, ref, part)
WHERE ref IS NOT NULL GROUP BY hospital_id, m, department, kind, ref HAVING sum(above) <> 0 OR sum(below) <> 0
"""
SPANS = {"assets.intact_days": MACHINE_DAYS, "assets.time_between_failures": RUNNING}
DUTIES = f"""
FROM (
    SELECT s.*, day AT TIME ZONE 'Asia/Shanghai' AS at, t.valid
    FROM generate_series({FIRST}, {END} - interval '1 day', interval '1 day') day
    CROSS JOIN LATERAL (
        SELECT d.asset_id, bool_or(t.valid_until >= day) AS valid FROM assets_dutyterm t
        JOIN assets_assetduty d ON d.id = t.duty_id WHERE t.valid_from <= day GROUP BY d.id
    ) t
    JOIN assets_assetstate s ON s.asset_id = t.asset_id AND s.state IN ('in_use', 'standby', 'broken')
        AND s.began_at < (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai'
        AND (s.ended_at IS NULL OR s.ended_at >= (day + interval '1 day') AT TIME ZONE 'Asia/Shanghai')
    WHERE extract(day FROM day + interval '1 day') = 1
) o JOIN tenancy_place p ON p.id = o.place_id
"""

# what decides the day → parts, tables, and of each figure: when a record counts, what it adds, is it a ratio
Figure = tuple[str, str, str, bool]
PASSES: list[tuple[str, dict[str, str], str, list[Figure]]] = [
    ("o.at", ASSET_PARTS, DUTIES, [("assets.statutory", "true", "o.valid::int", True)]),
    ("o.worked_on::timestamp AT TIME ZONE 'Asia/Shanghai'", SHIFT_PARTS, "FROM people_workedshift o", [
        ("people.certified", "true", "o.certified::int", True),
    ]),
    ("o.reported_at", ORDER_PARTS, ORDERS, [
        ("workorders.received", "true", "1", False),
        *((f"workorders.waiting_{why}", f"o.state = 'waiting' AND o.waiting_reason = '{why}'", "1", False)
          for why in ("material", "outside", "access", "requester")),
        ("workorders.response", f"{LIVED} AND o.responded_at IS NOT NULL", SECONDS.format("o.responded_at"), True),
        ("workorders.response_on_time", f"{LIVED} AND o.state <> 'cancelled' AND o.respond_by <= now()",
         "coalesce((o.responded_at <= o.respond_by)::int, 0)", True),
        ("workorders.complaints", COMPLAINT, "1", False),
    ]),
    ("o.due_at", ORDER_PARTS, ORDERS, [
        ("workorders.on_time", f"{LIVED} AND o.state <> 'cancelled' AND NOT {HELD} AND o.due_at <= now()",
         "coalesce((o.finished_at <= o.due_at AND o.returned = 0)::int, 0)", True),
        ("workorders.complaint_reply", f"{COMPLAINT} AND NOT {HELD} AND o.due_at <= now()",
         "coalesce((o.finished_at <= o.due_at)::int, 0)", True),
    ]),
    ("coalesce(o.signed_at, o.closed_at)", ORDER_PARTS, ORDERS, [
        ("workorders.signed", f"{ASKED} AND (o.signed_at IS NOT NULL OR o.state = 'closed')",
         "(o.signed_at IS NOT NULL)::int", True),
    ]),
    ("o.finished_at", ORDER_PARTS, ORDERS, [
        ("workorders.done", "true", "1", False),
        ("workorders.cost", "true", "o.cost", True),
        ("workorders.repair", LIVED, f"{SECONDS.format('o.finished_at')} - o.waited_seconds", True),
        ("workorders.rework", LIVED, "(o.returned > 0)::int", True),
        ("workorders.first_time_fix", LIVED, "(o.returned = 0 AND o.waited_seconds = 0)::int", True),
        ("workorders.answered", ASKED, "(m.stars IS NOT NULL)::int", True),
        ("workorders.stars", f"{ASKED} AND m.stars IS NOT NULL", "m.stars", True),
        ("workorders.satisfied", f"{ASKED} AND m.stars IS NOT NULL", "(m.stars >= 4)::int", True),
        ("workorders.repeat_30", f"{LIVED} AND o.asset_id IS NOT NULL", f"({REPEATED})::int", True),
        ("maintenance.restore", f"{LIVED} AND o.asset_id IS NOT NULL AND o.department = 'maintenance'",
         SECONDS.format("o.finished_at"), True),
    ]),
    ("o.due_at", ROUND_PARTS, ROUNDS, [
        ("inspections.planned", "o.state <> 'dropped'", "1", False),
        ("inspections.skipped", "o.state = 'skipped'", "1", False),
        ("inspections.missed", "o.state IN ('due', 'started', 'skipping') AND o.late_from <= now()", "1", False),
        ("inspections.in_window", DUE, f"{IN_WINDOW}::int", True),
        ("maintenance.qualified", f"{DUE} AND o.department = 'maintenance'",
         f"({IN_WINDOW} AND o.found <= o.fixed AND (NOT o.needs_signature OR o.signed_at IS NOT NULL))::int", True),
        ("cleaning.planned", f"{DUE} AND o.department = 'cleaning'", f"{IN_WINDOW}::int", True),
        ("security.patrol", f"{DUE} AND {PATROL}", f"({COMPLETE})::int", True),
        ("security.night_patrol", f"{DUE} AND {PATROL} AND {NIGHT}", f"({COMPLETE})::int", True),
    ]),
    ("o.done_at", ROUND_PARTS, ROUNDS, [
        ("inspections.done", "o.state = 'done'", "1", False),
        ("inspections.found", "o.state = 'done'", "o.found", False),
        ("inspections.fixed", "o.state = 'done'", "o.fixed", False),
        ("inspections.qualified", "o.state = 'done'", "(o.found <= o.fixed)::int", True),
        ("security.fire_fit", "o.state = 'done' AND c.key IN ('security.fire_monthly', 'security.fire_yearly')",
         "(o.found = 0)::int", True),
        ("maintenance.lift_interval", f"{LIFT} AND {BEFORE} IS NOT NULL",
         f"((o.done_at AT TIME ZONE 'Asia/Shanghai')::date - ({BEFORE} AT TIME ZONE 'Asia/Shanghai')::date <= 15)::int", True),
    ]),
    ("o.found_at", HAZARD_PARTS, HAZARDS, [
        ("hazards.found", REAL, "1", False),
        ("hazards.by_rounds", REAL, "(o.source = 'round')::int", True),
        ("hazards.reopened", REAL, "(o.reopened > 0)::int", True),
    ]),
    ("o.due_on::timestamp AT TIME ZONE 'Asia/Shanghai'", {}, "FROM indicators_returndue o", [
        ("indicators.returns_in_time", "o.due_on < current_date", f"coalesce({HANDED_IN}::int, 0)", True),
    ]),
    ("o.decided_at", {}, "FROM assessment_appeal o", [
        ("assessment.appeals_upheld", "o.state IN ('upheld', 'rejected')", "(o.state = 'upheld')::int", True),
    ]),
    ("o.due_on::timestamp AT TIME ZONE 'Asia/Shanghai'", {"person": "owner_id"}, "FROM assessment_action o", [
        ("assessment.actions_in_time", "o.kind = 'corrective' AND o.state <> 'dropped' AND o.due_on < current_date",
         "coalesce(((o.done_at AT TIME ZONE 'Asia/Shanghai')::date <= o.due_on)::int, 0)", True),
    ]),
    ("o.due_on::timestamp AT TIME ZONE 'Asia/Shanghai'", HAZARD_PARTS, HAZARDS, [
        ("hazards.in_time", f"{REAL} AND o.due_on < current_date", f"coalesce({RECTIFIED}::int, 0)", True),
        ("hazards.major_in_time", f"{REAL} AND o.grade = 'major' AND o.due_on < current_date",
         f"coalesce({RECTIFIED}::int, 0)", True),
    ]),
]  # fmt: skip


def statement(at: str, parts: dict[str, str], tables: str, figures: list[Figure], each: str) -> str:
    """The figures of one pass, as a whole by day, by part by day or month."""
    columns = list(parts.values())
    department = "o.department" if columns else "''::text AS department"  # what has no parts belongs to none
    placed = "place_id" in columns
    masks = {column: 2 ** len(columns) - 1 - 2 ** (len(columns) - 1 - n) for n, column in enumerate(columns)}
    adds = ", ".join(f"CASE WHEN {when} THEN {what} END AS n{n}" for n, (_k, when, what, _r) in enumerate(figures))
    seen = ["p.path"] * placed + [f"o.{column}" for column in columns]
    facts = (
        f"SELECT o.hospital_id AS h, ({at} AT TIME ZONE 'Asia/Shanghai')::date AS day,"
        f" date_trunc('{each}', {at} AT TIME ZONE 'Asia/Shanghai')::date AS part_day,"
        f" {', '.join([department, *seen, adds])} {tables} WHERE {at} >= %(first)s AND {at} < %(end)s"
    )
    return SUM.format(
        facts=facts,
        sums=", ".join(f"sum(n{n})::numeric AS s{n}, count(n{n}) AS c{n}" for n in range(len(figures))),
        part_day="part_day" if columns else "NULL::date AS part_day",
        path="path" if placed else "NULL::text AS path",
        grouping=f"GROUPING({', '.join(columns or ['h'])})",
        kinds=" ".join(f"WHEN {masks[column]} THEN '{kind}'" for kind, column in parts.items()) or "WHEN 1 THEN ''",
        refs=" ".join(f"WHEN {masks[column]} THEN {column}" for column in columns) or "WHEN 1 THEN 0",
        sets="".join(f", (h, part_day, department, {c}{', path' * (c == 'place_id')})" for c in columns),
        values=", ".join(
            f"('{key}', s{n}, {f'c{n}' if ratio else 'NULL'}::numeric, c{n})"
            for n, (key, _w, _a, ratio) in enumerate(figures)
        ),
    )


def fill(cursor: Any, first: date, end: date, fine: date) -> int:
    """All figures of these days into the table; answers how many rows. Parts are kept by month before the day `fine`."""
    count = 0
    after = ((end - timedelta(days=1)).replace(day=28) + timedelta(days=4)).replace(day=1)
    old, young = (first.replace(day=1), min(after, fine), "month"), (max(first, fine), end, "day")
    for since, until, each in [old] * (first < fine) + [young] * (fine < end):
        for one in PASSES:
            cursor.execute(statement(*one, each), asked(since, until))
            count += cursor.rowcount
    for key, pieces in SPANS.items():
        for kept, since in ((BY_DAY, first), (BY_MONTH, first.replace(day=1))):
            cursor.execute(kept.format(key=key, pieces=pieces), asked(since, end))
            count += cursor.rowcount
    return count


def asked(first: date, end: date) -> dict[str, str]:
    return {"first": f"{first} 00:00+08", "end": f"{end} 00:00+08"}
