"""What a dashboard shows, for one hospital or for all a person looks after; worked out in few questions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kpi import names
from kpi.figures import Card
from kpi.models import Target
from kpi.periods import Period, earlier
from kpi.queries import Pair, Reader, held, in_force, visible, waiting
from kpi.registry import DURATION, MONEY, PERCENT, STARS, UP, Figure, Kpi, Standpoint
from ui.charts import LINE, Chart, Series, ranked
from ui.kept import kept

COURSE = 13  # months of a card's line
MOST = 10  # bars of a chart
PARTS = {"hospital": 1, "department": 2}  # where they stand in the keys of `by_part`
NONE: Pair = (Decimal(0), None)


def plus(pairs: Iterable[Pair]) -> Pair:
    above, below = Decimal(0), None  # type: Decimal, Decimal | None
    for numerator, denominator in pairs:
        above += numerator
        if denominator is not None:
            below = (below or Decimal(0)) + denominator
    return above, below


def plotted(kpi: Kpi, value: Decimal | None) -> Any:
    """A value as it stands on an axis: hours instead of seconds, no more digits than people read."""
    if value is None:
        return None
    return round(value / 3600 if kpi.unit == DURATION else value, 2 if kpi.unit == STARS else 1)


def axis(kpi: Kpi) -> str:
    return {PERCENT: "%", DURATION: _("hours"), MONEY: "¥"}.get(kpi.unit, "")


class Board:
    """The figures of a period from a standpoint."""

    parts: tuple[str, ...] = ("unit", "service")
    drawing = "kpi/partials/board.html"

    def __init__(self, user: Any, stand: Standpoint, period: Period) -> None:
        self.user, self.stand, self.period = user, stand, period
        self.kpis = visible(user, stand)
        self.reader = Reader(user, stand, self.kpis, {kpi.key: self.kinds_of(kpi) for kpi in self.kpis})
        self.until = period.until()
        self.last = self.until - timedelta(days=1)
        self.last_month = self.last.replace(day=1)

    def kinds_of(self, kpi: Kpi) -> list[str]:
        """The parts this page breaks a figure down by: those its questions ask for."""
        return [kind for kind in self.parts if kind in kpi.questions]

    @cached_property
    def keys(self) -> list[str]:
        return [kpi.key for kpi in self.kpis if not kpi.snapshot]

    @cached_property
    def by_part(self) -> dict[tuple[Any, ...], Pair]:
        """(key, hospital, department) → the period's sums."""
        return self.reader.sums(self.keys, self.period.first, self.until, "hospital", "department")

    @cached_property
    def totals(self) -> dict[str, Pair]:
        found: dict[str, list[Pair]] = defaultdict(list)
        for (key, *_part), pair in self.by_part.items():
            found[key].append(pair)
        return {key: plus(pairs) for key, pairs in found.items()}

    @cached_property
    def before(self) -> dict[tuple[Any, ...], Pair]:
        return self.reader.sums(self.keys, *self.period.year_before)

    @cached_property
    def by_month(self) -> dict[tuple[Any, ...], Pair]:
        """(key, month) → sums of the last two years."""
        return self.reader.sums(self.keys, earlier(self.last_month, 23), self.until, "month")

    @cached_property
    def in_force(self) -> list[Target]:
        return in_force(self.stand.hospitals, self.period.last)

    @cached_property
    def targets(self) -> dict[str, Target]:
        return held(self.in_force, self.stand.hospitals)

    @cached_property
    def waiting(self) -> tuple[datetime | None, int | None]:
        return waiting(self.stand)

    @property
    def behind(self) -> datetime | None:
        """Since when a past day waits to be measured."""
        return self.waiting[0]

    @property
    def drawn(self) -> SafeString:
        """The board as the page shows it. Whoever looks from the same place at the same figures sees the same, until a
        record or a target changes."""
        facts = {"board": self, "period": self.period}
        return kept("board", (self.drawing, *self.asked), lambda: render_to_string(self.drawing, facts))

    @property
    def asked(self) -> tuple[Any, ...]:
        """What is seen here, and from what it was counted."""
        seen = (self.stand, self.period.key, self.reader.today, [kpi.key for kpi in self.kpis])
        goals = sorted((goal.kpi, goal.pk, goal.target, goal.floor, goal.stretch) for goal in self.in_force)
        return (*seen, self.reader.mark, self.reader.versions, self.waiting, goals)

    def months(self, number: int, back: int = 0) -> list[date]:
        """So many months until the period's last one; `back` moves all of them into the past."""
        return [earlier(self.last_month, n + back) for n in reversed(range(number))]

    @property
    def own_month(self) -> date | None:
        """The month that is the period itself: it is not told twice in one line."""
        return self.last_month if self.last_month == self.period.first else None

    def course(self, kpi: Kpi, months: Iterable[date]) -> list[Decimal | None]:
        """The figure of each month; None where nothing was counted at all."""
        pairs = [self.by_month.get((kpi.key, month)) for month in months]
        return [None if pair is None else kpi.value(*pair) for pair in pairs]

    def figure(self, kpi: Kpi, pair: Pair, by: str = "", ref: Any = 0) -> Figure:
        """`ref`: of one part or several. Some of the hospitals are seen from nowhere but there: their links name no others."""
        stand = self.stand
        if by == "hospital" and ref != "-":
            here = tuple(int(pk) for pk in str(ref).split(","))
            stand, by, ref = replace(stand, hospitals=here), "", 0
        return Figure(kpi, stand, self.period.first, self.last, *pair, by, ref)

    def card(self, kpi: Kpi) -> Card:
        if kpi.snapshot:
            return Card(self.figure(kpi, self.reader.now(kpi.key)))
        earlier_pair = self.before.get((kpi.key,))
        return Card(
            self.figure(kpi, self.totals.get(kpi.key, NONE)),
            before=None if earlier_pair is None else kpi.value(*earlier_pair),
            goal=self.targets.get(kpi.key),
            history=self.course(kpi, self.months(COURSE)),
            running=self.period.is_running,
        )

    @cached_property
    def cards(self) -> list[Card]:
        return [self.card(kpi) for kpi in self.kpis if kpi.front]

    @cached_property
    def others(self) -> list[Card]:
        return [self.card(kpi) for kpi in self.kpis if not kpi.front]

    # charts ----------------------------------------------------------------------------------------------------------

    @cached_property
    def charts(self) -> list[tuple[Chart, str]]:
        """Each question a figure answers, as a drawing, and where the whole answer stands."""
        found = []
        for kpi in self.kpis:
            for kind, question in kpi.questions.items():
                drawing = self.trend(kpi, question) if not kind else self.ranking(kpi, kind, question)
                if drawing is not None:
                    found.append((drawing, self.page_of(kpi, kind)))
        return found

    def page_of(self, kpi: Kpi, kind: str = "") -> str:
        query = {"period": self.period.key} | ({"by": kind} if kind else {})
        return f"{reverse('kpi:figure', args=[kpi.key])}?{urlencode(query)}"

    def trend(self, kpi: Kpi, question: Any) -> Chart:
        """Twelve months beside the twelve before them."""
        now = [plotted(kpi, value) for value in self.course(kpi, self.months(12))]
        then = [plotted(kpi, value) for value in self.course(kpi, self.months(12, back=12))]
        labels = [f"{month:%Y-%m}" for month in self.months(12)]
        series = [Series(_("this year"), now, own=True), Series(_("the year before"), then)]
        goal = self.targets.get(kpi.key)
        target = plotted(kpi, goal.target if goal else kpi.target)
        return Chart(
            chart_key(kpi), question, LINE, labels, series, unit=axis(kpi), running=self.last_month >= this_month(),
            target=target, target_name=_("target"),
        )  # fmt: skip

    def ranking(self, kpi: Kpi, kind: str, question: Any) -> Chart | None:
        """Who has most; for shares of what should be more: who lacks most."""
        if kind == "hospital" and len(self.stand.hospitals) < 2:
            return None
        pairs = self.broken_down(kpi, kind)
        if not pairs or (kind == "department" and len(pairs) < 2):
            return None
        lacks = kind != "hospital" and kpi.unit == PERCENT and kpi.good == UP
        rows = [
            (name, (pair[1] or 0) - pair[0] if lacks else plotted(kpi, kpi.value(*pair))) for name, _refs, pair in pairs
        ]
        best = sorted((row for row in rows if row[1]), key=lambda row: -row[1])[:MOST]
        goal = None if lacks else self.targets.get(kpi.key)
        target = None if lacks else plotted(kpi, goal.target if goal else kpi.target)
        return ranked(
            chart_key(kpi, kind), question, best, name=_("overrun") if lacks else str(kpi.label),
            unit="" if lacks else axis(kpi), target=target, target_name=_("target"),
        )  # fmt: skip

    def broken_down(self, kpi: Kpi, kind: str) -> list[tuple[str, list[Any], Pair]]:
        """(name, refs, sums) of each part; parts of one name (a service at several hospitals) stand together."""
        found = self.pairs(kpi, kind)
        called = self.names(kind)
        groups: dict[str, tuple[set[Any], list[Pair]]] = {}
        for ref, pair in found:
            refs, pairs = groups.setdefault(called.get(ref, "?"), (set(), []))
            refs.add(ref)
            pairs.append(pair)
        return [(name, sorted(refs), plus(pairs)) for name, (refs, pairs) in groups.items()]

    def pairs(self, kpi: Kpi, kind: str) -> list[tuple[Any, Pair]]:
        """(ref, sums) of each part."""
        if kind in PARTS:
            return [(key[PARTS[kind]], pair) for key, pair in self.by_part.items() if key[0] == kpi.key]
        return [(key[2], pair) for key, pair in self.by_ref.items() if key[:2] == (kpi.key, kind)]

    @cached_property
    def by_ref(self) -> dict[tuple[Any, ...], Pair]:
        """(key, kind, ref) → the period's sums of the parts the page breaks figures down by."""
        return self.reader.parts_of(self.period.first, self.until)

    def names(self, kind: str) -> dict[Any, str]:
        if kind not in self._names:
            if kind in PARTS:
                refs = {key[PARTS[kind]] for key in self.by_part}
                refs |= set(self.stand.hospitals) if kind == "hospital" else set()  # one without figures has a name too
            else:
                refs = {key[2] for key in self.by_ref if key[1] == kind}
            self._names[kind] = names.names(kind, refs)
        return self._names[kind]

    @cached_property
    def _names(self) -> dict[str, dict[Any, str]]:
        return {}

    # hospitals side by side ------------------------------------------------------------------------------------------

    @cached_property
    def comparison(self) -> list[tuple[str, list[Card]]]:
        """Each hospital with the figures of the top, by name; empty for one alone."""
        if len(self.stand.hospitals) < 2:
            return []
        sums: dict[tuple[Any, str], Pair] = {}
        for (key, hospital, _department), pair in self.by_part.items():
            sums[hospital, key] = plus([sums.get((hospital, key), NONE), pair])
        called = self.names("hospital")
        return [(called.get(h, "?"), [self._beside(kpi, h, sums) for kpi in self.front]) for h in self.stand.hospitals]

    def _beside(self, kpi: Kpi, hospital: int, sums: dict[tuple[Any, str], Pair]) -> Card:
        figure = self.figure(kpi, sums.get((hospital, kpi.key), NONE), "hospital", hospital)
        return Card(figure, goal=held(self.in_force, [hospital]).get(kpi.key))

    @property
    def front(self) -> list[Kpi]:
        return [kpi for kpi in self.kpis if kpi.front]


def chart_key(kpi: Kpi, kind: str = "") -> str:
    return "-".join(["chart", kpi.key.replace(".", "-"), kind or "course"])


def this_month() -> date:
    return timezone.localdate().replace(day=1)
