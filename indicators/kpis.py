"""The figure of the returns: in on time and complete (G2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from indicators import permissions as perm
from indicators.models import ReturnDue
from kpi import counting, registry
from kpi.counting import Book, day_in, declare, records
from kpi.registry import DENOMINATOR, NUMERATOR, PERCENT, UP, Explain, Kpi

KEY = "indicators.returns_in_time"
BOOK = Book(ReturnDue, "indicators:due_list", {})
LAST_DAY = day_in("due_on")
IN_TIME = Q(handed_in_at__date__lte=F("due_on"), times_returned=0, unknown__len=0)


@dataclass(frozen=True)
class Counting(counting.Counting):
    """How the figure counts returns: only those whose last day is over; they belong to no department."""

    book: ClassVar[Book] = BOOK

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        return super().counted(rows.filter(due_on__lt=timezone.localdate()))

    def sums(self, rows: QuerySet[Any], kinds: Any) -> QuerySet[Any]:
        return super().sums(rows.annotate(department=Value("")), kinds)


_counting = Counting(LAST_DAY, hits=IN_TIME, ratio=True, day_over=True)
declare(KEY, _counting)
registry.register(
    Kpi(
        KEY, _("Returns in on time and complete"), PERCENT, UP, _counting.rows,
        Explain(
            _("Of the returns that the office asked for, the share that was handed in by the last day and complete."),
            _("Handed in by the last day, nothing “not known”, never sent back"), _("Returns whose last day is over"),
            period=_("the last day"), source=_("Index of the consortium, G2"),
        ),
        {}, records, (NUMERATOR, DENOMINATOR), target=Decimal(100), order=90, needs=perm.RETURN_VIEW,
    )
)  # fmt: skip
