"""A worker's rounds of today, and where a scanned label leads while one is under way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from inspections import permissions as perm
from inspections.models import Point, Round
from inspections.states import DONE, DUE, SKIPPING, STARTED
from tenancy.models import Door
from workorders.working import teams_of

UNSIGNED = timedelta(days=3)  # how long a finished round stays on the list for the ward's signature
AHEAD = timedelta(days=7)
MOST = 100
RELATED = ("plan", "checklist", "place", "asset__kind", "team", "unit", "assignee", "skill", "edition")


@dataclass
class Day:
    """What is under way, what is late, what is due today, what may be done already, and what still wants a signature."""

    going: list[Round] = field(default_factory=list)
    late: list[Round] = field(default_factory=list)
    today: list[Round] = field(default_factory=list)
    ahead: list[Round] = field(default_factory=list)
    asked: list[Round] = field(default_factory=list)
    unsigned: list[Round] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.going or self.late or self.today)


def rounds_of(user: Any) -> QuerySet[Round]:
    return Round.objects.for_user(user, perm.ROUND_WORK).select_related(*RELATED)


def day_of(user: Any, hospital: int | None = None, now: datetime | None = None) -> Day:
    """Mine, and what nobody of my team has taken yet; overdue first. Two statements."""
    now = now or timezone.now()
    teams = teams_of(user)
    free = Q(assignee=None) & (Q(team__in=teams) if teams else Q())
    here = rounds_of(user).filter(hospital=hospital) if hospital else rounds_of(user)
    undone = here.filter(Q(assignee=user) | free, state__in=(DUE, STARTED, SKIPPING), opens_at__lte=now + AHEAD)
    day = Day()
    for round in undone.order_by("due_at", "id")[:MOST]:
        if round.state == DUE and round.opens_at > now and timezone.localdate(round.due_at) > timezone.localdate(now):
            continue
        _shelf(day, round, now).append(round)
    signable = here.filter(state=DONE, done_by=user, needs_signature=True, signed_at=None)
    day.unsigned = list(signable.filter(done_at__gte=now - UNSIGNED).order_by("-done_at", "-id")[:20])
    return day


def _shelf(day: Day, round: Round, now: datetime) -> list[Round]:
    if round.state == STARTED:
        return day.going
    if round.state == SKIPPING:
        return day.asked
    if round.late_from <= now or round.due_at < now:
        return day.late
    return day.today if timezone.localdate(round.due_at) <= timezone.localdate(now) else day.ahead


def at_door(user: Any, door: Door) -> str | None:
    """The point this label belongs to, of the round this person is doing right now; None outside a round."""
    here = Q(asset_id=door.asset_id) if door.asset_id else Q(place_id=door.place_id, asset=None)
    points = Point.objects.filter(here, round__state=STARTED, round__assignee=user, round__hospital=door.hospital_id)
    point = points.select_related("round").order_by("-round__started_at", "order").first()
    if point is None:
        return None
    return f"{reverse('inspections:my', args=[point.round_id])}#scan={door.token}"
