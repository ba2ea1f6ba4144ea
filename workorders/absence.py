"""Ill today: somebody's orders go to colleagues, or back to their teams, in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from flow.machine import stale
from people import domain as people
from people import queries as duty
from people.models import Absence
from tenancy.access import can
from tenancy.models import Membership, Team
from workorders import permissions as perm
from workorders import queries
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.states import IN_HAND


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


@dataclass(frozen=True)
class Candidate:
    """A colleague who could take the work: on duty or not, and how much they have in hand."""

    member: Membership
    standing: duty.Standing
    load: int

    @property
    def words(self) -> str:
        there = _("absent") if self.standing.absent else _("on duty") if self.standing.on_duty else _("off duty")
        return _("%(name)s (%(there)s, has %(count)s)") % {
            "name": self.member.name, "there": there, "count": self.load,
        }  # fmt: skip


def candidates(member: Membership, teams: Iterable[Team], at: datetime | None = None) -> list[Candidate]:
    """The colleagues in these teams: who is on duty and has least to do stands first."""
    people = [one for one in queries.members(team.pk for team in teams) if one.user_id != member.user_id]
    ids = [one.user_id for one in people]
    standing = duty.standing(member.hospital_id, ids, at or timezone.now())
    busy = WorkOrder.objects.filter(hospital_id=member.hospital_id, assignee__in=ids, state__in=IN_HAND)
    load = dict(busy.order_by().values_list("assignee").annotate(Count("pk")))
    found = [Candidate(p, standing[p.user_id], load.get(p.user_id, 0)) for p in people if p.user_id in standing]
    return sorted(found, key=lambda one: (not one.standing.on_duty, one.load, one.member.name))


def share_out(member: Membership, orders: Iterable[WorkOrder], people: list[Candidate]) -> dict[int, Target]:
    """Each order to whoever is on duty, has the skills of its service and least in hand; its team where nobody is."""
    needed = duty.skills_of_services(member.hospital_id)
    load = {one.member.user_id: one.load for one in people}
    plan = {}
    for order in orders:
        able = [
            one
            for one in people
            if one.standing.on_duty
            and one.member.team_id == order.team_id
            and needed.get(order.service.key, frozenset()) <= one.standing.skills
        ]
        best = min(able, key=lambda one: (load[one.member.user_id], one.member.name), default=None)
        if best is not None:
            load[best.member.user_id] += 1
        plan[order.pk] = Target(order.team, best.member.user if best else None)
    return plan


def teams_for(user: Any, orders: Iterable[WorkOrder], own: Team | None) -> list[Team]:
    """The teams that may take such work: of the orders' departments, the absent person's own first."""
    departments = {order.department for order in orders}
    here = Team.objects.for_user(user, perm.ORDER_DISPATCH).filter(closed_on=None, department__in=departments)
    hospitals = {order.hospital_id for order in orders}
    return sorted(here.filter(hospital_id__in=hospitals), key=lambda team: (team != own, team.name))
