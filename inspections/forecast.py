"""What a plan will come to, reckoned and not stored: its next dates, the load of a team, where it would weigh least."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from assets.models import Asset
from inspections import recurrence, subjects
from inspections.models import Plan
from inspections.recurrence import Rule
from inspections.states import DAY, EVERY_ASSET, KEEP, LATER, MONTH, RUNNING, WEEK
from tenancy.models import Place
from workorders.limits import calendar_of
from workorders.sla import WorkingCalendar

WEEKS = 12
MOST_PLANS = 400  # of one team, that its load is added up from
MOST_DATES = 2500  # of one plan that counts from completions, in twelve weeks


def upcoming(plan: Plan, now: datetime, count: int, calendar: WorkingCalendar | None = None) -> list[datetime]:
    """The next dates by the calendar, as if each were done when it is due. Spread assets: those of the first share."""
    calendar = calendar or calendar_of(plan.hospital_id)
    if not plan.step:
        return []
    if not plan.is_rolling:
        return recurrence.upcoming(Rule.of(plan), calendar, now, count)
    return _chain(plan, calendar, now, count)


def _chain(plan: Plan, calendar: WorkingCalendar, now: datetime, count: int, until: date = date.max) -> list[datetime]:
    found: list[datetime] = []
    rule = Rule.of(plan)
    moment = recurrence.first_of(rule, calendar, now)
    while moment is not None and len(found) < count and moment.date() <= until:
        found.append(moment)
        moment = recurrence.next_of(rule, calendar, moment)
    return found


def things(plan: Plan) -> int:
    """How many rounds each date makes: the assets that match, else one."""
    if plan.subject != EVERY_ASSET:
        return 1
    below = Place.within(plan.place.path, "place__path")
    mine = Asset.objects.filter(below, hospital=plan.hospital_id, kind=plan.kind_id)
    return mine.exclude(state__in=subjects.GONE).count()


Load = Counter[date]  # minutes of work by day


def load_of(plan: Plan, count: int, calendar: WorkingCalendar, first: date, last: date) -> Load:
    """The minutes a plan takes, day by day."""
    load: Load = Counter()
    if not plan.step or not count:
        return load
    if plan.is_rolling:
        start = datetime.combine(first, datetime.min.time(), calendar.zone)
        for moment in _chain(plan, calendar, start, MOST_DATES, last):
            load[moment.date()] += plan.minutes * count
        return load
    rule, days = Rule.of(plan), max(plan.spread_days, 1)
    shares = Counter(number * subjects.SPREAD % days for number in range(count)) if days > 1 else Counter({0: count})
    for share, each in shares.items():
        for moment in recurrence.due(replace(rule, offset_days=rule.offset_days + share), calendar, first, last):
            load[moment.date()] += plan.minutes * each
    return load


def load_of_team(plan: Plan, calendar: WorkingCalendar, first: date, last: date) -> Load:
    """The minutes of all other running plans of the team."""
    others = Plan.objects.filter(team=plan.team_id, state=RUNNING).exclude(pk=plan.pk)
    found = list(others.order_by("pk")[:MOST_PLANS])
    counts, load = subjects.counts([other.pk for other in found]), Counter[date]()
    for other in found:
        load += load_of(other, counts.get(other.pk, 0), calendar, first, last)
    return load


@dataclass(frozen=True)
class Week:
    """Minutes of one week: what the team has anyway, and what this plan adds."""

    monday: date
    others: int
    this: int

    @property
    def both(self) -> int:
        return self.others + self.this


def weeks(others: Load, this: Load, first: date) -> list[Week]:
    """Twelve weeks, Monday first."""
    monday = first - timedelta(days=first.weekday())
    sums: dict[date, list[int]] = defaultdict(lambda: [0, 0])
    for number, load in enumerate((others, this)):
        for day, minutes in load.items():
            sums[day - timedelta(days=day.weekday())][number] += minutes
    mondays = [monday + timedelta(weeks=n) for n in range(WEEKS)]
    return [Week(start, *sums[start]) for start in mondays]


@dataclass(frozen=True)
class Offer:
    """Another setting with less work on the worst day: which fields, and the minutes of that day now and then."""

    fields: dict[str, Any]
    now: int
    then: int


def lightest(plan: Plan, count: int, others: Load, calendar: WorkingCalendar, first: date, last: date) -> Offer | None:
    """Where the plan's worst day weighs least; None where it stands well already."""
    present = _worst(plan, count, others, calendar, first, last)
    best: Offer | None = None
    for fields in _ways(plan, count):
        other = copy(plan)
        for name, value in fields.items():
            setattr(other, name, value)
        then = _worst(other, count, others, calendar, first, last)
        if then < present and (best is None or then < best.then):
            best = Offer(fields, present, then)
    return best


def _worst(plan: Plan, count: int, others: Load, calendar: WorkingCalendar, first: date, last: date) -> int:
    """The minutes of the heaviest day on which the plan has work."""
    mine = load_of(plan, count, calendar, first, last)
    return max((others[day] + minutes for day, minutes in mine.items()), default=0)


def _ways(plan: Plan, count: int) -> Iterable[dict[str, Any]]:
    """Settings of the same rhythm with other days."""
    if plan.is_rolling or plan.offset_days:
        return
    if plan.step == WEEK and len(plan.weekdays) <= 1:
        yield from ({"weekdays": [day]} for day in range(5))
    if plan.step == MONTH and plan.nth is None:
        yield from ({"month_day": day} for day in range(1, 29))
    if plan.step == DAY and plan.every > 1:
        yield from ({"starts_on": plan.starts_on + timedelta(days=n)} for n in range(1, min(plan.every, 31)))
    if plan.subject == EVERY_ASSET and count > 1 and (days := period(plan)) > 1:
        yield {"spread_days": min(days, 28), "on_holiday": LATER if plan.on_holiday == KEEP else plan.on_holiday}


def period(plan: Plan) -> int:
    """How many days there are from one date to the next, about: over so many the assets can be spread."""
    if plan.step == WEEK:
        return 7 * plan.every if len(plan.weekdays) <= 1 else 1
    return {MONTH: 28 * plan.every, DAY: plan.every}.get(plan.step, 28 if plan.step == "year" else 1)
