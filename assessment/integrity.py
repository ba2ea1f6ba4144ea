"""Does everything frozen still stand as it was written? Rows, digests, seals, the chain, and what was published of it."""

from __future__ import annotations

from collections.abc import Iterator

from assessment import chain
from assessment.models import FrozenFigure, FrozenRows, MonthClose, PublishedFigure
from tenancy.models import Hospital


def faults(hospital: Hospital) -> Iterator[str]:
    """What is wrong with the frozen figures of a hospital, in words. Nothing: all holds. Runs in its scope."""
    figures = list(FrozenFigure.objects.filter(hospital=hospital).order_by("pk"))
    yield from _chained(figures)
    yield from _counted(hospital, figures)
    yield from _rows(hospital, figures)
    yield from _published(hospital, {figure.pk: figure for figure in figures})


def _chained(figures: list[FrozenFigure]) -> Iterator[str]:
    previous = ""
    for figure in figures:
        name = f"{figure.key} {figure.month:%Y-%m} revision {figure.revision}"
        if figure.previous != previous:
            yield f"{name}: does not follow the figure before it (one was removed, added or altered)"
        if chain.digest(figure) != figure.digest:
            yield f"{name}: is not as it was frozen"
        if not chain.is_sealed(figure):
            yield f"{name}: was not sealed with the platform's secret"
        previous = figure.digest


def _counted(hospital: Hospital, figures: list[FrozenFigure]) -> Iterator[str]:
    """Figures at the end of the chain leave no gap: every closing says how many it froze and with what it ended."""
    digests = {figure.digest for figure in figures}
    closings = {close.month: close for close in MonthClose.objects.filter(hospital=hospital)}
    for month, close in closings.items():
        there = sum(1 for f in figures if f.month == month and f.cause == "closing")
        if there != close.figures:
            yield f"{month:%Y-%m}: {close.figures} figures were frozen, {there} are there"
        if close.head and close.head not in digests:
            yield f"{month:%Y-%m}: the last figure of the closing is gone or altered"
    for month in sorted({figure.month for figure in figures} - closings.keys()):
        yield f"{month:%Y-%m}: there are frozen figures, but no closing"


def _rows(hospital: Hospital, figures: list[FrozenFigure]) -> Iterator[str]:
    found: dict[int, list[FrozenRows]] = {}
    for row in FrozenRows.objects.filter(hospital=hospital).order_by("pk").iterator(500):
        if not chain.rows_hold(row):
            yield f"rows {row.pk} of figure {row.figure_id}: ids or amounts are not as they were frozen"
        found.setdefault(row.figure_id, []).append(
            FrozenRows(part=row.part, measure=row.measure, subject=row.subject, ids=row.ids, amounts=row.amounts)
        )
    for figure in figures:
        if chain.of_rows(chain.kept(row) for row in found.pop(figure.pk, [])) != figure.rows_sha256:
            yield f"{figure.key} {figure.month:%Y-%m} revision {figure.revision}: rows behind it are missing or altered"
    for pk in found:
        yield f"there are rows of figure {pk}, which is gone"


def _published(hospital: Hospital, figures: dict[int, FrozenFigure]) -> Iterator[str]:
    for published in PublishedFigure.objects.filter(hospital=hospital).order_by("pk"):
        name = f"published {published.key} {published.month:%Y-%m} revision {published.revision}"
        frozen = figures.get(published.frozen_id)
        if frozen is None:
            yield f"{name}: what was frozen is gone"
        elif any(getattr(published, field) != getattr(frozen, field) for field in PublishedFigure.COPIED):
            yield f"{name}: does not say what was frozen"
