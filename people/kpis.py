"""The figure of certified operation (Z4): shifts that need a certificate, worked with one that was valid that day."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from kpi import counting, registry
from kpi.counting import Book, day_in, declare, records
from kpi.registry import DENOMINATOR, NUMERATOR, PERCENT, UP, Explain, Kpi
from people.models import WorkedShift
from people.permissions import SKILL_VIEW

KEY = "people.certified"
DIMENSIONS = {"team": "team_id", "contractor": "contractor_id", "person": "person_id"}


@dataclass(frozen=True)
class Shifts(counting.Counting):
    """How a figure counts shifts that were worked and needed a certificate."""

    book: ClassVar[Book] = Book(WorkedShift, "people:worked_list", DIMENSIONS)


DAY = day_in("worked_on")
CERTIFIED = Shifts(DAY, hits=Q(certified=True), ratio=True)
declare(KEY, CERTIFIED)
registry.register(
    Kpi(
        KEY, _("Certified operation"), PERCENT, UP, CERTIFIED.rows,
        Explain(
            _("Of the shifts that need a certificate, the share worked by somebody whose certificate was valid that day."),
            _("Shifts worked with every certificate they need"), _("Shifts worked that need a certificate"),
            _("Shifts of people who were absent; shifts that need no certificate."),
            _("The day the shift began; by the certificates that were valid that day, however late they were entered."),
            _("S4, indicator Z4: 100 %"),
        ),
        DIMENSIONS, records, (NUMERATOR, DENOMINATOR), target=Decimal(100), needs=SKILL_VIEW, order=83,
    ),
)  # fmt: skip
