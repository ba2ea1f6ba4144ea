"""The figures of the register of hazards: found, by whom, rectified in time, overdue, opened again."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hazards.models import Hazard
from hazards.queries import TO_RECTIFY
from hazards.states import MAJOR, ROUND, VOID
from kpi import counting, registry
from kpi.counting import Book, day_in, declare, records
from kpi.registry import COUNT, DENOMINATOR, DOWN, NUMERATOR, PERCENT, UP, WATCH, Explain, Kpi

DIMENSIONS = {"unit": "unit_id", "team": "team_id", "place": "place_id", "person": "responsible_id"}
HAZARDS = Book(Hazard, "hazards:hazard_list", DIMENSIONS)
FOUND, LAST_DAY = F("found_at"), day_in("due_on")
REAL = ~Q(state=VOID)
IN_TIME = Q(rectified_at__date__lte=F("due_on"), reopened=0)


@dataclass(frozen=True)
class Counting(counting.Counting):
    """How a figure counts hazards."""

    book: ClassVar[Book] = HAZARDS

    def condition(self) -> Q:
        return self.among & Q(due_on__lt=timezone.localdate()) if self.day_over else self.among


@dataclass(frozen=True)
class Overdue(counting.Standing):
    """How many are not rectified at this moment though their last day is over."""

    book: ClassVar[Book] = HAZARDS

    def condition(self) -> Q:
        return self.among & Q(due_on__lt=timezone.localdate())


def _kpi(name: str, how: Any, label: Any, unit: str, good: str, explain: Explain, **options: Any) -> Kpi:
    key = f"hazards.{name}"
    declare(key, how)
    parts = (NUMERATOR, *([DENOMINATOR] if how.ratio else []))
    standing = isinstance(how, Overdue)
    kpi = Kpi(key, label, unit, good, how.rows, explain, DIMENSIONS, records, parts, snapshot=standing, **options)
    registry.register(kpi)
    return kpi


BY_FINDING = _("the day it was found")
NOT_REAL = _("What turned out to be no hazard.")
_kpi(
    "found", Counting(FOUND, REAL), _("Hazards found"), COUNT, WATCH,
    Explain(
        _("How many hazards were found, by rounds and by anybody."), _("All hazards"), exclusions=NOT_REAL,
        period=BY_FINDING,
    ),
    order=70,
)  # fmt: skip
_kpi(
    "by_rounds", Counting(FOUND, REAL, Q(source=ROUND), ratio=True), _("Hazards found by rounds"), PERCENT, WATCH,
    Explain(
        _("Of the hazards, the share that inspection rounds found before anybody reported it."),
        _("Hazards found by rounds"), _("All hazards"), NOT_REAL, BY_FINDING,
    ),
    order=71,
)  # fmt: skip
_kpi(
    "in_time", Counting(LAST_DAY, REAL, IN_TIME, ratio=True, day_over=True), _("Hazards rectified in time"), PERCENT, UP,
    Explain(
        _("Of the hazards whose deadline ended, the share that was rectified by that day and not opened again."),
        _("Rectified by the last day and not opened again"), _("Hazards whose last day is over"), NOT_REAL,
        _("the last day"),
    ),
    target=Decimal(95), order=72,
)  # fmt: skip
_kpi(
    "major_in_time", Counting(LAST_DAY, REAL & Q(grade=MAJOR), IN_TIME, ratio=True, day_over=True),
    _("Major hazards rectified in time"), PERCENT, UP,
    Explain(
        _("Of the major hazards whose deadline ended, the share that was rectified by that day and not opened again."),
        _("Major hazards rectified by the last day and not opened again"), _("Major hazards whose last day is over"), NOT_REAL,
        _("the last day"),
    ),
    target=Decimal(100), order=72,
)  # fmt: skip
_kpi(
    "reopened", Counting(FOUND, REAL, Q(reopened__gt=0), ratio=True), _("Hazards opened again"), PERCENT, DOWN,
    Explain(
        _("Of the hazards, the share that was not gone when it was looked at, or came back."),
        _("Hazards opened again at least once"), _("All hazards"), NOT_REAL, BY_FINDING,
    ),
    order=73,
)  # fmt: skip
_kpi(
    "overdue", Overdue(FOUND, Q(state__in=TO_RECTIFY)), _("Hazards overdue now"), COUNT, DOWN,
    Explain(
        _("How many hazards are not rectified at this moment though their last day is over."),
        _("Hazards past their last day"),
    ),
    order=74,
)  # fmt: skip
