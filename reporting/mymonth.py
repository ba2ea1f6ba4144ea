"""A person's own month: the figures of their orders and rounds, beside their own months before and the team's middle.

Nobody is ranked and no colleague is named. The team's middle is the median of those of the team who have a value; of fewer
than five it is not shown, for it would tell what a single colleague did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from statistics import median
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce, TruncMonth

from kpi.dashboard import Board
from kpi.figures import Card, with_unit
from kpi.measure import midnight
from kpi.periods import Period, earlier
from kpi.permissions import FIGURE_VIEW
from kpi.queries import Pair
from kpi.registry import Kpi, Standpoint
from tenancy.actors import System
from tenancy.models import Membership
from ui import formats
from workorders.models import Line, WorkOrder

PERSON = "person"
ENOUGH = 5  # people with a value, before their middle tells nothing of one of them
BEFORE = 6  # months that the person's own mean is taken of
READER = System("reporting.my_month", frozenset({FIGURE_VIEW}))  # whose month it is, is asked before


def memberships() -> QuerySet[Membership]:
    """Where people work, each with who is in the same team now (`team_people`)."""
    same = Membership.objects.filter(hospital=OuterRef("hospital"), team=OuterRef("team"), ends_on=None)
    people = ArraySubquery(same.order_by("user_id").values("user_id"))
    return Membership.objects.select_related("hospital", "team").annotate(team_people=people)


@dataclass(frozen=True)
class Mine:
    """A figure of the person's month: the value, their own mean before, the team's middle."""

    card: Card
    own: str  # of the six months before
    middle: str  # of the team; empty where too few have a value
    people: int

    @property
    def kpi(self) -> Kpi:
        return self.card.kpi


class Month(Board):
    """The figures of one person at one hospital, of one period."""

    parts = ()

    def __init__(self, membership: Any, period: Period) -> None:
        self.membership = membership
        super().__init__(READER, Standpoint((membership.hospital_id,), (), PERSON, (membership.user_id,)), period)

    @cached_property
    def mine(self) -> list[Mine]:
        """Every figure that is counted by person and in which this person has any record within a year."""
        cards = [self.card(kpi) for kpi in self.kpis]
        known = [card for card in cards if card.kpi.snapshot or any(value is not None for value in card.history)]
        return [self._mine(card) for card in known]

    def _mine(self, card: Card) -> Mine:
        middle, people = self._middle(card.kpi)
        return Mine(card, with_unit(card.kpi, self._own_mean(card.kpi)), middle, people)

    def _own_mean(self, kpi: Kpi) -> Decimal | None:
        """Of the six months before: of ratios the ratio of the sums, of counts the mean of a month."""
        if kpi.snapshot:
            return None
        months = [earlier(self.period.first, n) for n in range(1, BEFORE + 1)]
        pairs = [pair for month in months if (pair := self.by_month.get((kpi.key, month))) is not None]
        above = sum((pair[0] for pair in pairs), Decimal(0))
        if not kpi.is_ratio:
            return above / len(pairs) if pairs else None
        return kpi.value(above, sum((pair[1] or Decimal(0) for pair in pairs), Decimal(0)))

    def _middle(self, kpi: Kpi) -> tuple[str, int]:
        values = [value for pair in self.colleagues.get(kpi.key, ()) if (value := kpi.value(*pair)) is not None]
        return (with_unit(kpi, median(values)) if len(values) >= ENOUGH else ""), len(values)

    @cached_property
    def colleagues(self) -> dict[str, list[Pair]]:
        """Figure → the sums of each of the team, the person among them, until yesterday."""
        refs = self.membership.team_people
        found: dict[str, list[Pair]] = defaultdict(list)
        for key, _ref, above, below in self.reader.each(self.keys, refs, self.period.first, self.period.end):
            found[key].append((above, below))
        return found

    @cached_property
    def minutes(self) -> list[tuple[date, int]]:
        """Minutes at orders finished in each of the last 13 months, the oldest first: their own and as a helper."""
        person, months = self.membership.user_id, self.months(13)
        start, end = midnight(months[0]), midnight(self.period.end)
        here = {"hospital": self.membership.hospital_id}
        helped = Line.objects.filter(order=OuterRef("pk"), minutes__gt=0).order_by().values("order")
        own = WorkOrder.objects.filter(assignee=person, finished_at__gte=start, finished_at__lt=end, **here)
        own = own.annotate(spent=F("minutes") - Coalesce(Subquery(helped.annotate(s=Sum("minutes")).values("s")), 0))
        helping = Line.objects.filter(person=person, order__finished_at__gte=start, order__finished_at__lt=end, **here)
        found: dict[date, int] = defaultdict(int)
        for rows, moment, column in ((own, "finished_at", "spent"), (helping, "order__finished_at", "minutes")):
            by_month = rows.annotate(month=TruncMonth(moment)).order_by().values_list("month").annotate(s=Sum(column))
            for month, total in by_month:
                found[month.date()] += max(0, total or 0)
        return [(month, found[month]) for month in months]

    @property
    def time_spent(self) -> str:
        return formats.duration(sum(spent for month, spent in self.minutes if month >= self.period.first) * 60)

    @property
    def time_before(self) -> str:
        """The mean of the six months before."""
        months = {earlier(self.period.first, n) for n in range(1, BEFORE + 1)}
        spent = [minutes for month, minutes in self.minutes if month in months and minutes]
        return formats.duration(sum(spent) / len(spent) * 60) if spent else formats.MISSING

    @property
    def time_course(self) -> Sequence[int]:
        return [minutes for _month, minutes in self.minutes]
