"""Records that change after their month was closed mark the frozen figure; they never alter it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from assessment import chain, freezing, inputs
from assessment.domain import told_late
from assessment.figure_models import KeptRows
from assessment.models import FrozenFigure, FrozenRows, LateChange, MonthClose, Recheck, RowsAnew
from indicators.library import Definition, definitions
from kpi.days import next_month
from tenancy.actors import System
from tenancy.locks import held
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
    with scope([hospital_id]):
        if not held("assessment.freeze", hospital_id):
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
    last = LateChange.objects.filter(figure__in=figures).order_by("pk")
    rows = last.values_list("figure_id", "version", "sha256", "count")
    seen = {(figure, version): sha256 if count else None for figure, version, sha256, count in rows}
    base = _bases(figures, known)
    made = []
    for figure in figures:
        if one := known.get(figure.key):
            version = "" if one.version == figure.version else one.version
            if version and (figure.pk, version) not in base:
                _begin_anew(figure, one)
            else:
                made += _compare(
                    figure, one, base.get((figure.pk, version), []), version, seen.get((figure.pk, version))
                )
    return made


def _bases(figures: Iterable[FrozenFigure], known: Mapping[str, Definition]) -> dict[tuple[int, str], list[KeptRows]]:
    """What each figure is compared with: the frozen rows (""), or those of a definition that has changed since (its version)."""
    found: dict[tuple[int, str], list[KeptRows]] = {}
    for row in FrozenRows.objects.filter(figure__in=figures).defer("ids", "amounts"):
        found.setdefault((row.figure_id, ""), []).append(row)
    changed = [f.pk for f in figures if f.key in known and known[f.key].version != f.version]
    if changed:
        for anew in RowsAnew.objects.filter(figure__in=changed).defer("ids", "amounts"):
            found.setdefault((anew.figure_id, anew.version), []).append(anew)
    return found


def _whole(figure: FrozenFigure, version: str) -> Iterable[KeptRows]:
    """The same with every id and amount."""
    if version:
        return RowsAnew.objects.filter(figure=figure, version=version).order_by("pk")
    return FrozenRows.objects.filter(figure=figure).order_by("pk")


def _begin_anew(figure: FrozenFigure, one: Definition) -> None:
    """The definition has changed since the figure was frozen. What it counts today is no change of records; later ones are."""
    rows = inputs.rows_of(one, figure.hospital_id, figure.first, figure.last, left_out_of(figure))
    RowsAnew.objects.bulk_create(
        RowsAnew(
            hospital_id=figure.hospital_id, figure=figure, version=one.version, part=row.part, measure=row.measure,
            subject=row.subject, ids=row.ids, amounts=row.amounts, sha256=row.sha256,
        )
        for row in rows
    )  # fmt: skip


def current(hospital_id: int) -> Any:
    """The newest revision of each frozen figure of a hospital."""
    return (
        FrozenFigure.objects.filter(hospital=hospital_id).order_by("key", "month", "-revision").distinct("key", "month")
    )


def left_out_of(figure: FrozenFigure) -> set[tuple[str, int]]:
    return {(row["subject"], row["record"]) for row in figure.exclusions}


def _compare(
    figure: FrozenFigure, one: Definition, base: Sequence[KeptRows], version: str, seen: str | None
) -> list[LateChange]:
    """`seen`: what the last late change by this definition found; None while, or once again, the records are as in `base`."""
    left_out, at = left_out_of(figure), (figure.hospital_id, figure.first, figure.last)
    now = inputs.digests_of(one, *at, left_out)
    if seen is None and now == {(row.part, row.measure): row.sha256 for row in base}:
        return []
    rows = inputs.rows_of(one, *at, left_out)
    before = [chain.kept(row) for row in _whole(figure, version)]
    found = chain.of_rows(rows)
    if found == (chain.of_rows(before) if seen is None else seen):
        return []
    changes = inputs.differences(before, rows)
    pair = freezing.sums_now(one, figure.hospital_id, figure.month, rows)
    value = freezing.value_of(figure, pair)
    late = LateChange(
        hospital_id=figure.hospital_id, figure=figure, sha256=found, count=len({(c["subject"], c["id"]) for c in changes}),
        records=changes[:MOST], numerator=pair[0], denominator=pair[1], value=value, version=version,
    )  # fmt: skip
    late.save()
    told_late(late, COMPARER)
    return [late]
