"""How figures are put before people: the value in its unit, the target, the difference to the year before in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from kpi.models import Target
from kpi.reach import MEAN, SHARE, SUM, Needed, needed
from kpi.registry import (
    COUNT,
    DENOMINATOR,
    DOWN,
    DURATION,
    MONEY,
    NUMERATOR,
    PERCENT,
    SHORT,
    STARS,
    UP,
    Figure,
    Kpi,
    Words,
)
from ui import formats
from ui.parts import escaped

MOST_STARS = 5
SMALL = 10  # fewer records than this say little


def written(kpi: Kpi, value: Any) -> str:
    """A value as people read it; "—" where there is none."""
    if value is None:
        return formats.MISSING
    if kpi.unit == DURATION:
        return formats.duration(float(value))
    if kpi.unit == MONEY:
        return formats.money(value)
    if kpi.unit == COUNT:
        return formats.number(int(value))
    return formats.number(value, 2 if kpi.unit == STARS else 1)


def unit_of(kpi: Kpi) -> str:
    """What stands behind the value, if anything."""
    return {PERCENT: "%", STARS: _("of 5")}.get(kpi.unit, "")


def with_unit(kpi: Kpi, value: Any) -> str:
    text, unit = written(kpi, value), unit_of(kpi)
    return f"{text}{formats.THIN}{unit}" if unit and value is not None else text


def limit(kpi: Kpi, value: Decimal) -> str:
    """A value to be reached: ≥ 95 %, ≤ 2 h."""
    unit = unit_of(kpi)
    exact = formats.number(value) + (f"{formats.THIN}{unit}" if unit else "")
    return f"{'≥' if kpi.good == UP else '≤'}{formats.THIN}{written(kpi, value) if kpi.unit in (DURATION, MONEY) else exact}"


def signed(value: Decimal, digits: int) -> str:
    return f"{'+' if value > 0 else '−' if value < 0 else '±'}{formats.number(abs(value), digits)}"


def difference(kpi: Kpi, value: Decimal | None, before: Decimal | None) -> str:
    """Against the year before, in words: −16.18 % for sums, points for shares."""
    if value is None or before is None or (kpi.unit != PERCENT and not before):
        return ""
    if kpi.unit == PERCENT:
        return _("%(points)s points") % {"points": signed(value - before, 1)}
    return f"{signed((value - before) / before * 100, 2)}{formats.THIN}%"


def tone_of(kpi: Kpi, value: Decimal | None, target: Decimal | None, floor: Decimal | None) -> str:
    """Green in target, amber short of it, red below what is acceptable at all."""
    return tone(kpi.good, value, target, floor)


def tone(good: str, value: Decimal | None, target: Decimal | None, floor: Decimal | None) -> str:
    """The same for anything with a direction."""
    if value is None or target is None or good not in (UP, DOWN):
        return ""
    short = value < target if good == UP else value > target
    if not short:
        return "green"
    if floor is None:
        return "red"
    return "red" if (value < floor if good == UP else value > floor) else "amber"


def count_words(amount: str, found: Needed) -> str:
    return (_("%(amount)s more") if found.more else _("%(amount)s fewer")) % {"amount": amount}


def each_words(amount: str, found: Needed) -> str:
    return (_("%(amount)s more each") if found.more else _("%(amount)s less each")) % {"amount": amount}


def needed_words(short: str, found: Needed | None, numerator: Words) -> str:
    """What is short, out of how many, of what."""
    if found is None or found.of is None:
        return f"{short}: {numerator}" if found else ""
    return _("%(short)s of %(of)s: %(what)s") % {"short": short, "of": formats.number(found.of), "what": numerator}


def _link(url: str, words: str) -> str:
    return f'<a href="{escaped(url)}">{escaped(words)}</a>' if url else escaped(words)


@dataclass(frozen=True)
class Card:
    """A figure of a period with all that is said about it."""

    figure: Figure
    before: Decimal | None = None  # the year before
    goal: Target | None = None
    history: Sequence[Decimal | None] = ()
    running: bool = False

    @property
    def kpi(self) -> Kpi:
        return self.figure.kpi

    @property
    def value(self) -> str:
        return written(self.kpi, self.figure.value)

    @property
    def unit(self) -> str:
        return unit_of(self.kpi) if self.figure.value is not None else ""

    @property
    def target(self) -> Decimal | None:
        return self.goal.target if self.goal else self.kpi.target

    @property
    def is_judged(self) -> bool:
        """A target of a sum is one of a month: over longer stretches only 0 can be compared with it."""
        return self.kpi.is_ratio or not self.target or (self.figure.last - self.figure.first).days < 31

    @property
    def tone(self) -> str:
        if not self.is_judged:
            return ""
        return tone_of(self.kpi, self.figure.value, self.target, self.goal.floor if self.goal else None)

    @property
    def target_text(self) -> str:
        return _("target %(target)s") % {"target": limit(self.kpi, self.target)} if self.target is not None else ""

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The lowest acceptable value and the stretch, where they are decided."""
        asked = (
            [(_("Lowest acceptable value"), self.goal.floor), (_("Stretch"), self.goal.stretch)] if self.goal else []
        )
        return [(words, limit(self.kpi, value)) for words, value in asked if value is not None]

    @cached_property
    def needed(self) -> Needed | None:
        """What would have had to be otherwise for the target to be reached."""
        if not self.is_judged:
            return None
        unit, most = self.kpi.unit, Decimal(MOST_STARS) if self.kpi.unit == STARS else None
        kind = SHARE if unit == PERCENT else MEAN if self.kpi.is_ratio else SUM
        factor = Decimal(100 if unit == PERCENT else 1)
        above, below = self.figure.numerator or Decimal(0), self.figure.denominator
        return needed(kind, self.kpi.good, above, below, self.target, factor, most)

    @property
    def needed_short(self) -> str:
        """14 more, 3 fewer, 30 min less each."""
        if self.needed is None:
            return ""
        if self.needed.each is not None:
            return each_words(written(self.kpi, abs(self.needed.each)), self.needed)
        amount = abs(self.needed.amount)
        return count_words(written(self.kpi, amount) if self.kpi.unit == MONEY else formats.number(amount), self.needed)

    @property
    def needed_text(self) -> str:
        """14 more of 320: finished inside the limit."""
        return needed_words(self.needed_short, self.needed, self.kpi.explain.numerator)

    @property
    def before_text(self) -> str:
        return with_unit(self.kpi, self.before)

    @property
    def difference(self) -> str:
        return difference(self.kpi, self.figure.value, self.before)

    @property
    def count(self) -> int | None:
        """How many records it is out of."""
        return None if self.figure.denominator is None else int(self.figure.denominator)

    @property
    def is_small(self) -> bool:
        return self.count is not None and 0 < self.count < SMALL

    @property
    def numerator(self) -> str:
        """The numerator in its own unit: a count for shares, else what is summed."""
        n = self.figure.numerator or Decimal(0)
        return formats.number(int(n)) if self.kpi.unit in (COUNT, PERCENT) else (
            formats.number(n, 1) if self.kpi.unit == STARS else written(self.kpi, n)
        )  # fmt: skip

    @property
    def cell(self) -> SafeString:
        """In a table: the value leads to its records, n to those it is out of. Drawn here, since a table has hundreds."""
        shown = _link(self.value_url, self.value) + (f" {escaped(self.unit)}" if self.unit else "")
        if self.count is not None:
            shown += f'<span class="second">n {_link(self.denominator_url, formats.number(self.count))}</span>'
        return SafeString(shown)

    @property
    def url(self) -> str:
        """The records behind it: its numerator's, else those it is out of."""
        return self.value_url or self.denominator_url

    @cached_property
    def numerator_url(self) -> str:
        return self.figure.url(NUMERATOR)

    @cached_property
    def value_url(self) -> str:
        """Where the value itself leads: the records of its numerator, else those that fall short."""
        return self.numerator_url or self.short_url

    @cached_property
    def short_url(self) -> str:
        return self.figure.url(SHORT)

    @cached_property
    def denominator_url(self) -> str:
        return self.figure.url(DENOMINATOR)
