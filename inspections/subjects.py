"""What a plan comes to: the assets that match it now, the place, the route. As SQL, so that thousands cost one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from assets.states import CONDEMNED, SEALED
from inspections.states import DUE, EVERY_ASSET, ONE_ASSET, PLACE, ROUTE, SETTLED, UNDONE

SPREAD = 631  # a prime: neighbours in the register come to days that lie apart
GONE = (CONDEMNED, SEALED)  # nobody inspects these

# Each plan of %(plans)s → one row for each thing inspected: the asset or none, where it stands, whose it is.
SUBJECTS = f"""
subject AS MATERIALIZED (
  SELECT p.id AS plan_id, NULL::bigint AS asset_id, p.place_id, p.unit_id FROM inspections_plan p
  WHERE p.id = ANY(%(plans)s) AND p.subject IN ('{PLACE}', '{ROUTE}')
  UNION ALL
  SELECT p.id, a.id, a.place_id, coalesce(p.unit_id, a.custodian_id) FROM inspections_plan p
  JOIN assets_asset a ON a.id = p.asset_id
  WHERE p.id = ANY(%(plans)s) AND p.subject = '{ONE_ASSET}' AND a.state <> ALL(%(gone)s)
  UNION ALL
  SELECT p.id, a.id, a.place_id, coalesce(p.unit_id, a.custodian_id) FROM inspections_plan p
  JOIN tenancy_place above ON above.id = p.place_id
  JOIN assets_asset a ON a.hospital_id = p.hospital_id AND a.kind_id = p.kind_id
  JOIN tenancy_place q ON q.id = a.place_id AND q.path >= above.path AND q.path < left(above.path, -1) || '/'
  WHERE p.id = ANY(%(plans)s) AND p.subject = '{EVERY_ASSET}' AND a.state <> ALL(%(gone)s)
)"""

FIELDS = """
hospital_id, plan_id, checklist_id, department, team_id, skill_id, place_id, asset_id, unit_id, part, by_meter, rolling,
minutes, needs_signature, statutory, due_at, opens_at, late_from, state, done_name, on_paper, signed_name, skip_reason,
skip_note, level, points, points_done, not_counted, found, fixed, too_fast"""
VALUES = f"""
p.hospital_id, p.id, p.checklist_id, p.department, p.team_id, p.skill_id, s.place_id, s.asset_id, s.unit_id, 0, {{by_meter}},
{{rolling}}, p.minutes, p.needs_signature, p.statutory, d.due_at, d.due_at - p.opens_before * interval '1 hour',
d.due_at + p.grace * interval '1 hour', '{DUE}', '', false, '', '', '', 0, 0, 0, 0, 0, 0, 0"""

# The constraints are the lock: what somebody else has made is left alone, whoever comes first.
ON_DATES = f"""
WITH {SUBJECTS},
d AS (SELECT * FROM unnest(%(ids)s::bigint[], %(groups)s::int[], %(due)s::timestamptz[], %(since)s::timestamptz[],
  %(until)s::timestamptz[]) AS d (plan_id, part_of, due_at, day_from, day_until)),
next AS (SELECT plan_id, part_of, min(coalesce(day_from, due_at)) AS since,
  min(coalesce(day_until, due_at + interval '1 second')) AS until FROM d GROUP BY plan_id, part_of)
INSERT INTO inspections_round ({FIELDS})
SELECT {VALUES.format(by_meter="false", rolling="false")}
FROM d JOIN next USING (plan_id, part_of) JOIN inspections_plan p ON p.id = d.plan_id
JOIN subject s ON s.plan_id = p.id AND (p.spread_days = 0
  OR coalesce(s.asset_id * {SPREAD} %% p.spread_days, 0) = d.part_of)
WHERE NOT EXISTS (SELECT FROM inspections_round r WHERE r.plan_id = p.id AND r.asset_id IS NOT DISTINCT FROM s.asset_id
  AND r.part = 0 AND r.due_at >= d.day_from AND r.due_at < d.day_until) {{newcomers}}
ON CONFLICT DO NOTHING"""
# Who has no round at the first date ahead: an asset that was bought, moved in, or taken back into use.
NEWCOMERS = """
AND NOT EXISTS (SELECT FROM inspections_round r WHERE r.plan_id = p.id AND r.asset_id IS NOT DISTINCT FROM s.asset_id
  AND r.part = 0 AND r.due_at >= next.since AND r.due_at < next.until)"""

ONE_EACH = f"""
WITH {SUBJECTS},
d AS (SELECT * FROM unnest(%(ids)s::bigint[], %(assets)s::bigint[], %(due)s::timestamptz[], %(by_meter)s::bool[])
  AS d (plan_id, asset_id, due_at, by_meter))
INSERT INTO inspections_round ({FIELDS})
SELECT {VALUES.format(by_meter="d.by_meter", rolling="true")}
FROM d JOIN inspections_plan p ON p.id = d.plan_id
JOIN subject s ON s.plan_id = p.id AND s.asset_id IS NOT DISTINCT FROM d.asset_id
ON CONFLICT DO NOTHING"""

UNTOUCHED = f"r.state = '{DUE}' AND r.part = 0 AND r.assignee_id IS NULL AND r.due_at > %(now)s"
LEFT = f"""
WITH {SUBJECTS}
DELETE FROM inspections_round r WHERE r.plan_id = ANY(%(plans)s) AND r.asset_id IS NOT NULL AND {UNTOUCHED}
AND NOT EXISTS (SELECT FROM subject s WHERE s.plan_id = r.plan_id AND s.asset_id = r.asset_id)"""
MOVED = f"""
WITH {SUBJECTS}
UPDATE inspections_round r SET place_id = s.place_id, unit_id = s.unit_id FROM subject s
WHERE s.plan_id = r.plan_id AND s.asset_id = r.asset_id AND r.plan_id = ANY(%(plans)s) AND {UNTOUCHED}
AND (r.place_id, r.unit_id) IS DISTINCT FROM (s.place_id, s.unit_id)"""

# Things whose plan waits for the next one: nothing of it is open. And when it was last settled, done or skipped.
WAITING = f"""
WITH {SUBJECTS}
SELECT s.plan_id, s.asset_id, last.at FROM subject s
LEFT JOIN LATERAL (SELECT max(coalesce(r.done_at, r.due_at)) AS at FROM inspections_round r WHERE r.plan_id = s.plan_id
  AND r.asset_id IS NOT DISTINCT FROM s.asset_id AND r.state = ANY(%(settled)s)) last ON true
WHERE %(anyway)s OR NOT EXISTS (SELECT FROM inspections_round r WHERE r.plan_id = s.plan_id
  AND r.asset_id IS NOT DISTINCT FROM s.asset_id AND r.state = ANY(%(undone)s))"""


@dataclass(frozen=True)
class Date:
    """A date of a plan: for which share of its assets, when, and the day that one round of theirs covers."""

    plan: int
    group: int
    due_at: datetime
    day: tuple[datetime | None, datetime | None] = (None, None)


def _run(sql: str, **values: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"gone": list(GONE), **values})
        return int(cursor.rowcount)


def enter(plans: Iterable[int], dates: Sequence[Date], newcomers: bool = False) -> int:
    """Make the rounds of these dates that are not there; `newcomers`: only of assets that lack the first of them."""
    if not dates:
        return 0
    return _run(
        ON_DATES.format(newcomers=NEWCOMERS if newcomers else ""),
        plans=list(plans),
        ids=[date.plan for date in dates],
        groups=[date.group for date in dates],
        due=[date.due_at for date in dates],
        since=[date.day[0] for date in dates],
        until=[date.day[1] for date in dates],
    )


def enter_one_each(rows: Sequence[tuple[int, int | None, datetime, bool]]) -> int:
    """Make the next round of (plan, asset, due, by its meter); one that is there, or still open, stays the only one."""
    if not rows:
        return 0
    ids, assets, due, by_meter = (list(column) for column in zip(*rows, strict=True))
    return _run(ONE_EACH, plans=sorted(set(ids)), ids=ids, assets=assets, due=due, by_meter=by_meter)


def leave(plans: Iterable[int], now: datetime) -> int:
    """Take away untouched rounds ahead of assets that no longer match, and lay those that moved at their new place."""
    plans = list(plans)
    return _run(LEFT, plans=plans, now=now) + _run(MOVED, plans=plans, now=now)


def waiting(plans: Iterable[int], *, anyway: bool = False) -> list[tuple[int, int | None, datetime | None]]:
    """(plan, asset, last settled) of everything that has no round open; `anyway`: of everything."""
    with connection.cursor() as cursor:
        values: dict[str, Any] = {"plans": list(plans), "gone": list(GONE), "anyway": anyway}
        values |= {"undone": list(UNDONE), "settled": list(SETTLED)}
        cursor.execute(WAITING, values)
        return list(cursor.fetchall())


def counts(plans: Iterable[int]) -> dict[int, int]:
    """plan → how many rounds each of its dates makes now."""
    with connection.cursor() as cursor:
        sql = f"WITH {SUBJECTS} SELECT plan_id, count(*) FROM subject GROUP BY plan_id"
        cursor.execute(sql, {"plans": list(plans), "gone": list(GONE)})
        return dict(cursor.fetchall())
