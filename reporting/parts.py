"""The dashboards of a team and of a contractor: the figures of that part alone, at one hospital or at several.

Who may see the part (`Team`, `Engagement`) sees its figures; whether they see the whole hospital does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum
from django.utils import timezone

from kpi.dashboard import Board
from kpi.figures import Card
from kpi.models import Measurement
from kpi.periods import Period
from kpi.permissions import FIGURE_VIEW
from kpi.queries import Pair, Reader, visible
from kpi.registry import Figure, Kpi, Standpoint
from reporting.permissions import MONTH_VIEW
from tenancy.access import can
from tenancy.actors import System
from tenancy.models import Contractor, Engagement, Membership, Team

TEAM, CONTRACTOR = "team", "contractor"
Part = tuple[Any, str, Standpoint]  # a team or a firm, where it works, from where its figures are seen
Sums = dict[tuple[str, Any], list[tuple[int, str, Pair]]]  # (figure, part) → hospital, department, both sums
READER = System("reporting.parts", frozenset({FIGURE_VIEW}))  # which parts one may see, is asked before


class PartBoard(Board):
    """A dashboard of one team or firm: only figures that are counted by it."""

    parts = ()

    def __init__(self, user: Any, stand: Standpoint, period: Period) -> None:
        super().__init__(user, stand, period)
        self.reader = Reader(READER, stand, self.kpis)


def teams(user: Any) -> QuerySet[Team]:
    """The teams whose figures this person may see."""
    found: QuerySet[Team] = Team.objects.for_user(user, FIGURE_VIEW).filter(closed_on=None)
    return found.select_related("hospital", "contractor").order_by("hospital__code", "department", "name")


def engagements(user: Any) -> QuerySet[Engagement]:
    """Which firms work where and for which department, of what this person may see the figures of."""
    today = timezone.localdate()
    now = Q(starts_on__lte=today) & (Q(ends_on=None) | Q(ends_on__gte=today))
    found: QuerySet[Engagement] = Engagement.objects.for_user(user, FIGURE_VIEW).filter(now)
    return found.select_related("contractor", "hospital").order_by("contractor__name", "hospital__code")


def of_team(team: Team) -> Standpoint:
    return Standpoint((team.hospital_id,), (team.department,), TEAM, (team.pk,))


def of_contractor(contractor: Contractor, found: list[Engagement]) -> Standpoint:
    """The firm at every hospital and in every department of these engagements."""
    hospitals = tuple(sorted({one.hospital_id for one in found}))
    return Standpoint(hospitals, tuple(sorted({one.department for one in found})), CONTRACTOR, (contractor.pk,))


def members(user: Any, team: Team) -> list[Membership]:
    """The people of the team by name, for whoever may see their months; none for others."""
    people = Membership.objects.filter(hospital=team.hospital_id, team=team, ends_on=None).order_by("name")
    if can(user, MONTH_VIEW, team):
        return list(people)
    return list(people.filter(user=user.pk))


@dataclass(frozen=True)
class Row:
    """One team or firm in the list, with the figures of the top."""

    part: Any
    where: str
    cards: list[Card]


def hospitals_of(parts: list[Part]) -> tuple[int, ...]:
    return tuple(sorted({hospital for _part, _where, stand in parts for hospital in stand.hospitals}))


def front(user: Any, kind: str, parts: list[Part]) -> list[Kpi]:
    """The figures of the top that this person may see of all these parts."""
    here = Standpoint(hospitals_of(parts), (), kind)
    return [kpi for kpi in visible(user, here) if kpi.front and not kpi.snapshot] if parts else []


def compared(kpis: list[Kpi], kind: str, parts: list[Part], period: Period) -> list[Row]:
    """Every part with these figures, in one statement; days until yesterday."""
    if not parts:
        return []
    rows = Measurement.objects.for_user(READER, FIGURE_VIEW).filter(
        hospital__in=hospitals_of(parts), kpi__in=[kpi.key for kpi in kpis], kind=kind, day__gte=period.first, day__lt=period.end,
        ref__in=[stand.refs[0] for _part, _where, stand in parts],
    )  # fmt: skip
    sums: Sums = defaultdict(list)
    grouped = rows.order_by().values_list("kpi", "ref", "hospital", "department")
    for key, ref, hospital, department, above, below in grouped.annotate(Sum("numerator"), Sum("denominator")):
        sums[key, ref].append((hospital, department, (above, below)))
    return [Row(part, where, [_card(kpi, stand, sums, period) for kpi in kpis]) for part, where, stand in parts]


def _card(kpi: Kpi, stand: Standpoint, sums: Sums, period: Period) -> Card:
    pairs = [
        pair
        for hospital, department, pair in sums.get((kpi.key, stand.refs[0]), ())
        if hospital in stand.hospitals and department in stand.departments
    ]
    below = [pair[1] for pair in pairs if pair[1] is not None]
    above = sum((pair[0] for pair in pairs), Decimal(0))
    return Card(Figure(kpi, stand, period.first, period.last, above or None, sum(below, Decimal(0)) if below else None))
