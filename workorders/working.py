"""What a technician needs to know: which jobs, in which order, how long at work, what it usually was."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from tenancy.models import Membership
from workorders import permissions as perm
from workorders.models import WorkOrder
from workorders.states import ARRIVED, CRITICAL, DISPATCHED, DONE, IN_HAND, URGENCIES, WAITING

UNSIGNED = timedelta(days=3)  # how long a finished job stays on the list for the ward's signature
USUAL = timedelta(days=365)
LONGEST = 8 * 60  # minutes: a day's work; a job left open overnight is not a night's work


@dataclass
class Jobs:
    """The worker's day: mine, what nobody of the team has yet, what waits, what the ward has still to sign."""

    mine: list[WorkOrder] = field(default_factory=list)
    free: list[WorkOrder] = field(default_factory=list)
    waiting: list[WorkOrder] = field(default_factory=list)
    done: list[WorkOrder] = field(default_factory=list)


def teams_of(user: Any) -> list[int]:
    """The teams the person works in today."""
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    members = Membership.objects.filter(at_work, user=user, team__isnull=False)
    return list(members.values_list("team_id", flat=True))


def work_for(user: Any) -> Any:
    related = ("service", "place", "unit", "team", "assignee", "asset")
    return WorkOrder.objects.for_user(user, perm.ORDER_WORK).select_related(*related)


def jobs(user: Any, hospital: int | None = None, now: datetime | None = None) -> Jobs:
    """The list of the day, sorted by what is next."""
    now, teams = now or timezone.now(), teams_of(user)
    free = Q(assignee=None, state=DISPATCHED) & (Q(team__in=teams) if teams else Q())
    mine = Q(assignee=user, state__in=IN_HAND) | Q(assignee=user, state=DONE, finished_at__gte=now - UNSIGNED)
    found = work_for(user).filter(mine | free)
    found = found.filter(hospital=hospital) if hospital else found
    day = Jobs()
    for order in in_order(found.order_by("id")[:300], now):
        _shelf(day, order).append(order)
    return day


def in_order(orders: Iterable[WorkOrder], now: datetime) -> list[WorkOrder]:
    """As they are worked off."""
    return sorted(orders, key=lambda order: _next(order, now))


def _shelf(day: Jobs, order: WorkOrder) -> list[WorkOrder]:
    if order.assignee_id is None:
        return day.free
    return {WAITING: day.waiting, DONE: day.done}.get(order.state, day.mine)


def _next(order: WorkOrder, now: datetime) -> tuple[bool, bool, int, bool, datetime]:
    """The emergency, what is in hand, then the most urgent, then the overdue, then what is due first."""
    urgency = list(URGENCIES).index(order.urgency)
    return order.urgency != CRITICAL, order.state != ARRIVED, -urgency, order.due_at >= now, order.due_at


def in_hand(user: Any) -> int:
    """How many jobs stand at the person; for the menu."""
    return work_for(user).filter(assignee=user, state__in=IN_HAND).exclude(state=WAITING).count()


def minutes_at_work(events: Iterable[Any], now: datetime) -> int:
    """How long the order was "at work" since it was last reopened: what the minutes are filled in with."""
    seconds, since = 0.0, None
    for event in events:
        if not event.target:
            continue
        if since and event.target != ARRIVED:
            seconds += (event.at - since).total_seconds()
            since = None
        if event.verb == "reopen":
            seconds = 0.0
        if event.target == ARRIVED and since is None:
            since = event.at
    if since:
        seconds += (now - since).total_seconds()
    return min(max(1, round(seconds / 60)), LONGEST)


def usual_words(user: Any, order: WorkOrder, what: str) -> list[str]:
    """The most common causes or remedies of this service: one tap instead of typing."""
    done = WorkOrder.objects.for_user(user, perm.ORDER_VIEW).filter(
        service=order.service_id, hospital=order.hospital_id, finished_at__gte=timezone.now() - USUAL
    )
    counted = done.exclude(**{what: ""}).order_by().values(what).annotate(n=Count("id")).order_by("-n", what)
    return [row[what] for row in counted[:6]]


def mates(order: WorkOrder, user: Any) -> list[Membership]:
    """Who of the team may have helped."""
    if order.team_id is None:
        return []
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    people = Membership.objects.filter(at_work, team=order.team_id).exclude(user=user).select_related("user")
    return list(people.order_by("initials", "name")[:40])
