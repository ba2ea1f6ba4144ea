"""Values of indicators at any level and over any span of months: sums first, then one division.

What is counted from records comes from the stored months. What hospitals report counts for the period it was reported for: a
return of a quarter or a year never counts for a month inside it, and where a longer and a shorter return overlap the longer one
holds. A hospital without one of the sums of an indicator, or whose sums cover different months, stands in none of its totals: a
year's cost is not divided by one month's bed-days. Sums of records that are mixed with returns count for the months the returns
cover.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.db.models.functions import TruncQuarter, TruncYear

from indicators.library import QUANTITY, Definition, split
from indicators.models import Return
from kpi.measure import next_month
from kpi.models import MonthFigure, PeerMember
from kpi.periods import MONTH, QUARTER, YEAR, containing
from kpi.registry import NUMERATOR

Pair = tuple[Decimal, Decimal | None]
HOSPITAL, GROUP, DEPARTMENT = "hospital", "group", "department"
TIMES = (MONTH, QUARTER, YEAR)
TRUNCATED: dict[str, Any] = {QUARTER: TruncQuarter("month"), YEAR: TruncYear("month")}
Covered = tuple[tuple[date, date], ...]  # stretches of days, both included, in order and not touching each other


def value(definition: Definition, pair: Pair | None) -> Decimal | None:
    """The value; None where nothing was recorded, or there is nothing to divide by."""
    if pair is None:
        return None
    above, below = pair
    if not definition.denominator:
        return above * definition.factor
    return above * definition.factor / below if below is not None and below > 0 else None


def is_small(definition: Definition, pair: Pair | None) -> bool:
    """Fewer cases than this indicator can be judged by."""
    below = pair[1] if pair and definition.denominator else None
    return below is not None and 0 < below < definition.minimum


def sums(
    definitions: Iterable[Definition],
    hospitals: Collection[int],
    first: date,
    end: date,
    by: Sequence[str] = (HOSPITAL, MONTH),
) -> dict[tuple[Any, ...], Pair]:
    """(key, then `by`) → numerator and denominator of the months from `first` until before `end`; at most four statements.

    `by`: hospital, group (of like hospitals), month, quarter, year (their first days), department. By nothing: all the given
    hospitals together. What has nothing recorded, or is not complete, is not there. Runs inside the scope.
    """
    if first.day != 1 or end.day != 1:
        raise ValueError("indicators are summed over whole months")
    asked, found = list(definitions), _Sums()
    groups = _groups(hospitals) if GROUP in by else {}
    counted = [one for one in asked if one.kpis and not one.quantities and not one.is_now]
    reported = [one for one in asked if one.quantities]
    if counted:
        _add_counted(found, counted, _stored(counted, hospitals, first, end, by), by, groups)
    if reported and DEPARTMENT not in by:
        _add_reported(found, reported, list(hospitals), (first, end), by, groups)
    return found.pairs


def _groups(hospitals: Collection[int]) -> dict[int, str]:
    return dict(PeerMember.objects.filter(hospital__in=hospitals).values_list("hospital", "group"))


def _stored(asked: list[Definition], hospitals: Collection[int], first: date, end: date, by: Sequence[str]) -> Any:
    """(figure, then `by` with the hospital for its group) → sums of the stored months."""
    keys = {kpi for one in asked for kpi in one.kpis}
    rows = MonthFigure.objects.filter(kpi__in=keys, hospital__in=hospitals, month__gte=first, month__lt=end).order_by()
    names = []
    for name in by:
        if name in TRUNCATED:
            rows, name = rows.annotate(**{f"{name}_first": TRUNCATED[name]}), f"{name}_first"
        names.append("hospital_id" if name in (HOSPITAL, GROUP) else name)
    grouped = rows.values_list("kpi", *dict.fromkeys(names)).annotate(Sum("numerator"), Sum("denominator"))
    return [
        (row[0], [row[1 + list(dict.fromkeys(names)).index(n)] for n in names], row[-2], row[-1]) for row in grouped
    ]


def _add_counted(found: _Sums, asked: list[Definition], rows: Any, by: Sequence[str], groups: dict[int, str]) -> None:
    uses: dict[str, list[tuple[Definition, bool, str]]] = defaultdict(
        list
    )  # figure → (whose, above the line?, its part)
    for one in asked:
        for above, measures in ((True, one.numerator), (False, one.denominator)):
            for measure in measures:
                uses[split(measure)[0]].append((one, above, split(measure)[1]))
    for kpi, at, numerator, denominator in rows:
        cell = [groups.get(v, "") if name == GROUP else v for name, v in zip(by, at, strict=True)]
        for one, above, part in uses[kpi]:
            amount = numerator if part == NUMERATOR else denominator
            if amount is not None:
                found.add((one.key, *cell), above, amount)


def _add_reported(
    found: _Sums,
    asked: list[Definition],
    hospitals: list[int],
    span: tuple[date, date],
    by: Sequence[str],
    groups: dict[int, str],
) -> None:
    time = next((name for name in by if name in TIMES), "")
    returns = _returns(asked, hospitals, span, time)
    mixed = [one for one in asked if one.kpis]
    stored = _stored(mixed, hospitals, *span, (HOSPITAL, MONTH)) if mixed else []
    months: dict[tuple[str, int], list[tuple[date, Any, Any]]] = defaultdict(list)
    for kpi, (hospital, month), numerator, denominator in stored:
        months[kpi, hospital].append((month, numerator, denominator))
    for one in asked:
        for hospital in hospitals:
            for start in {at for key in one.quantities for at in returns.get((hospital, key), ())}:
                parts = {key: returns.get((hospital, key), {}).get(start) for key in one.quantities}
                sums = _complete(one, parts, lambda kpi, h=hospital: months.get((kpi, h), ()))
                if sums is not None:
                    where = {HOSPITAL: hospital, GROUP: groups.get(hospital, ""), time: start}
                    cell = (one.key, *(where[name] for name in by))
                    found.add(cell, True, sums[0])
                    if sums[1] is not None:
                        found.add(cell, False, sums[1])


def _returns(
    asked: list[Definition], hospitals: list[int], span: tuple[date, date], time: str
) -> dict[tuple[int, str], dict[Any, tuple[Decimal, Covered]]]:
    """(hospital, quantity) → first day of each month, quarter or year asked for → its sum and the days it covers."""
    first, end = span
    keys = {key for one in asked for key in one.quantities}
    rows = Return.objects.filter(
        quantity__key__in=keys, hospital__in=hospitals, first__gte=first, last__lt=end
    ).values_list("hospital", "quantity__key", "first", "last", "value")
    cells: dict[tuple[int, str], dict[Any, list[tuple[date, date, Decimal]]]] = defaultdict(lambda: defaultdict(list))
    for hospital, key, begins, ends, amount in rows.order_by():
        cell = containing(time, begins) if time else None
        if cell is None or ends < cell.end:
            cells[hospital, key][cell.first if cell else None].append((begins, ends, amount))
    return {at: {start: _laid_out(rows) for start, rows in starts.items()} for at, starts in cells.items()}


def _laid_out(rows: list[tuple[date, date, Decimal]]) -> tuple[Decimal, Covered]:
    """The sum of returns that do not overlap, the longest first, and the days they cover."""
    taken: list[tuple[date, date, Decimal]] = []
    for begins, ends, amount in sorted(rows, key=lambda row: (row[0] - row[1], row[0])):
        if all(ends < other[0] or begins > other[1] for other in taken):
            taken.append((begins, ends, amount))
    covered: list[tuple[date, date]] = []
    for begins, ends, _amount in sorted(taken):
        if covered and covered[-1][1] + timedelta(days=1) == begins:
            covered[-1] = (covered[-1][0], ends)
        else:
            covered.append((begins, ends))
    return sum((amount for *_days, amount in taken), Decimal(0)), tuple(covered)


def _complete(one: Definition, parts: dict[str, Any], months: Any) -> Pair | None:
    """Both sums of one hospital and period; None where a part is missing or covers other months than the rest."""
    given = list(parts.values())
    if None in given or len({covered for _amount, covered in given}) != 1:
        return None
    covered = given[0][1]
    if one.kpis and any(begins.day != 1 or (ends + timedelta(days=1)).day != 1 for begins, ends in covered):
        return None

    def total(measures: tuple[str, ...]) -> Decimal:
        found = Decimal(0)
        for measure in measures:
            if measure.startswith(QUANTITY):
                found += parts[measure.removeprefix(QUANTITY)][0]
            else:
                key, part = split(measure)
                found += sum(_within(months(key), covered, part), Decimal(0))
        return found

    return total(one.numerator), total(one.denominator) if one.denominator else None


def _within(months: Iterable[tuple[date, Any, Any]], covered: Covered, part: str) -> Iterator[Decimal]:
    for month, numerator, denominator in months:
        amount = numerator if part == NUMERATOR else denominator
        if amount is not None and any(
            begins <= month and next_month(month) - timedelta(days=1) <= ends for begins, ends in covered
        ):
            yield amount


class _Sums:
    """Numerators and denominators added up by key."""

    def __init__(self) -> None:
        self.pairs: dict[tuple[Any, ...], Pair] = {}

    def add(self, key: tuple[Any, ...], above: bool, amount: Decimal) -> None:
        numerator, denominator = self.pairs.get(key, (Decimal(0), None))
        if above:
            self.pairs[key] = (numerator + amount, denominator)
        else:
            self.pairs[key] = (numerator, amount if denominator is None else denominator + amount)
