"""Is a course of months steady, or has something changed? Control charts; pure: numbers in, numbers out.

Shares of n records are judged by a p-chart (Shewhart; limits p̄ ± 3 √(p̄ (1 − p̄) / n)), from a mean n of a thousand on
widened by how much the months really spread (p′, D. B. Laney, Quality Engineering 14, 2002); happenings per so many units by a
u-chart (ū ± 3 √(ū / n)); everything else by an individuals chart (XmR: mean ± 2.66 times the mean moving range, D. J. Wheeler,
Understanding Variation). The tests reckon the examples of D. C. Montgomery, Introduction to Statistical Quality Control.

Four rules (the Western Electric rules with runs of eight, and six for a trend) say that a month is more than chance. A month
that is not over has no part in limits or rules; one without a value ends every run.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

SHARES, EVENTS, SINGLE = "p", "u", "xmr"
ENOUGH = 8  # months, before limits mean anything
LARGE = 1000  # records a month, from which on a p-chart's limits are too narrow by themselves
PER_RANGE = Decimal("1.128")  # d2 of two: the mean distance of neighbours in standard deviations
BEYOND, SIDE, TREND, NEAR = "beyond", "side", "trend", "near"
RULES: dict[str, str | Promise] = {
    BEYOND: _("outside the limits"),
    SIDE: _("eight months in a row on one side of the middle"),
    TREND: _("six months in a row rising or falling"),
    NEAR: _("two of three months close to the same limit"),
}
CHARTS: dict[str, str | Promise] = {
    SHARES: _("Limits of a p-chart: how far a share of so many records strays by chance."),
    EVENTS: _("Limits of a u-chart: how far so many happenings stray by chance."),
    SINGLE: _("Limits of an individuals chart: 2.66 times the mean distance from one month to the next."),
}
RUN, CLIMB = 8, 6
Pair = tuple[Decimal, Decimal | None]


@dataclass(frozen=True)
class Signal:
    """A rule that fired: which, ending with which month, and whether the course lies or goes up there."""

    rule: str
    at: int
    up: bool

    @property
    def words(self) -> str | Promise:
        return RULES[self.rule]


@dataclass(frozen=True)
class Control:
    """A course with its middle, its limits month by month, and the rules that fired. Without limits there were too few months."""

    kind: str
    values: tuple[Decimal | None, ...]
    middle: Decimal | None = None
    spreads: tuple[Decimal | None, ...] = ()  # one standard deviation, of each month
    floor: Decimal | None = None
    ceiling: Decimal | None = None
    signals: tuple[Signal, ...] = ()

    def _limit(self, sign: int) -> list[Decimal | None]:
        if self.middle is None:
            return [None] * len(self.values)
        found = [None if spread is None else self.middle + sign * 3 * spread for spread in self.spreads]
        return [None if limit is None else self._held(limit) for limit in found]

    def _held(self, limit: Decimal) -> Decimal:
        """No share lies below 0 or above 100 %."""
        limit = limit if self.floor is None else max(self.floor, limit)
        return limit if self.ceiling is None else min(self.ceiling, limit)

    @property
    def lower(self) -> list[Decimal | None]:
        return self._limit(-1)

    @property
    def upper(self) -> list[Decimal | None]:
        return self._limit(1)

    @property
    def latest(self) -> list[Signal]:
        """What fired with the last month that was judged."""
        last = max((n for n, spread in enumerate(self.spreads) if spread is not None), default=None)
        return [signal for signal in self.signals if signal.at == last]


def controlled(
    pairs: Sequence[Pair | None], kind: str, factor: Decimal = Decimal(1), unfinished: Collection[int] = ()
) -> Control:
    """The course of (numerator, denominator) a month, oldest first; `factor` as in the figure (100 for percent).

    `unfinished`: the places of months that are not whole. A sum without denominator is judged as it is.
    """
    judged = [None if n in unfinished else pair for n, pair in enumerate(pairs)]
    values = [_value(pair, factor) for pair in judged]
    whole = tuple(_value(pair, factor) for pair in pairs)
    if sum(value is not None for value in values) < ENOUGH:
        return Control(kind, whole)
    middle, spreads = _attribute(judged, kind, factor) if kind in (SHARES, EVENTS) else _individuals(values)
    floor = Decimal(0) if kind in (SHARES, EVENTS) or all(value is None or value >= 0 for value in values) else None
    ceiling = factor if kind == SHARES else None
    return Control(kind, whole, middle, tuple(spreads), floor, ceiling, tuple(_signals(values, middle, spreads)))


def _value(pair: Pair | None, factor: Decimal) -> Decimal | None:
    if pair is None:
        return None
    above, below = pair
    if below is None:
        return above * factor
    return above * factor / below if below else None


def _attribute(pairs: list[Pair | None], kind: str, factor: Decimal) -> tuple[Decimal, list[Decimal | None]]:
    """Middle and standard deviations of shares (p) or happenings (u)."""
    counted = [(above, below) for above, below in filter(None, pairs) if below]
    whole = sum((below for _above, below in counted), Decimal(0))
    rate = sum((above for above, _below in counted), Decimal(0)) / whole
    variance = rate * (1 - rate) if kind == SHARES else rate
    variance = max(variance, Decimal(0))
    spreads = [(variance / pair[1]).sqrt() if pair and pair[1] else None for pair in pairs]
    wider = Decimal(1)
    if kind == SHARES and variance and whole / len(counted) >= LARGE:
        scores = [
            (pair[0] / pair[1] - rate) / spread if pair and pair[1] and spread else None
            for pair, spread in zip(pairs, spreads, strict=True)
        ]
        wider = max(wider, _range(scores) / PER_RANGE)
    return rate * factor, [None if spread is None else spread * wider * factor for spread in spreads]


def _individuals(values: Sequence[Decimal | None]) -> tuple[Decimal, list[Decimal | None]]:
    known = [value for value in values if value is not None]
    spread = _range(values) / PER_RANGE
    return sum(known, Decimal(0)) / len(known), [None if value is None else spread for value in values]


def _range(values: Sequence[Decimal | None]) -> Decimal:
    """The mean distance of neighbouring months that both have a value."""
    steps = [abs(after - before) for before, after in pairwise(values) if before is not None and after is not None]
    return sum(steps, Decimal(0)) / len(steps) if steps else Decimal(0)


def _signals(values: Sequence[Decimal | None], middle: Decimal, spreads: Sequence[Decimal | None]) -> list[Signal]:
    found: list[Signal] = []
    side = climb = 0  # months in a row: above (+) or below (−) the middle; steps in a row: up (+) or down (−)
    zones: list[int] = []  # of each month in how many standard deviations from the middle it lies, with its sign
    for n, value in enumerate(values):
        if value is None:
            side = climb = 0
            zones.append(0)
            continue
        away, before = value - middle, values[n - 1] if n else None
        side = _longer(side, _sign(away))
        climb = _longer(climb, _sign(value - before)) if before is not None else 0
        zones.append(_zone(away, spreads[n]))
        if abs(zones[n]) == 3:
            found.append(Signal(BEYOND, n, away > 0))
        if abs(side) >= RUN:
            found.append(Signal(SIDE, n, side > 0))
        if abs(climb) >= CLIMB - 1:
            found.append(Signal(TREND, n, climb > 0))
        near = [zone for zone in zones[max(0, n - 2) :] if abs(zone) >= 2 and zone * zones[n] > 0]
        if abs(zones[n]) >= 2 and len(near) >= 2:
            found.append(Signal(NEAR, n, away > 0))
    return found


def _sign(number: Decimal) -> int:
    return (number > 0) - (number < 0)


def _longer(run: int, sign: int) -> int:
    """A run that goes on, or begins anew; a month on the middle, or like the one before, ends it."""
    return run + sign if sign and run * sign >= 0 else sign


def _zone(away: Decimal, spread: Decimal | None) -> int:
    if not spread:
        return 0
    return _sign(away) * min(3, next((n for n in (3, 2) if abs(away) > n * spread), 0))
