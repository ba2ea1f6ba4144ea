"""How the equipment stood at the end of each day, told by its spans: what was registered, what kept it from being intact.

A day is judged at 24:00: what broke and was repaired on the same day does no harm, what is out of order over midnight does,
and so does a legal duty whose last day is over. Spans are clipped to the days asked for; nothing is laid out by machine and day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.utils import timezone

from kpi.written import Written

# Days as half-open spans [first, until). Registered: in use, on stand-by or out of order; not sealed, not condemned.
ASKED = """
asked AS (
    SELECT (%s::timestamptz AT TIME ZONE %s)::date AS first, (%s::timestamptz AT TIME ZONE %s)::date AS until, %s::text AS zone
),
spans AS (
    SELECT s.hospital_id, s.department, s.asset_id, s.place_id, s.custodian_id, s.state,
           greatest((s.began_at AT TIME ZONE a.zone)::date, a.first) AS first,
           least((s.ended_at AT TIME ZONE a.zone)::date, a.until) AS until
    FROM asked a CROSS JOIN assets_assetstate s
    WHERE s.state IN ('in_use', 'standby', 'broken') AND s.began_at < %s AND (s.ended_at IS NULL OR s.ended_at >= %s)
)
"""
# What keeps a machine from being intact: a fault, or a duty from the day after its last day until the next term begins.
FAULTS = """
terms AS (
    SELECT hospital_id, duty_id, max(valid_until) OVER w + 1 AS over, lead(valid_from) OVER w AS renewed
    FROM assets_dutyterm WINDOW w AS (PARTITION BY hospital_id, duty_id ORDER BY valid_from)
),
faults AS (
    SELECT d.hospital_id, d.asset_id, greatest((d.began_at AT TIME ZONE a.zone)::date, a.first) AS first,
           least((d.ended_at AT TIME ZONE a.zone)::date, a.until) AS until
    FROM asked a CROSS JOIN assets_downtime d WHERE NOT d.planned
    UNION ALL
    SELECT t.hospital_id, d.asset_id, greatest(t.over, a.first), least(t.renewed, a.until)
    FROM asked a CROSS JOIN terms t JOIN assets_assetduty d ON d.id = t.duty_id WHERE t.renewed IS NULL OR t.renewed > t.over
)
"""
OFF = """
off AS (
    SELECT hospital_id, asset_id, range_agg(daterange(first, until)) AS days FROM faults WHERE first < until
    GROUP BY hospital_id, asset_id
)
"""
# A day registered for every day of a span; intact are those without a fault, most of them at once.
MACHINE_DAYS = """
pieces AS (
    SELECT s.hospital_id, s.department, s.asset_id, s.place_id, s.custodian_id, piece.*
    FROM spans s LEFT JOIN off o ON o.hospital_id = s.hospital_id AND o.asset_id = s.asset_id CROSS JOIN LATERAL (
        SELECT s.first, s.until, (s.state <> 'broken' AND o.days IS NULL)::int AS numerator, 1 AS denominator
        UNION ALL
        SELECT lower(good), upper(good), 1, 0
        FROM unnest(datemultirange(daterange(s.first, s.until)) - o.days) good WHERE s.state <> 'broken' AND o.days IS NOT NULL
    ) piece WHERE s.first < s.until
)
"""


def _asked(start: datetime, end: datetime) -> tuple[Any, ...]:
    zone = timezone.get_current_timezone_name()
    return start, zone, end, zone, zone, end, start


def machine_days(start: datetime, end: datetime) -> Written:
    """Days on which equipment was registered, and of them those on which it was intact."""
    return Written(f"{ASKED}, {FAULTS}, {OFF}, {MACHINE_DAYS}", _asked(start, end))


def lacking(start: datetime, end: datetime, conditions: str, params: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """The assets that were not intact at the end of a day; `conditions` narrow `s`, the span it stood in, and `p`, its place."""
    sql = f"""
        WITH {ASKED}, {FAULTS} SELECT s.asset_id FROM spans s JOIN tenancy_place p ON p.id = s.place_id
        WHERE s.first < s.until AND (s.state = 'broken' OR EXISTS (
            SELECT FROM faults f WHERE f.hospital_id = s.hospital_id AND f.asset_id = s.asset_id
            AND f.first < f.until AND f.first < s.until AND s.first < f.until
        )) AND {conditions}
    """
    return sql, (*_asked(start, end), *params)


DAYS = "generate_series({of}.first::timestamp, {of}.until::timestamp - interval '1 day', interval '1 day')"
PARTS = {"unit": "s.custodian_id", "place": "s.place_id, p.path AS place_path"}
# Dated duties at the end of each month, and today: whether one is fulfilled is a matter of a moment, not of days.
AT_THE_END = f"""
days AS (
    SELECT d::date AS day FROM asked a CROSS JOIN LATERAL {DAYS.format(of="a")} d
    WHERE d = date_trunc('month', d) + interval '1 month - 1 day' OR d::date = %s
),
duties AS (
    SELECT t.hospital_id, d.asset_id, t.duty_id, days.day, bool_or(days.day <= t.valid_until) AS valid
    FROM days JOIN assets_dutyterm t ON t.valid_from <= days.day JOIN assets_assetduty d ON d.id = t.duty_id
    GROUP BY t.hospital_id, d.asset_id, t.duty_id, days.day
)
"""
OBLIGED = """
FROM duties f JOIN spans s ON s.hospital_id = f.hospital_id AND s.asset_id = f.asset_id AND f.day >= s.first AND f.day < s.until
"""
VALID = "count(*) FILTER (WHERE f.valid)"


def _parts(kinds: Collection[str] | None) -> tuple[str, str, str]:
    """The columns of these kinds, what is joined for them, and by what is grouped."""
    wanted = [kind for kind in PARTS if kinds is None or kind in kinds]
    columns = "".join(f", {PARTS[kind]}" for kind in wanted)
    joined = " JOIN tenancy_place p ON p.id = s.place_id" if "place" in wanted else ""
    return columns, joined, columns.replace(" AS place_path", "")


def statutory(start: datetime, end: datetime, kinds: Collection[str] | None = None) -> Written:
    """Duties fulfilled out of all duties of registered equipment, at the end of each month; of the running one today."""
    columns, joined, grouped = _parts(kinds)
    sql = (
        f"WITH {ASKED}, {AT_THE_END} SELECT s.hospital_id, s.department, f.day{columns}, {VALID} AS numerator,"
        f" count(*) AS denominator {OBLIGED}{joined} GROUP BY s.hospital_id, s.department, f.day{grouped}"
    )
    return Written(sql, (*_asked(start, end), timezone.localdate()))


def statutory_of_assets(hospital_id: int, start: datetime, end: datetime) -> Written:
    """The same asset by asset."""
    sql = (
        f"WITH {ASKED}, {AT_THE_END} SELECT s.asset_id AS pk, {VALID}::numeric AS above, count(*)::numeric AS below {OBLIGED}"
        " WHERE s.hospital_id = %s GROUP BY s.asset_id"
    )
    return Written(sql, (*_asked(start, end), timezone.localdate(), hospital_id))


def expired(start: datetime, end: datetime, conditions: str, params: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """The assets of which a duty was not fulfilled at the end of a month."""
    sql = (
        f"WITH {ASKED}, {AT_THE_END} SELECT s.asset_id {OBLIGED} JOIN tenancy_place p ON p.id = s.place_id"
        f" WHERE NOT f.valid AND {conditions}"
    )
    return sql, (*_asked(start, end), timezone.localdate(), *params)


# Seconds in use, of days that are over (each has 24 hours: China puts no clocks back), and what went out of order on them.
OVER = "over AS (SELECT first, least(until, %s) AS until, zone FROM asked)"
RAN = """
pieces AS (
    SELECT s.hospital_id, s.department, s.asset_id, s.place_id, s.custodian_id, piece.*, 0 AS denominator
    FROM over a CROSS JOIN assets_assetstate s
    CROSS JOIN LATERAL (SELECT (s.began_at AT TIME ZONE a.zone)::date AS began, (s.ended_at AT TIME ZONE a.zone)::date AS ended) d
    CROSS JOIN LATERAL (
        SELECT d.began AS first, d.began + 1 AS until,
               floor(extract(epoch FROM least(s.ended_at, (d.began + 1)::timestamp AT TIME ZONE a.zone) - s.began_at))
                   AS numerator
        WHERE d.began >= a.first AND d.began < a.until
        UNION ALL
        SELECT greatest(d.began + 1, a.first), least(d.ended, a.until), 86400
        UNION ALL
        SELECT d.ended, d.ended + 1, floor(extract(epoch FROM s.ended_at - d.ended::timestamp AT TIME ZONE a.zone))
        WHERE d.ended > d.began AND d.ended >= a.first AND d.ended < a.until
    ) piece WHERE s.state = 'in_use' AND s.began_at < a.until::timestamp AT TIME ZONE a.zone
        AND (s.ended_at IS NULL OR s.ended_at >= a.first::timestamp AT TIME ZONE a.zone) AND piece.first < piece.until
    UNION ALL
    SELECT s.hospital_id, s.department, s.asset_id, s.place_id, s.custodian_id, (d.began_at AT TIME ZONE a.zone)::date,
           (d.began_at AT TIME ZONE a.zone)::date + 1, 0, 1
    FROM over a JOIN assets_downtime d ON d.began_at >= a.first::timestamp AT TIME ZONE a.zone
        AND d.began_at < a.until::timestamp AT TIME ZONE a.zone
    JOIN assets_assetstate s ON s.hospital_id = d.hospital_id AND s.asset_id = d.asset_id AND s.began_at <= d.began_at
        AND (s.ended_at IS NULL OR s.ended_at > d.began_at)
    WHERE NOT d.planned AND s.state IN ('in_use', 'standby', 'broken')
)
"""


def between_failures(start: datetime, end: datetime) -> Written:
    """Seconds in use, and how often equipment went out of order, of days that are over."""
    return Written(f"{ASKED}, {OVER}, {RAN}", (*_asked(start, end), timezone.localdate()))


def failed(start: datetime, end: datetime, conditions: str, params: Collection[Any]) -> tuple[str, tuple[Any, ...]]:
    """The assets that went out of order."""
    sql = (
        f"WITH {ASKED}, {OVER}, {RAN} SELECT s.asset_id FROM pieces s JOIN tenancy_place p ON p.id = s.place_id"
        f" WHERE s.denominator > 0 AND {conditions}"
    )
    return sql, (*_asked(start, end), timezone.localdate(), *params)
