"""The figures of the loop itself: appeals upheld (G3), corrective actions closed on time (G1)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import CharField, F, Q, QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment import permissions as perm
from assessment.models import Action, Appeal
from assessment.states import CORRECTIVE, DROPPED, REJECTED, UPHELD
from kpi import counting, registry
from kpi.counting import Book, day_in, declare, records
from kpi.registry import DENOMINATOR, DOWN, NUMERATOR, PERCENT, UP, Explain, Kpi


@dataclass(frozen=True)
class Appeals(counting.Counting):
    """How a figure counts appeals; they belong to no department."""

    book: ClassVar[Book] = Book(Appeal, "assessment:appeal_list", {})

    def sums(self, rows: QuerySet[Any], kinds: Collection[str] | None) -> QuerySet[Any]:
        return super().sums(rows.annotate(department=Value("", CharField())), kinds)


@dataclass(frozen=True)
class Actions(counting.Counting):
    """How a figure counts actions whose last day is over."""

    book: ClassVar[Book] = Book(Action, "assessment:action_list", {"person": "owner_id"})

    def condition(self) -> Q:
        return self.among & Q(due_on__lt=timezone.localdate())


LAST_DAY = day_in("due_on")
DECIDED = Appeals(F("decided_at"), Q(state__in=(UPHELD, REJECTED)), Q(state=UPHELD), ratio=True)
CLOSED = Actions(
    LAST_DAY, Q(kind=CORRECTIVE) & ~Q(state=DROPPED), Q(done_at__date__lte=F("due_on")), ratio=True, day_over=True
)  # fmt: skip


def _kpi(name: str, how: Any, label: Any, good: str, explain: Explain, **options: Any) -> None:
    key = f"assessment.{name}"
    declare(key, how)
    parts = (NUMERATOR, DENOMINATOR)
    registry.register(Kpi(key, label, PERCENT, good, how.rows, explain, how.book.dimensions, records, parts, **options))


_kpi(
    "appeals_upheld", DECIDED, _("Appeals upheld"), DOWN,
    Explain(
        _("Of the appeals that were decided, the share in which the hospital was right."), _("Appeals that were upheld"),
        _("Appeals decided"), period=_("the day of the decision"), source="G3",
    ),
    target=Decimal(10), order=90, needs=perm.FROZEN_VIEW,
)  # fmt: skip
_kpi(
    "actions_in_time", CLOSED, _("Corrective actions closed on time"), UP,
    Explain(
        _("Of the corrective actions whose last day is over, the share that was done by that day."),
        _("Actions done by their last day"), _("Actions whose last day is over"), _("Dropped actions."),
        _("the last day"), "G1",
    ),
    target=Decimal(95), order=91, needs=perm.ACTION_VIEW,
)  # fmt: skip
