"""Ill today: somebody's orders go to colleagues, or back to their teams, in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from flow.machine import stale
from people import domain as people
from people.models import Absence
from tenancy.access import can
from tenancy.models import Membership, Team
from workorders import permissions as perm
from workorders import queries
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.queries import Crew
from workorders.states import IN_HAND
from workorders.suggestion import ON, Candidate, Suggestion, rank


@dataclass(frozen=True)
class Target:
    """Who takes an order: a team, or one person of it."""

    team: Team | None
    assignee: Any = None


@dataclass
class Answer:
    """What became of it: what was handed over, what somebody else had moved meanwhile (and how), what is still there."""

    moved: list[WorkOrder] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    left: list[WorkOrder] = field(default_factory=list)
    absence: Absence | None = None


def in_hand(user_id: int, hospital_id: int) -> QuerySet[WorkOrder]:
    """What somebody has in hand at a hospital, the most pressing first."""
    mine = WorkOrder.objects.filter(hospital_id=hospital_id, assignee=user_id, state__in=IN_HAND)
    return mine.select_related("service", "place", "team").order_by("due_at", "pk")


@transaction.atomic
def hand_over(actor: Any, member: Membership, targets: Mapping[int, Target], reason: str) -> Answer:
    """Give each of these orders (key → who takes it) away. All of them or none: what the machine refuses rolls back
    everything. What the person no longer has in hand stays as it is and is named in the answer.

    Raises PermissionDenied, or ValidationError naming the order.
    """
    answer = Answer()
    for pk in sorted(targets):  # in one order: two who hand over at once wait for each other, never in a circle
        order = ORDERS.lock(WorkOrder(pk=pk))
        if order.assignee_id != member.user_id or order.state not in IN_HAND:
            answer.missed.append(_gone(order, actor))
            continue
        to = targets[pk]
        try:
            moved = ORDERS.move(order, "reassign", actor, team=to.team, assignee=to.assignee, reason=reason)
        except ValidationError as error:
            raise ValidationError(f"{order.number}: {'; '.join(error.messages)}") from error
        answer.moved.append(moved)
    answer.left = list(in_hand(member.user_id, member.hospital_id))
    return answer


def _gone(order: WorkOrder, actor: Any) -> str:
    """What is said of an order that somebody else moved; of one that has left the actor's view, no more than that."""
    if not can(actor, perm.ORDER_VIEW, order):
        return _("One order has gone to another department meanwhile.")
    return f"{order.number}: {stale(order).messages[0]}"


@transaction.atomic
def mark_absent(actor: Any, member: Membership, targets: Mapping[int, Target], **absence: Any) -> Answer:
    """Enter the absence and hand the work over, both or neither. `absence` as `people.domain.enter_absence`."""
    entered = people.enter_absence(actor, member, **absence)
    why = f"{member.name}: {entered.get_reason_display()}"  # type: ignore[attr-defined]
    answer = hand_over(actor, member, targets, why)
    answer.absence = entered
    return answer


def crews(member: Membership, teams: Iterable[Team], at: datetime | None = None) -> list[Crew]:
    """These teams with the colleagues of whoever is away, as they stand now."""
    teams = list(teams)
    people = [who for who in queries.candidates(teams, at or timezone.now()) if who.user_id != member.user_id]
    return [Crew(team, tuple(who for who in people if who.team_id == team.pk)) for team in teams]


def best_first(order: WorkOrder, crews: Iterable[Crew], needed: Mapping[str, str]) -> list[Suggestion]:
    """Whom to give an order, ranked as for the desk: skill, duty, the service's usual team, minutes, nearness."""
    here = [who for crew in crews if crew.team.department == order.department for who in crew.people]
    usual = order.service.team_id
    people = [replace(who, usual=usual is not None and who.team_id == usual) for who in here]
    return rank(people, frozenset(needed), order.place.path)


def share_out(
    orders: Iterable[WorkOrder], crews: list[Crew], needed: Mapping[str, dict[str, str]]
) -> dict[int, Suggestion | None]:
    """Each order to the first who is on duty and lacks no skill; what one is given counts for the next. None: its team.

    `needed` as `people.queries.skills_of_services`.
    """
    plan: dict[int, Suggestion | None] = {}
    for order in orders:
        found = best_first(order, crews, needed.get(order.service.key, {}))
        best = next((one for one in found if one.who.duty == ON and not one.missing), None)
        plan[order.pk] = best
        if best is not None:
            crews = [Crew(crew.team, tuple(_given(who, best, order) for who in crew.people)) for crew in crews]
    return plan


def _given(who: Candidate, best: Suggestion, order: WorkOrder) -> Candidate:
    if who.user_id != best.who.user_id:
        return who
    minutes = who.minutes + order.service.usual_minutes
    return replace(who, open=who.open + 1, minutes=minutes, place=who.place or order.place.path)


def teams_for(user: Any, orders: Iterable[WorkOrder], own: Team | None) -> list[Team]:
    """The teams that may take such work: of the orders' departments, the absent person's own first."""
    departments = {order.department for order in orders}
    here = Team.objects.for_user(user, perm.ORDER_DISPATCH).filter(closed_on=None, department__in=departments)
    hospitals = {order.hospital_id for order in orders}
    return sorted(here.filter(hospital_id__in=hospitals), key=lambda team: (team != own, team.name))
