"""Measuring: counted figures become stored sums by day, and can be measured again at any time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from kpi.days import by_day_since, whole_months
from kpi.days import midnight as midnight
from kpi.days import next_month as next_month
from kpi.models import DirtyDay, Measurement, MonthFigure
from kpi.passes import Pass, passes
from kpi.registry import Kpi, measured
from tenancy.locks import held, hold
from tenancy.scope import scope

after_measuring: list[Callable[[int, date, date], object]] = []  # (hospital, first day, day after the last); registered
CHUNK = 366  # days measured in one transaction
TOGETHER = 7  # clean days between two dirty ones that are measured with them: one statement instead of two
ROOM = "SELECT set_config('work_mem', '64MB', true), set_config('jit', 'off', true)"  # to sum in memory

COLUMNS = "hospital_id, kpi, day, department, kind, ref, path, numerator, denominator, measured_at"
# Where nothing is stored yet.
FIRST = """
INSERT INTO kpi_measurement ({columns}) SELECT %s, f.*, %s FROM ({fresh}) f ORDER BY kpi, kind, day, ref
"""
# Where something is: only what differs is written, what is no longer counted goes. A place keeps the path it had.
AGAIN = """
WITH fresh AS MATERIALIZED ({fresh}),
kept AS MATERIALIZED (
    SELECT ctid AS spot, kpi, day, department, kind, ref, path, numerator, denominator FROM kpi_measurement
    WHERE hospital_id = %s AND kpi = ANY(%s) AND kind = ANY(%s) AND day >= %s AND day < %s
),
differ AS MATERIALIZED (
    SELECT kpi, day, department, kind, ref, f.path, f.numerator, f.denominator, k.spot
    FROM fresh f FULL JOIN kept k USING (kpi, day, department, kind, ref)
    WHERE f.numerator IS DISTINCT FROM k.numerator OR f.denominator IS DISTINCT FROM k.denominator
),
gone AS (
    DELETE FROM kpi_measurement WHERE ctid = ANY (ARRAY(SELECT spot FROM differ WHERE numerator IS NULL)) RETURNING 1
),
written AS (
    INSERT INTO kpi_measurement ({columns})
    SELECT %s, kpi, day, department, kind, ref, {path}, numerator, denominator, %s FROM differ{were}
    WHERE numerator IS NOT NULL
    ON CONFLICT (hospital_id, kpi, kind, day, ref, department) DO UPDATE SET
        numerator = excluded.numerator, denominator = excluded.denominator, measured_at = excluded.measured_at
    RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM written)
"""
# Of places whose days become a month: the path of the first of the days.
WERE = """ LEFT JOIN (
    SELECT kpi, department, kind, ref, date_trunc('month', day)::date AS day, (array_agg(path ORDER BY day))[1] AS known
    FROM kept WHERE kind = 'place' GROUP BY 1, 2, 3, 4, 5
) were USING (kpi, department, kind, ref, day)"""
SUM_MONTHS = """
INSERT INTO kpi_monthfigure (hospital_id, kpi, month, department, numerator, denominator)
SELECT hospital_id, kpi, date_trunc('month', day)::date, department, sum(numerator), sum(denominator)
FROM kpi_measurement WHERE hospital_id = %s AND kind = '' AND ref = 0 AND day >= %s AND day < %s GROUP BY 1, 2, 3, 4
"""


def measure(hospital_id: int, first: date, end: date, kpis: Sequence[Kpi] | None = None) -> int:
    """Measure the days from `first` until before `end` that are over; answers how many rows changed.

    The same days again change nothing. Places keep the path they had when the day was first measured. Runs inside the
    hospital's scope.
    """
    end = min(end, timezone.localdate())
    if first >= end:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        hold("kpi.measure", hospital_id)
        cursor.execute(ROOM)
        changed = sum(_store(cursor, one, hospital_id, first, end) for one in passes(kpis or measured()))
        if changed:
            first_month, after = first.replace(day=1), next_month(end - timedelta(days=1))
            MonthFigure.objects.filter(hospital_id=hospital_id, month__gte=first_month, month__lt=after).delete()
            cursor.execute(SUM_MONTHS, [hospital_id, first_month, after])
    for hear in after_measuring:
        hear(hospital_id, first, end)
    note_measured(hospital_id)
    transaction.on_commit(lambda: note_measured(hospital_id))
    return changed


def _store(cursor: Any, one: Pass, hospital_id: int, first: date, end: date) -> int:
    """Count the figures of one pass and store what differs; answers how many rows that were."""
    stamp, changed = timezone.now(), 0
    for sheet in one.sheets(hospital_id, first, end):
        kept = Measurement.objects.filter(hospital_id=hospital_id, kpi__in=one.keys, kind__in=sheet.kinds)
        if not kept.filter(day__gte=sheet.first, day__lt=sheet.end).exists():
            cursor.execute(FIRST.format(columns=COLUMNS, fresh=sheet.sql), [hospital_id, stamp, *sheet.params])
            changed += cursor.rowcount
            continue
        which = [hospital_id, one.keys, sheet.kinds, sheet.first, sheet.end]
        path = {"path": "coalesce(known, path)", "were": WERE} if sheet.by_month else {"path": "path", "were": ""}
        cursor.execute(
            AGAIN.format(columns=COLUMNS, fresh=sheet.sql, **path), [*sheet.params, *which, hospital_id, stamp]
        )
        changed += cursor.fetchone()[0]
    return changed


def note_measured(hospital_id: int) -> None:
    """Pages that remember stored sums of the hospital read them anew: at once, and again once others see the new ones."""
    cache.set(f"measured:{hospital_id}", uuid4().hex, None)


def measured_versions(hospitals: Sequence[int]) -> list[str]:
    """Changes whenever a day of one of these hospitals is measured."""
    found = cache.get_many([f"measured:{pk}" for pk in hospitals])
    return sorted(found.values())


def measure_next(hospital_id: int) -> bool:
    """Measure the oldest dirty days of a hospital, at most a year; False when none are left or another is at it.

    The marks are taken away first: what is marked while we count stays for the next run. All or nothing.
    """
    with scope([hospital_id]), connection.cursor() as cursor:
        if not held("kpi.measure", hospital_id):
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
    """Days as few stretches (first, day after the last); short gaps are measured along, and months whose parts are kept by
    month as a whole."""
    found: list[tuple[date, date]] = []
    fine = by_day_since()
    stretches = {
        whole_months(day, day + timedelta(days=1)) if day < fine else (day, day + timedelta(days=1)) for day in days
    }
    for day, after in sorted(stretches):
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
