"""Reads that are shared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from people.queries import UNKNOWN, skills_of_service, standing_of_teams
from tenancy import access
from tenancy.models import Engagement, Membership, Place, ScopedQuerySet, Team
from tenancy.permissions import TEAM_VIEW
from workorders.models import HELD, Service, WorkOrder
from workorders.permissions import SERVICE_VIEW
from workorders.states import ARRIVED, IN_HAND, OPEN, WAITING
from workorders.suggestion import CALL, OFF, ON, Candidate, Suggestion, rank


def open_at(place: Place) -> QuerySet[WorkOrder]:
    """What is already reported at this place or inside it; for "already reported?"."""
    return WorkOrder.objects.filter(Place.within(place.path, "place__path"), state__in=OPEN).order_by("-reported_at")


def overdue(orders: ScopedQuerySet, at: Any) -> QuerySet[WorkOrder]:
    """Open orders past their limit; what is on hold for a reason that stops the clock is not."""
    return orders.filter(state__in=OPEN, due_at__lt=at).exclude(HELD)


@dataclass(frozen=True)
class Crew:
    """A team that does this work, with its people, and which skills its work of this kind needs."""

    team: Team
    people: tuple[Candidate, ...]


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
    """The teams that may do an order, the service's usual team first, each with its people as they stand now."""
    here = Team.objects.for_user(user, TEAM_VIEW).filter(hospital_id=order.hospital_id, department=order.department)
    ready = Q(contractor=None) | Q(contractor__in=engaged(order).values("contractor"))
    teams = list(here.filter(ready, closed_on=None).order_by("name"))
    people = candidates(teams, timezone.now(), order.service.team_id)
    manned = {who.team_id for who in people}
    teams.sort(key=lambda team: (team.pk != order.service.team_id, team.pk not in manned))
    return [Crew(team, tuple(who for who in people if who.team_id == team.pk)) for team in teams]


def candidates(teams: Iterable[Team], at: datetime, usual: int | None = None) -> list[Candidate]:
    """Everybody of these teams: skills, duty, what they have in hand and where. Two statements."""
    standings = [one for one in standing_of_teams((team.pk for team in teams), at) if one.team_id]
    hands = in_hand_of(one.user_id for one in standings)
    return [
        Candidate(
            user_id=one.user_id,
            name=one.name,
            team_id=one.team_id or 0,
            skills=one.skills,
            duty=ON if one.on_duty else CALL if one.on_call else OFF,
            rostered=one.roster != UNKNOWN,
            until=one.until,
            usual=one.team_id == usual,
            absent=bool(one.absent),
            open=hands[one.user_id].open,
            minutes=hands[one.user_id].minutes,
            place=hands[one.user_id].place,
        )
        for one in standings
    ]


@dataclass
class Hands:
    """What somebody has in hand: how many orders, their usual minutes, and the place of the one at work."""

    open: int = 0
    minutes: int = 0
    place: str = ""


def in_hand_of(people: Iterable[int]) -> defaultdict[int, Hands]:
    """By person; what is on hold takes nobody's time today."""
    rows = WorkOrder.objects.filter(assignee__in=list(people), state__in=IN_HAND).order_by("due_at", "pk")
    found: defaultdict[int, Hands] = defaultdict(Hands)
    for person, state, minutes, path in rows.values_list(
        "assignee_id", "state", "service__usual_minutes", "place__path"
    ):
        hands = found[person]
        hands.open += 1
        if state != WAITING:
            hands.minutes += minutes
            hands.place = path if state == ARRIVED or not hands.place else hands.place
    return found


def suggestions(order: WorkOrder, crews: Iterable[Crew]) -> tuple[list[Suggestion], dict[str, str]]:
    """Whom to send, the best first, and the skills that this work needs: key → name."""
    needed = skills_of_service(order.hospital_id, order.service.key)
    people = [who for crew in crews for who in crew.people]
    return rank(people, frozenset(needed), order.place.path), needed


def offered_to(user: Any) -> ScopedQuerySet:
    """The services this person may see and ask for: offered, by departments that are switched on at the hospital."""
    offered = Q(pk__in=[])
    for hospital in access.hospitals(user):
        offered |= Q(hospital_id=hospital["id"], department__in=hospital["modules"])
    return Service.objects.for_user(user, SERVICE_VIEW).filter(offered, active=True, internal=False)
