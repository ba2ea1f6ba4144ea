"""What work cost, month by month: by unit, place, service, firm, team. Every sum leads to the orders it is the sum of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi import names
from kpi.breakdown import MONTHS, Breakdown
from kpi.dashboard import NONE, plus
from kpi.periods import Period, earlier
from kpi.queries import Pair
from kpi.registry import DENOMINATOR, Figure, Standpoint
from workorders.kpis import COST

WHOLE = ("hospital", "department", "service", "place")  # every order has one: the parts are the whole


@dataclass(frozen=True)
class Cell:
    """A sum of a stretch of days, how many orders it is out of, and where they stand."""

    amount: Decimal
    orders: int
    url: str


@dataclass(frozen=True)
class Row:
    """One part: the chosen period, then the months, the newest first."""

    name: str
    period: Cell
    months: list[tuple[date, Cell]]


class Costs(Breakdown):
    """The costs of a period from a standpoint, by one dimension."""

    def __init__(self, user: Any, stand: Standpoint, period: Period, by: str = "") -> None:
        super().__init__(user, stand, period, COST, by)

    def _kinds(self, user: Any, stand: Standpoint) -> list[str]:
        """Hospitals first, where there are several, then units: who caused the costs."""
        kinds = [kind for kind in super()._kinds(user, stand) if kind != "person"]
        return sorted(kinds, key=lambda kind: (kind != "hospital", kind != "unit"))

    @cached_property
    def tabs(self) -> list[tuple[str, Any, str, bool]]:
        page = f"{reverse('workorders:costs')}?period={self.period.key}&by="
        return [(kind, names.label_of(kind), f"{page}{kind}", kind == self.by) for kind in self.kinds]

    @property
    def columns(self) -> list[date]:
        return list(reversed(self.months(MONTHS)))

    @cached_property
    def rows(self) -> list[Row]:
        """The parts, the most expensive first; what belongs to none of them comes last."""
        sums: dict[str, dict[date, list[Pair]]] = defaultdict(lambda: defaultdict(list))
        refs: dict[str, set[Any]] = defaultdict(set)
        called = self.names(self.by) if self.by else {}
        for (_key, _kind, ref, month), pair in self.monthly.items() if self.by else ():
            name = called.get(ref, "?")
            sums[name][month].append(pair)
            refs[name].add(ref)
        added = {name: {month: plus(pairs) for month, pairs in found.items()} for name, found in sums.items()}
        rows = [self._row(name, found, ",".join(map(str, sorted(refs[name])))) for name, found in added.items()]
        rows.sort(key=lambda row: (-row.period.amount, -row.period.orders, row.name))
        return [*rows, *self._rest(added)]

    def _rest(self, parts: dict[str, dict[date, Pair]]) -> list[Row]:
        """Orders without a unit, a firm or a team."""
        left: dict[date, Pair] = {}
        for month, (above, below) in self.whole.items() if self.by and self.by not in WHOLE else ():
            taken = plus(found[month] for found in parts.values() if month in found)
            left[month] = (above - taken[0], (below or Decimal(0)) - (taken[1] or 0))
        return [self._row(_("None of these"), left, "-")] if any(any(pair) for pair in left.values()) else []

    @cached_property
    def whole(self) -> dict[date, Pair]:
        """Month → the sums of everything."""
        if self.by in WHOLE:
            found: dict[date, list[Pair]] = defaultdict(list)
            for (_key, _kind, _ref, month), pair in self.monthly.items():
                found[month].append(pair)
            return {month: plus(pairs) for month, pairs in found.items()}
        first = min(self.months(MONTHS)[0], self.period.first)
        rows = self.reader.sums([COST.key], first, self.until, "month")
        return {month: pair for (_key, month), pair in rows.items()}

    @cached_property
    def total(self) -> Row:
        return self._row(_("All"), self.whole, "")

    def _row(self, name: str, found: dict[date, Pair], refs: str) -> Row:
        inside = [pair for month, pair in found.items() if self.period.first <= month < self.until]
        months = [
            (month, self._cell(month, earlier(month, -1), found.get(month, NONE), refs)) for month in self.columns
        ]
        return Row(name, self._cell(self.period.first, self.until, plus(inside), refs), months)

    def _cell(self, first: date, end: date, pair: Pair, refs: str) -> Cell:
        last = min(end, self.until) - timedelta(days=1)
        figure = Figure(COST, self.stand, first, last, *pair, self.by if refs else "", refs)
        query = figure.url(DENOMINATOR).partition("?")[2]
        return Cell(pair[0], int(pair[1] or 0), f"{reverse('workorders:cost_list')}?{query}" if pair[1] else "")

    def sheet(self) -> tuple[list[str], list[list[Any]]]:
        """Heads and lines of a workbook: the same sums, with the number of orders of the period."""
        heads = [str(names.label_of(self.by)) if self.by else "", str(self.period), _("Orders")]
        lines = [
            [row.name, row.period.amount, row.period.orders, *(cell.amount for _month, cell in row.months)]
            for row in (*self.rows, self.total)
        ]
        return [*heads, *(f"{month:%Y-%m}" for month in self.columns)], lines
