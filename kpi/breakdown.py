"""One figure, explained and broken down: by hospital, department, unit, service, team, place, firm or person."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kpi import names
from kpi.control import Control
from kpi.dashboard import PARTS, Board, axis, chart_key, plus
from kpi.explaining import Asked, Fact, facts
from kpi.figures import Card, written
from kpi.periods import Period
from kpi.queries import Pair, held
from kpi.registry import Kpi, Standpoint
from kpi.steadiness import MONTHS as STEADY
from kpi.steadiness import Remark, drawing, judged, remarks
from tenancy.access import hospitals_with
from tenancy.models import Place
from tenancy.permissions import PERSON_VIEW
from ui.charts import Chart
from ui.parts import escaped

MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One part of a breakdown: its name, its figure, its months."""

    name: str
    card: Card
    months: list[Decimal | None]
    dates: list[date]
    told: date | None = None  # the month that is the period itself

    @property
    def cells(self) -> SafeString:
        """Each month with its value in words, the newest first. Drawn here: two hundred hospitals have thousands."""
        shown = [
            f'<td class="end wide-only" data-label="{month.isoformat()[:7]}">{escaped(written(self.card.kpi, value))}</td>'
            for month, value in zip(self.dates, self.months, strict=True)
            if month != self.told
        ]
        return SafeString("".join(reversed(shown)))


class Breakdown(Board):
    """A figure of a period from a standpoint, by one dimension."""

    drawing = "kpi/partials/breakdown.html"

    def __init__(self, user: Any, stand: Standpoint, period: Period, kpi: Kpi, by: str = "") -> None:
        self.kpi = kpi
        self.user = user
        self.kinds = self._kinds(user, stand)
        self.by = by if by in self.kinds else next(iter(self.kinds), "")
        super().__init__(user, stand, period)
        self.kpis = self.reader.kpis = [kpi]

    def kinds_of(self, kpi: Kpi) -> list[str]:
        return [self.by] if kpi is self.kpi and self.by in kpi.dimensions else []

    def _kinds(self, user: Any, stand: Standpoint) -> list[str]:
        """The ways this person may break it down; people only within one hospital, by who may see its people."""
        kinds = ["hospital"] if len(stand.hospitals) > 1 else []
        if self.kpi.snapshot or stand.kind:
            return kinds
        kinds += ["department"] if len(stand.departments) != 1 else []
        people = len(stand.hospitals) == 1 and set(stand.hospitals) <= hospitals_with(user, PERSON_VIEW)
        return kinds + [kind for kind in self.kpi.dimensions if kind != "person" or people]

    @property
    def asked(self) -> tuple[Any, ...]:
        return (*super().asked, self.by, self.kinds)

    @cached_property
    def tabs(self) -> list[tuple[str, Any, str, bool]]:
        """(kind, words, address, is it the one shown?)"""
        return [(kind, names.label_of(kind), self.page_of(self.kpi, kind), kind == self.by) for kind in self.kinds]

    @property
    def by_label(self) -> Any:
        return names.label_of(self.by)

    @property
    def shown_months(self) -> list[date]:
        return [month for month in reversed(self.months(MONTHS)) if month != self.own_month]

    @property
    def course_chart(self) -> Chart:
        return self.trend(self.kpi, self.kpi.questions.get("") or _("How did it develop?"))

    @cached_property
    def steady(self) -> Control:
        """The last two years with control limits."""
        return judged(
            self.kpi, self.months(STEADY), [self.by_month.get((self.kpi.key, m)) for m in self.months(STEADY)]
        )

    @property
    def control_chart(self) -> Chart:
        goal = self.targets.get(self.kpi.key)
        return drawing(
            self.kpi, self.months(STEADY), self.steady, key=chart_key(self.kpi, "control"),
            target=goal.target if goal else self.kpi.target, unit=axis(self.kpi),
        )  # fmt: skip

    @property
    def remarks(self) -> list[Remark]:
        """The months in which a rule fired, the newest first."""
        return remarks(self.steady, self.months(STEADY), self.kpi.good)

    @cached_property
    def main(self) -> Card:
        return self.card(self.kpi)

    def pairs(self, kpi: Kpi, kind: str) -> list[tuple[Any, Pair]]:
        found: dict[Any, list[Pair]] = defaultdict(list)
        for (_key, _kind, ref, month), pair in self.monthly.items():
            if month >= self.period.first:
                found[ref].append(pair)
        return [(ref, plus(pairs)) for ref, pairs in found.items()]

    @cached_property
    def monthly(self) -> dict[tuple[Any, ...], Pair]:
        """(key, kind, ref, month) → sums of the last twelve months."""
        first = min(self.months(MONTHS)[0], self.period.first)
        if self.by in PARTS:
            rows = self.reader.sums([self.kpi.key], first, self.until, self.by, "month")
            return {(key, self.by, ref, month): pair for (key, ref, month), pair in rows.items()}
        rows = self.reader.parts_of(first, self.until, "month")
        return self._by_building(rows) if self.by == "place" else rows

    @cached_property
    def lines(self) -> list[Line]:
        """The parts, the largest first."""
        if not self.by:
            return []
        found = [self._line(*part) for part in self.broken_down(self.kpi, self.by)]
        return sorted(found, key=_weight)

    def _line(self, name: str, refs: list[Any], pair: Pair) -> Line:
        figure = self.figure(self.kpi, pair, self.by, ",".join(map(str, refs)))
        alone = refs if self.by == "hospital" else list(self.stand.hospitals)
        goal = held(self.in_force, alone).get(self.kpi.key)
        return Line(name, Card(figure, goal=goal), self._months_of(refs), self.months(MONTHS), self.own_month)

    @property
    def is_needed(self) -> bool:
        """Something is short of its target somewhere."""
        return any(line.card.needed for line in self.lines)

    @cached_property
    def known(self) -> list[Fact]:
        """What rooms above know of the figure: its version, who answers for it, who froze it."""
        asked = Asked(self.user, self.kpi.key, self.stand.hospitals, self.period.first, self.period.last)
        return facts(asked)

    @cached_property
    def rest(self) -> Card | None:
        """What belongs to none of the parts: orders without a unit, not yet given to a team."""
        pairs = [(line.card.figure.numerator or Decimal(0), line.card.figure.denominator) for line in self.lines]
        above, below = plus(pairs)
        total = self.main.figure
        left = (total.numerator or Decimal(0)) - above, None if below is None else (total.denominator or 0) - below
        if not self.lines or not any(left):
            return None
        return Card(self.figure(self.kpi, left, self.by, "-"))

    def _months_of(self, refs: list[Any]) -> list[Decimal | None]:
        pairs = {m: [self._by_month[ref][m] for ref in refs if m in self._by_month[ref]] for m in self.months(MONTHS)}
        return [self.kpi.value(*plus(found)) if found else None for found in pairs.values()]

    @cached_property
    def _by_month(self) -> dict[Any, dict[date, Pair]]:
        """Part → month → sums."""
        found: dict[Any, dict[date, Pair]] = defaultdict(dict)
        for (_key, _kind, ref, month), pair in self.monthly.items():
            found[ref][month] = pair
        return found

    def names(self, kind: str) -> dict[Any, str]:
        if kind not in self._names:
            self._names[kind] = names.names(kind, {ref for _key, _kind, ref, _month in self.monthly})
        return self._names[kind]

    def _by_building(self, rows: dict[tuple[Any, ...], Pair]) -> dict[tuple[Any, ...], Pair]:
        """Rooms and floors under their building's path; what lies in no building stays as it is."""
        here = Place.objects.filter(hospital__in=self.stand.hospitals)
        paths = dict(here.filter(pk__in={key[2] for key in rows}).values_list("pk", "path"))
        buildings = list(here.filter(kind=Place.Kind.BUILDING).values_list("pk", "path"))
        found: dict[tuple[Any, ...], list[Pair]] = defaultdict(list)
        homes = {
            ref: next((b for b in buildings if path.startswith(b[1])), (ref, str(ref))) for ref, path in paths.items()
        }
        for (key, kind, ref, month), pair in rows.items():
            if ref in homes:
                found[key, kind, homes[ref][1], month].append(pair)
        called = names.names(kind="place", refs={pk for pk, _path in homes.values()})
        self._names["place"] = {path: called.get(pk) or _("Whole hospital") for pk, path in homes.values()}
        return {key: plus(pairs) for key, pairs in found.items()}


def _weight(line: Line) -> tuple[Decimal, str]:
    figure = line.card.figure
    return -(figure.denominator or figure.numerator or Decimal(0)), line.name
