"""What may have a target: the measured figures, and whatever else rooms above make known."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from kpi import registry
from kpi.registry import DURATION, MONEY, PERCENT, STARS, Words

HOUR = Decimal(3600)


@dataclass(frozen=True)
class Aim:
    """An indicator as a target sees it."""

    key: str
    label: Words
    unit: Words  # as people write the target
    good: str
    most: int | None = None  # where the scale ends: 100 % of a share, 5 stars
    scale: Decimal = Decimal(1)  # stored for 1 as written: 3,600 seconds for an hour
    group: Words = ""  # under which it is offered

    def refused(self, value: Decimal) -> str:
        """Why a value, as people write it, lies beyond the scale; empty where it does not."""
        if self.most is None or 0 <= value <= self.most:
            return ""
        return gettext("Between 0 and %(most)s, please.") % {"most": self.most}


Source = Callable[[int], Iterable[Aim]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Make known what may have a target in a consortium (its id); what is told later stands for what was told before."""
    _sources.append(source)


def aims(consortium_id: int) -> dict[str, Aim]:
    return {aim.key: aim for source in _sources for aim in source(consortium_id)}


UNITS: dict[str, Words] = {PERCENT: "%", STARS: _("of 5"), MONEY: _("yuan"), DURATION: _("h")}
ENDS = {PERCENT: 100, STARS: 5}


def _measured(consortium_id: int) -> Iterable[Aim]:
    for kpi in registry.measured():
        scale = HOUR if kpi.unit == DURATION else Decimal(1)
        yield Aim(kpi.key, kpi.label, UNITS.get(kpi.unit, ""), kpi.good, ENDS.get(kpi.unit), scale, _("Figures"))


register(_measured)
