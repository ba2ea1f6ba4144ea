"""Records that change after their month was closed mark the frozen figure; they never alter it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from assessment import chain, freezing, inputs
from assessment.domain import told_late
from assessment.models import FrozenFigure, FrozenRows, LateChange, MonthClose, Recheck
from indicators.library import Definition, definitions
from kpi.days import next_month
from tenancy.actors import System
from tenancy.models import Hospital
from tenancy.scope import scope

MOST = 500  # records named one by one in a late change; `count` says how many there are
COMPARER = System("assessment.compare")


def measured_again(hospital_id: int, first: date, end: date) -> None:
    """Days were measured anew, so something may have changed: closed months among them are compared at the next tick."""
    closed = MonthClose.objects.filter(hospital=hospital_id, month__gte=first.replace(day=1), month__lt=end)
    rows = [Recheck(hospital_id=hospital_id, month=month) for month in closed.values_list("month", flat=True)]
    Recheck.objects.bulk_create(rows, ignore_conflicts=True)


def compare_next(hospital_id: int) -> bool:
    """Compare the oldest month of a hospital that is marked; False when none is left or another is at it."""
    with scope([hospital_id]), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('assessment.freeze'), %s)", [hospital_id])
        if not cursor.fetchone()[0]:
            return False
        mark = Recheck.objects.filter(hospital=hospital_id).order_by("month").first()
        if mark is None:
            return False
        Recheck.objects.filter(pk=mark.pk).delete()
        hospital = Hospital.objects.get(pk=hospital_id)
        freezing.take_latecomers(COMPARER, hospital, mark.month)
        compare(hospital, mark.month)
        return True


def compare(hospital: Hospital, month: date) -> list[LateChange]:
    """Count every figure of a closed month anew and note those whose records are not what they were. Figures over longer
    periods that reach into the month are compared too."""
    known = definitions(hospital.consortium_id)
    figures = list(current(hospital.pk).filter(first__lt=next_month(month), last__gte=month))
    frozen: dict[int, list[FrozenRows]] = {}
    for row in FrozenRows.objects.filter(figure__in=figures).defer("ids", "amounts"):
        frozen.setdefault(row.figure_id, []).append(row)
    last = LateChange.objects.filter(figure__in=figures).order_by("pk").values_list("figure_id", "sha256")
    seen = dict(last)
    made = []
    for figure in figures:
        one = known.get(figure.key)
        if one is not None and one.version == figure.version:
            made += _compare(figure, one, frozen.get(figure.pk, []), seen.get(figure.pk, figure.rows_sha256))
    return made


def current(hospital_id: int) -> Any:
    """The newest revision of each frozen figure of a hospital."""
    return (
        FrozenFigure.objects.filter(hospital=hospital_id).order_by("key", "month", "-revision").distinct("key", "month")
    )


def left_out_of(figure: FrozenFigure) -> set[tuple[str, int]]:
    return {(row["subject"], row["record"]) for row in figure.exclusions}


def _compare(figure: FrozenFigure, one: Definition, frozen: Iterable[FrozenRows], seen: str) -> list[LateChange]:
    left_out, at = left_out_of(figure), (figure.hospital_id, figure.first, figure.last)
    now = inputs.digests_of(one, *at, left_out)
    if seen == figure.rows_sha256 and now == {(row.part, row.measure): row.sha256 for row in frozen}:
        return []
    rows = inputs.rows_of(one, *at, left_out)
    found = chain.of_rows(rows)
    if found == seen:
        return []
    changes = inputs.differences([chain.kept(row) for row in FrozenRows.objects.filter(figure=figure)], rows)
    pair = freezing.sums_now(one, figure.hospital_id, figure.month, rows)
    value = freezing.value_of(figure, pair)
    late = LateChange(
        hospital_id=figure.hospital_id, figure=figure, sha256=found, count=len({(c["subject"], c["id"]) for c in changes}),
        records=changes[:MOST], numerator=pair[0], denominator=pair[1], value=value,
    )  # fmt: skip
    late.save()
    told_late(late, COMPARER)
    return [late]
