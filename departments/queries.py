"""What a department's page shows, in a handful of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from tenancy.models import Team
from tenancy.permissions import TEAM_VIEW
from workorders import dispatching
from workorders import permissions as perm
from workorders.models import HELD, Service, WorkOrder
from workorders.queries import members
from workorders.states import IN_HAND, LIVE, OPEN, STATES

SHOWN = 8


@dataclass(frozen=True)
class Crew:
    """A team with its people and what each has in hand."""

    team: Team
    people: list[tuple[str, int]]


def orders(user: Any, department: str, hospital: int | None) -> QuerySet[WorkOrder]:
    rows = WorkOrder.objects.for_user(user, perm.ORDER_VIEW).filter(department=department)
    return rows.filter(hospital_id=hospital) if hospital else rows


def counts(rows: QuerySet[WorkOrder], at: datetime) -> tuple[list[tuple[Any, int]], int]:
    """How many are in each state, and how many are overdue."""
    late = Count("pk", filter=Q(state__in=OPEN, due_at__lt=at) & ~HELD)
    found = {
        row["state"]: row
        for row in rows.filter(state__in=LIVE).order_by().values("state").annotate(n=Count("pk"), late=late)
    }
    return [(STATES[state], found[state]["n"] if state in found else 0) for state in LIVE], sum(
        row["late"] for row in found.values()
    )


def waiting(user: Any, department: str, hospital: int | None, at: datetime) -> list[dict[str, Any]]:
    """The first of what this person may dispatch."""
    rows = WorkOrder.objects.for_user(user, perm.ORDER_DISPATCH).filter(department=department)
    return dispatching.queue(rows.filter(hospital_id=hospital) if hospital else rows, at)[:SHOWN]


def services(user: Any, department: str, hospital: int | None) -> list[Service]:
    rows = Service.objects.for_user(user, perm.SERVICE_VIEW).filter(department=department, active=True)
    found = list((rows.filter(hospital_id=hospital) if hospital else rows).order_by("hospital_id", "pk"))
    for service in found:  # in seconds, at the usual urgency
        service.promise_to_respond = getattr(service, f"respond_{service.urgency}") * 60
        service.promise_to_complete = getattr(service, f"complete_{service.urgency}") * 60
    return found


def crews(user: Any, department: str, hospital: int | None) -> list[Crew]:
    rows = Team.objects.for_user(user, TEAM_VIEW).filter(department=department, closed_on=None)
    teams = list((rows.filter(hospital_id=hospital) if hospital else rows).order_by("hospital_id", "name"))
    people = list(members(team.pk for team in teams))
    in_hand = WorkOrder.objects.filter(assignee__in=[member.user_id for member in people], state__in=IN_HAND)
    load = dict(in_hand.order_by().values_list("assignee").annotate(Count("pk")))
    return [
        Crew(team, [(member.name, load.get(member.user_id, 0)) for member in people if member.team_id == team.pk])
        for team in teams
    ]
