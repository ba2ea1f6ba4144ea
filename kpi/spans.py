"""Figures told by spans of days: on each day of a span the same is added to both sums, as machine-days do.

What is equal for weeks on end is never laid out machine by machine and day by day: a span counts where it begins and where it
is over, and the sums in between follow. As a whole such a figure is kept by day; by its parts by month, since every place and
every day would be a row that says what the one before it said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kpi.days import midnight
from kpi.written import Written

# Spans to days: what begins and what ends, day by day, added up from the first on.
BY_DAY = """
WITH {pieces}, turns AS (
    SELECT f.hospital_id, f.department{columns}, t.day, sum(t.numerator) AS numerator, sum(t.denominator) AS denominator
    FROM pieces f{joined} CROSS JOIN LATERAL (
        VALUES (f.first, f.numerator, f.denominator), (f.until, -f.numerator, -f.denominator)
    ) t (day, numerator, denominator) GROUP BY f.hospital_id, f.department{grouped}, t.day
),
level AS (
    SELECT hospital_id, department{names}, day AS since, lead(day) OVER w AS until, sum(numerator) OVER w AS numerator,
           sum(denominator) OVER w AS denominator
    FROM turns WINDOW w AS (PARTITION BY hospital_id, department{names} ORDER BY day)
)
SELECT hospital_id, department, d::date AS day{names}, numerator, denominator FROM level CROSS JOIN LATERAL generate_series(
    since::timestamp, until::timestamp - interval '1 day', interval '1 day') d
WHERE numerator <> 0 OR denominator <> 0
"""
# Spans to the months they reach into, each with so many days of it.
BY_MONTH = """
WITH {pieces}, months AS (
    SELECT m::date AS first, (m + interval '1 month')::date AS until
    FROM generate_series(%s::timestamp, %s::timestamp - interval '1 day', interval '1 month') m
)
SELECT '{kpi}' AS kpi, m.first AS day, f.department, d.kind, d.ref, min(d.path) AS path,
       sum(f.numerator * (least(f.until, m.until) - greatest(f.first, m.first)))::numeric(20, 4) AS numerator,
       sum(f.denominator * (least(f.until, m.until) - greatest(f.first, m.first)))::numeric(20, 4) AS denominator
FROM pieces f{joined} JOIN months m ON f.first < m.until AND f.until > m.first
CROSS JOIN LATERAL (VALUES {fan}) d (kind, ref, path)
WHERE f.hospital_id = %s AND d.ref IS NOT NULL GROUP BY m.first, f.department, d.kind, d.ref
HAVING sum(f.numerator) <> 0 OR sum(f.denominator) <> 0
"""
OF_RECORDS = """
WITH {pieces} SELECT f.{record} AS pk, sum(f.numerator * (f.until - f.first))::numeric AS above,
    nullif(sum(f.denominator * (f.until - f.first)), 0)::numeric AS below
FROM pieces f WHERE f.hospital_id = %s GROUP BY f.{record}
"""
PLACE = " JOIN tenancy_place p ON p.id = f.place_id"


@dataclass(frozen=True)
class Spans:
    """`pieces(start, end)` answers common table expressions, the last of which is `pieces`: hospital_id, department, the columns
    of `dimensions`, `record`, first, until (the day after the last, all inside the days asked for), and what each day adds to
    numerator and denominator."""

    pieces: Callable[[datetime, datetime], Written]
    dimensions: Mapping[str, str]
    record: str  # the column of what is counted
    day_over: bool = False  # spans count on days that are over: of today there is nothing

    def rows(self, start: datetime, end: datetime, kinds: Collection[str] | None = None) -> Written:
        """By hospital, department and day; and by these parts."""
        columns = [column for kind, column in self.dimensions.items() if kinds is None or kind in kinds]
        placed = "place_id" in columns
        names = "".join(f", {name}" for name in [*columns, *["place_path"] * placed])
        found = self.pieces(start, end)
        sql = BY_DAY.format(
            pieces=found.sql,
            columns="".join(f", f.{column}" for column in columns) + ", p.path AS place_path" * placed,
            grouped="".join(f", f.{column}" for column in columns) + ", p.path" * placed,
            names=names,
            joined=PLACE * placed,
        )
        return Written(sql, found.params)

    def by_month(self, kpi: str, hospital_id: int, first: date, end: date) -> tuple[str, list[Any]]:
        """The parts of a hospital, a row for each and every month of these: kpi, day (the first of the month), department, kind,
        ref, path, numerator, denominator."""
        found = self.pieces(midnight(first), midnight(end))
        fan = (
            f"('{k}', f.{c}::bigint, {'p.path' if k == 'place' else chr(39) * 2})" for k, c in self.dimensions.items()
        )
        sql = BY_MONTH.format(
            pieces=found.sql, kpi=kpi, fan=", ".join(fan), joined=PLACE * ("place" in self.dimensions)
        )
        return sql, [*found.params, first, end, hospital_id]

    def of_records(self, hospital_id: int, start: datetime, end: datetime) -> Written:
        """What each record of a hospital adds in all."""
        found = self.pieces(start, end)
        return Written(OF_RECORDS.format(pieces=found.sql, record=self.record), (*found.params, hospital_id))
