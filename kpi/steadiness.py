"""The course of a figure with its control limits: which chart suits it, how it is drawn, what is said of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.control import CHARTS, SHARES, SINGLE, Control, Pair, Signal, controlled
from kpi.periods import earlier
from kpi.registry import DOWN, DURATION, NUMERATOR, PERCENT, UP, Kpi
from ui.charts import LINE, Bounds, Chart, Series

MONTHS = 24
BETTER, WORSE = "better", "worse"


def unfinished(months: Sequence[date], pairs: Sequence[Pair | None]) -> set[int]:
    """Months that are not over; and the first of all with records, for work may have begun in its middle."""
    this = timezone.localdate().replace(day=1)
    open_ = {n for n, month in enumerate(months) if month >= this}
    if pairs and pairs[0] is None:
        open_ |= {n for n, pair in enumerate(pairs) if pair is not None and not any(pairs[:n])}
    return open_


def kind_of(kpi: Kpi) -> str:
    """Shares of counted records are judged by how many there were; anything else by how it usually strays."""
    return SHARES if kpi.unit == PERCENT and NUMERATOR in kpi.parts else SINGLE


def judged(kpi: Kpi, months: Sequence[date], pairs: Sequence[Pair | None]) -> Control:
    """The months of a figure, oldest first, with limits and what fired."""
    if not kpi.is_ratio:
        pairs = [pair and (pair[0], None) for pair in pairs]
    factor = Decimal(100 if kpi.unit == PERCENT else 1)
    return controlled(pairs, kind_of(kpi), factor, unfinished(months, pairs))


def last_months(until: date, number: int = MONTHS) -> list[date]:
    return [earlier(until, n) for n in reversed(range(number))]


def tendency(good: str, up: bool) -> str:
    """Is a course that goes this way better or worse? Empty where neither way is better."""
    if good not in (UP, DOWN):
        return ""
    return BETTER if (good == UP) == up else WORSE


@dataclass(frozen=True)
class Remark:
    """A rule that fired, in words: the month, the rule, whether it is for better or worse."""

    month: date
    signal: Signal
    tendency: str

    @property
    def tone(self) -> str:
        return {BETTER: "green", WORSE: "red"}.get(self.tendency, "blue")

    @property
    def icon(self) -> str:
        return "trending-up" if self.signal.up else "trending-down"

    def __str__(self) -> str:
        facts = {"month": f"{self.month:%Y-%m}", "rule": self.signal.words}
        words = {
            BETTER: _("%(month)s: %(rule)s, for the better"),
            WORSE: _("%(month)s: %(rule)s, for the worse"),
        }.get(self.tendency, _("%(month)s: %(rule)s"))
        return words % facts


def remarks(control: Control, months: Sequence[date], good: str) -> list[Remark]:
    """What fired, the newest month first."""
    found = [Remark(months[signal.at], signal, tendency(good, signal.up)) for signal in control.signals]
    return sorted(found, key=lambda remark: remark.month, reverse=True)


def drawing(
    kpi: Kpi, months: Sequence[date], control: Control, *, key: str, target: Decimal | None, unit: str
) -> Chart:
    """The course with its middle and limits; a month where a rule fired wears a ring."""
    scale = Decimal(3600) if kpi.unit == DURATION else Decimal(1)
    marks: dict[int, Any] = {}
    for signal in control.signals:
        marks[signal.at] = f"{marks[signal.at]}; {signal.words}" if signal.at in marks else str(signal.words)
    bounds = Bounds(_scaled(control.lower, scale), _scaled(control.upper, scale), _one(control.middle, scale), marks)
    few = _("Limits are drawn from eight whole months on.")
    running = bool(months) and months[-1] >= timezone.localdate().replace(day=1)
    return Chart(
        key, _("Is it steady, or has something changed?"), LINE, [f"{month:%Y-%m}" for month in months],
        [Series(kpi.label, _scaled(control.values, scale), own=True)], unit=unit, running=running,
        target=_one(target, scale) if kpi.unit == DURATION else target, target_name=_("target"),
        note=few if control.middle is None else CHARTS[control.kind], bounds=None if control.middle is None else bounds,
    )  # fmt: skip


def _one(value: Decimal | None, scale: Decimal) -> Any:
    return None if value is None else round(value / scale, 2)


def _scaled(values: Iterable[Decimal | None], scale: Decimal) -> list[Any]:
    return [_one(value, scale) for value in values]
