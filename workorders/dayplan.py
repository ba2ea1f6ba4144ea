"""The day plan: what each person of a team has before them, in working order, against what is left of their shift.

Times run from now, or from when the shift begins; each order takes its service's usual minutes. What is on hold takes nobody's
time. Who has no roster is planned for a working day of eight hours, and the page says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from people import queries as people
from people import shifts
from people.queries import UNKNOWN, Standing
from tenancy.models import Membership
from workorders.models import WorkOrder
from workorders.states import ARRIVED, DISPATCHED, IN_HAND, REPORTED, WAITING
from workorders.working import in_order

WORKDAY = timedelta(hours=8)
LEAST = 5  # minutes that work under way takes at least, however long it has lasted already
NOBODY = 60  # how many free orders a page shows
MOST = 1000  # orders in hand on one page
ABSENT, OFF, FULL, NOTHING, FITS = "absent", "off", "full", "nothing", "fits"


@dataclass(frozen=True)
class Stop:
    """One order of somebody's day: from when until when it will probably last."""

    order: WorkOrder
    starts: datetime
    ends: datetime
    late: bool  # done after it is due

    @property
    def lasts(self) -> timedelta:
        return self.ends - self.starts


@dataclass
class Day:
    """One person's day."""

    who: Standing
    begins: datetime  # when the next piece of work can begin
    until: datetime | None  # the end of the shift; None: no shift (any more) today
    shift: str = ""
    assumed: bool = False  # no roster: eight hours
    stops: list[Stop] = field(default_factory=list)
    waiting: list[WorkOrder] = field(default_factory=list)

    @property
    def planned(self) -> timedelta:
        return sum((stop.lasts for stop in self.stops), timedelta())

    @property
    def left(self) -> timedelta:
        """Until the shift ends, from when work can begin."""
        return max(self.until - self.begins, timedelta()) if self.until else timedelta()

    @property
    def over(self) -> timedelta:
        """What does not fit into the shift."""
        return max(self.planned - self.left, timedelta())

    @property
    def load(self) -> str:
        if self.who.absent:
            return ABSENT
        if self.until is None:
            return OFF
        return FULL if self.over else FITS if self.stops else NOTHING


def plan(who: Standing, spans: Iterable[tuple[str, datetime, datetime]], orders: list[WorkOrder], now: datetime) -> Day:
    """Somebody's day: the shift that is going on, else the next of today; the orders one after the other."""
    day = _shift(who, spans, now)
    at = day.begins
    for order in orders:
        if order.state == WAITING:
            day.waiting.append(order)
            continue
        ends = at + timedelta(minutes=_minutes(order, now))
        day.stops.append(Stop(order, at, ends, ends > order.due_at))
        at = ends
    return day


def _shift(who: Standing, spans: Iterable[tuple[str, datetime, datetime]], now: datetime) -> Day:
    if who.roster == UNKNOWN:
        return Day(who, now, now + WORKDAY, assumed=True)
    coming = min((span for span in spans if span[2] > now), key=lambda span: span[1], default=None)
    if coming is None:
        return Day(who, now, None)
    return Day(who, max(now, coming[1]), coming[2], coming[0])


def _minutes(order: WorkOrder, now: datetime) -> int:
    usual = order.service.usual_minutes
    if order.state != ARRIVED or order.arrived_at is None:
        return usual
    return max(LEAST, usual - round((now - order.arrived_at).total_seconds() / 60))


def days(teams: Iterable[int], orders: Any, now: datetime) -> list[Day]:
    """The days of everybody of these teams, the fullest first; `orders` are those the reader may see. Three statements."""
    who = [one for one in people.standing_of_teams(teams, now) if one.team_id]
    return _planned(who, orders, now)


def own_day(team: int, user: Any, orders: Any, now: datetime) -> Day | None:
    """One person's own day in their team."""
    who = [one for one in people.standing_of_teams([team], now) if one.user_id == user.pk]
    return next(iter(_planned(who, orders, now)), None)


def _planned(who: list[Standing], orders: Any, now: datetime) -> list[Day]:
    spans = _spans([one.member_id for one in who], now)
    hands: dict[int, list[WorkOrder]] = {}
    mine = orders.filter(assignee__in=[one.user_id for one in who], state__in=IN_HAND).order_by("due_at", "pk")[:MOST]
    for order in in_order(mine, now):
        hands.setdefault(order.assignee_id or 0, []).append(order)
    found = [plan(one, spans.get(one.member_id, []), hands.get(one.user_id, []), now) for one in who]
    return sorted(found, key=lambda day: (bool(day.who.absent), day.until is None, -day.over, day.who.name))


def _spans(members: list[int], now: datetime) -> dict[int, list[tuple[str, datetime, datetime]]]:
    """The shifts of yesterday and today of these members, without the days they are absent."""
    today = shifts.local_day(now)
    found: dict[int, list[tuple[str, datetime, datetime]]] = {}
    for row in people.week(Membership.objects.filter(pk__in=members), today - shifts.DAY, 2):
        for day, planned, away in zip((today - shifts.DAY, today), row.days, row.absences, strict=True):
            here = () if away else planned.all
            spans = [(shift.name, *shifts.span(day, shift.starts, shift.ends)) for shift in here]
            found.setdefault(row.member.pk, []).extend(spans)
    return found


def free(teams: Iterable[int], departments: Iterable[str], orders: Any, now: datetime) -> list[WorkOrder]:
    """What nobody has yet: sent to these teams, or reported to their departments and not sent to anybody."""
    sent = Q(state=DISPATCHED, assignee=None, team__in=list(teams))
    found = orders.filter(sent | Q(state=REPORTED, department__in=set(departments))).order_by("due_at", "pk")
    return in_order(found[:NOBODY], now)
