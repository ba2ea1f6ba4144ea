"""The figure of the register: how much of the equipment is intact."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from assets.states import CONDEMNED, IN_USE, STANDBY
from kpi import counting, registry
from kpi.counting import Book, declare, records
from kpi.registry import DENOMINATOR, NUMERATOR, PERCENT, UP, Explain, Kpi

DIMENSIONS = {"unit": "custodian_id", "place": "place_id"}
KEY = "assets.intact"


@dataclass(frozen=True)
class Standing(counting.Standing):
    """How many assets stand like this at this moment, by the department that keeps them."""

    book: ClassVar[Book] = Book(Asset, "assets:asset_list", DIMENSIONS)


INTACT = Standing(F("bought_on"), ~Q(state=CONDEMNED), Q(state__in=(IN_USE, STANDBY)), ratio=True)
declare(KEY, INTACT)
registry.register(
    Kpi(
        KEY, _("Intact rate of equipment"), PERCENT, UP, INTACT.rows,
        Explain(
            _("Of the equipment, the share that is in use or on stand-by at this moment."),
            _("Assets in use or on stand-by"), _("Assets in the register"), _("Condemned assets."),
            source=_("S4: at least 98 %"),
        ),
        DIMENSIONS, records, (NUMERATOR, DENOMINATOR), target=Decimal(98), snapshot=True, order=80,
    )
)  # fmt: skip
