"""Reads that are shared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from tenancy import access
from tenancy.models import Engagement, Membership, Place, ScopedQuerySet, Team
from tenancy.permissions import TEAM_VIEW
from workorders.models import HELD, Service, WorkOrder
from workorders.permissions import SERVICE_VIEW
from workorders.states import IN_HAND, OPEN


def open_at(place: Place) -> QuerySet[WorkOrder]:
    """What is already reported at this place or inside it; for "already reported?"."""
    return WorkOrder.objects.filter(Place.within(place.path, "place__path"), state__in=OPEN).order_by("-reported_at")


def overdue(orders: ScopedQuerySet, at: Any) -> QuerySet[WorkOrder]:
    """Open orders past their limit; what is on hold for a reason that stops the clock is not."""
    return orders.filter(state__in=OPEN, due_at__lt=at).exclude(HELD)


@dataclass(frozen=True)
class Colleague:
    """Somebody of a team, and how many orders they have in hand."""

    user: Any
    open: int


@dataclass(frozen=True)
class Crew:
    """A team that does this work, with its people."""

    team: Team
    people: tuple[Colleague, ...]


def members(teams: Iterable[int]) -> QuerySet[Membership]:
    """Who is in these teams today, by name."""
    today = timezone.localdate()
    found = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), team__in=list(teams))
    return found.filter(starts_on__lte=today, user__is_active=True).select_related("user").order_by("name")


def engaged(order: WorkOrder) -> QuerySet[Engagement]:
    """The engagements under which a firm may do this work today."""
    today = timezone.localdate()
    here = Engagement.objects.filter(hospital=order.hospital_id, department=order.department, starts_on__lte=today)
    return here.filter(Q(ends_on=None) | Q(ends_on__gte=today))


def crews(user: Any, order: WorkOrder) -> list[Crew]:
    """The teams that may do an order, the service's usual team first, each with its people and their open work."""
    here = Team.objects.for_user(user, TEAM_VIEW).filter(hospital_id=order.hospital_id, department=order.department)
    ready = Q(contractor=None) | Q(contractor__in=engaged(order).values("contractor"))
    teams = list(here.filter(ready, closed_on=None).order_by("name"))
    usual = order.service.team_id
    people = list(members(team.pk for team in teams))
    manned = {member.team_id for member in people}
    teams.sort(key=lambda team: (team.pk != usual, team.pk not in manned))
    load = dict(
        WorkOrder.objects.filter(assignee__in=[member.user_id for member in people], state__in=IN_HAND)
        .order_by()
        .values_list("assignee")
        .annotate(Count("pk"))
    )
    return [
        Crew(team, tuple(Colleague(m.user, load.get(m.user_id, 0)) for m in people if m.team_id == team.pk))
        for team in teams
    ]


def offered_to(user: Any) -> ScopedQuerySet:
    """The services this person may see and ask for: offered, by departments that are switched on at the hospital."""
    offered = Q(pk__in=[])
    for hospital in access.hospitals(user):
        offered |= Q(hospital_id=hospital["id"], department__in=hospital["modules"])
    return Service.objects.for_user(user, SERVICE_VIEW).filter(offered, active=True)
