"""Measuring: a figure's `rows` become stored sums by day, in one statement, and can be run again at any time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from kpi.models import DirtyDay, Measurement, MonthFigure
from kpi.registry import Kpi, measured
from tenancy.scope import scope

CHUNK = 31  # days measured in one transaction
TOGETHER = 7  # clean days between two dirty ones that are measured with them: one statement instead of two

# The rows of a figure, each counted as a whole and once more for every dimension it declares.
FAN = """
SELECT f.hospital_id, f.day, f.department, d.kind, d.ref, min(d.path) AS path,
       sum(f.numerator::numeric(20, 4)) AS numerator, sum(f.denominator::numeric(20, 4)) AS denominator
FROM ({rows}) f CROSS JOIN LATERAL (VALUES {fan}) AS d (kind, ref, path)
WHERE d.ref IS NOT NULL GROUP BY f.hospital_id, f.day, f.department, d.kind, d.ref
"""
STORE = """
INSERT INTO kpi_measurement
    (hospital_id, kpi, day, department, kind, ref, path, numerator, denominator, measured_at)
SELECT hospital_id, %s, day, department, kind, ref, path, numerator, denominator, %s FROM ({fanned}) m
ON CONFLICT (hospital_id, kpi, kind, ref, day, department) DO UPDATE SET
    numerator = excluded.numerator, denominator = excluded.denominator, measured_at = excluded.measured_at
"""
SUM_MONTHS = """
INSERT INTO kpi_monthfigure (hospital_id, kpi, month, department, numerator, denominator)
SELECT hospital_id, kpi, date_trunc('month', day)::date, department, sum(numerator), sum(denominator)
FROM kpi_measurement WHERE hospital_id = %s AND kind = '' AND day >= %s AND day < %s GROUP BY 1, 2, 3, 4
"""


def midnight(day: date) -> datetime:
    """The moment a day begins at the hospital."""
    return timezone.make_aware(datetime.combine(day, time.min))


def next_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def fanned(
    kpi: Kpi, first: date, end: date, kinds: Collection[str] | None = None, **narrow: Any
) -> tuple[str, list[Any]]:
    """The statement that counts a figure from `first` until before `end`, by day and dimension; and its parameters."""
    rows = kpi.rows(midnight(first), midnight(end), kinds).filter(**narrow).order_by()
    sql, params = rows.query.sql_with_params()
    fan = []
    for kind, column in {"": "0", **kpi.dimensions}.items():
        if kinds is None or kind in kinds:
            path = "f.place_path" if kind == "place" else "''"
            fan.append(f"('{kind}', {column if not kind else 'f.' + column}::bigint, {path})")
    if not fan:  # nothing of what is asked is counted by this figure
        fan.append("('', NULL::bigint, '')")
    return FAN.format(rows=sql, fan=", ".join(fan)), list(params)


def measure(hospital_id: int, first: date, end: date, kpis: Sequence[Kpi] | None = None) -> None:
    """Measure the days from `first` until before `end` that are over; the same days again give the same rows.

    Places keep the path they had when the day was first measured. Runs inside the hospital's scope.
    """
    end = min(end, timezone.localdate())
    if first >= end:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kpi.measure'), %s)", [hospital_id])
        stamp = timezone.now()
        for kpi in measured() if kpis is None else kpis:
            sql, params = fanned(kpi, first, end, hospital_id=hospital_id)
            cursor.execute(STORE.format(fanned=sql), [kpi.key, stamp, *params])
            days = Measurement.objects.filter(hospital_id=hospital_id, kpi=kpi.key, day__gte=first, day__lt=end)
            days.exclude(measured_at=stamp).delete()
        first_month, after = first.replace(day=1), next_month(end - timedelta(days=1))
        MonthFigure.objects.filter(hospital_id=hospital_id, month__gte=first_month, month__lt=after).delete()
        cursor.execute(SUM_MONTHS, [hospital_id, first_month, after])
    note_measured(hospital_id)
    transaction.on_commit(lambda: note_measured(hospital_id))


def note_measured(hospital_id: int) -> None:
    """Pages that remember stored sums of the hospital read them anew: at once, and again once others see the new ones."""
    cache.set(f"measured:{hospital_id}", uuid4().hex, None)


def measured_versions(hospitals: Sequence[int]) -> list[str]:
    """Changes whenever a day of one of these hospitals is measured."""
    found = cache.get_many([f"measured:{pk}" for pk in hospitals])
    return sorted(found.values())


def measure_next(hospital_id: int) -> bool:
    """Measure the oldest dirty days of a hospital, at most a month; False when none are left or another is at it.

    The marks are taken away first: what is marked while we count stays for the next run. All or nothing.
    """
    with scope([hospital_id]), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('kpi.measure'), %s)", [hospital_id])
        if not cursor.fetchone()[0]:
            return False
        marks = DirtyDay.objects.filter(hospital_id=hospital_id, moment__lt=midnight(timezone.localdate()))
        oldest = marks.order_by("moment").values_list("moment", flat=True).first()
        if oldest is None:
            return False
        until = midnight(timezone.localdate(oldest) + timedelta(days=CHUNK))
        taken = marks.filter(moment__lt=until)
        cursor.execute(*_returning(taken))
        days = {timezone.localdate(moment) for (moment,) in cursor.fetchall()}
        for first, end in spans(days):
            measure(hospital_id, first, end)
        return True


def _returning(marks: Any) -> tuple[str, list[Any]]:
    sql, params = marks.values("pk").query.sql_with_params()
    return f"DELETE FROM kpi_dirtyday WHERE id IN ({sql}) RETURNING moment", list(params)


def spans(days: Iterable[date]) -> list[tuple[date, date]]:
    """Days as few stretches (first, day after the last); short gaps are measured along."""
    found: list[tuple[date, date]] = []
    for day in sorted(days):
        after = day + timedelta(days=1)
        if found and day <= found[-1][1] + timedelta(days=TOGETHER):
            found[-1] = (found[-1][0], after)
        else:
            found.append((day, after))
    return found


def mark_days(hospital_id: int, first: date, end: date) -> int:
    """Have these days measured anew by the next tick, whatever the records say. Answers how many days."""
    days = [first + timedelta(days=n) for n in range((end - first).days)]
    DirtyDay.objects.bulk_create(DirtyDay(hospital_id=hospital_id, moment=midnight(day)) for day in days)
    return len(days)
