"""Rounds out of plans, 35 days ahead of the hospital's own day. What lies beyond is reckoned when somebody looks.

A batch of plans is one transaction: it holds the plans' rows, makes what is missing, and writes down up to which day rounds
are there. Somebody else at the same moment passes by what is held; who dies leaves nothing behind, and the next comes along.
The constraints `round_once` and `round_one_rolling` are the last word, whatever the clocks say: a clock put forward makes the
days between too, one put back makes nothing.

Rounds are made for what is due after `planned_from`, when the plan was started, changed or resumed. A change takes away the
untouched ones ahead: due, nobody's, in the future. What somebody was given, began, did or missed stays, and stands for its day.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.db import transaction
from django.db.models import Q, QuerySet

from inspections import recurrence, rolling, subjects
from inspections.models import Plan, Round
from inspections.plan_models import ROLLING
from inspections.recurrence import A_DAY, Rule
from inspections.states import DUE, EVERY_ASSET, HOUR, KEEP, ONE_ASSET, RUNNING, SETTLED, WORKDAY
from inspections.subjects import Date
from tenancy.scope import scope
from workorders.limits import calendar_of
from workorders.sla import WorkingCalendar

AHEAD = 35  # days
BATCH = 200  # plans in one transaction
ENOUGH = 80.0  # seconds of one task; what is left over goes to the next


def horizon(calendar: WorkingCalendar, now: datetime) -> date:
    """The last day for which rounds are made now."""
    return now.astimezone(calendar.zone).date() + timedelta(days=AHEAD)


def generate(hospital_id: int, now: datetime, enough: float = ENOUGH) -> bool:
    """Make what one hospital's plans lack. Opens its own scopes; answers whether everything was looked at in the time."""
    until = time.monotonic() + enough
    with scope([hospital_id]):
        calendar = calendar_of(hospital_id)
    while time.monotonic() < until:
        with scope([hospital_id]):
            plans = list(_behind(hospital_id, calendar, now)[:BATCH])
            make(plans, calendar, now)
        if len(plans) < BATCH:
            break
    last = 0
    while time.monotonic() < until:
        with scope([hospital_id]):
            plans = list(_with_assets_or_rolling(hospital_id).filter(pk__gt=last)[:BATCH])
            follow(plans, calendar, now)
        if len(plans) < BATCH:
            return True
        last = plans[-1].pk
    return False


def _held(plans: QuerySet[Plan]) -> QuerySet[Plan]:
    """Held until the end of the transaction; what somebody else holds is theirs."""
    return plans.select_for_update(of=("self",), skip_locked=True, no_key=True).order_by("pk")


def _behind(hospital_id: int, calendar: WorkingCalendar, now: datetime) -> QuerySet[Plan]:
    """Running plans whose rounds do not reach as far as they should."""
    plans = Plan.objects.filter(~ROLLING, hospital=hospital_id, state=RUNNING)
    return _held(plans.filter(Q(generated_until=None) | Q(generated_until__lt=horizon(calendar, now))))


def _with_assets_or_rolling(hospital_id: int) -> QuerySet[Plan]:
    plans = Plan.objects.filter(hospital=hospital_id, state=RUNNING)
    return _held(plans.filter(ROLLING | Q(subject__in=(ONE_ASSET, EVERY_ASSET))))


def make(plans: list[Plan], calendar: WorkingCalendar, now: datetime) -> int:
    """Make the rounds of plans by date up to the horizon, and write down how far they reach. Holds the plans' rows."""
    until = horizon(calendar, now)
    changed = [plan.pk for plan in plans if plan.generated_until is None]
    kept = set(Round.objects.filter(plan__in=changed).order_by().values_list("plan_id", flat=True).distinct())
    dates = [date for plan in plans for date in dates_of(plan, calendar, until, covered=plan.pk in kept)]
    made = subjects.enter([plan.pk for plan in plans], dates)
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(generated_until=until)
    return made


def dates_of(plan: Plan, calendar: WorkingCalendar, until: date, *, covered: bool = False) -> list[Date]:
    """What a plan by date lacks up to a day. Where rounds were kept, each of them covers its day."""
    began: date = plan.counts_from.astimezone(calendar.zone).date()
    first = (
        plan.generated_until + A_DAY if plan.generated_until else began - A_DAY
    )  # a night's hours belong to its evening
    dates = []
    for group, rule in _groups(plan):
        for due_at in recurrence.due(rule, calendar, first, until):
            if due_at > plan.counts_from:
                day = _day(due_at, calendar) if covered and rule.step != HOUR else (None, None)
                dates.append(Date(plan.pk, group, due_at, day))
    return dates


def _groups(plan: Plan) -> Iterable[tuple[int, Rule]]:
    """The rule of each share of the assets: where they are spread, each share a day later than the one before."""
    rule = Rule.of(plan)
    for group in range(max(plan.spread_days, 1)):
        yield group, replace(rule, offset_days=rule.offset_days + group)


def _day(moment: datetime, calendar: WorkingCalendar) -> tuple[datetime, datetime]:
    midnight = moment.astimezone(calendar.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight, (midnight + timedelta(hours=36)).replace(hour=0)


def follow(plans: list[Plan], calendar: WorkingCalendar, now: datetime) -> None:
    """What changed around the plans: assets that joined, left or moved, what was done, what meters say. Holds the rows."""
    of_assets = [plan for plan in plans if plan.subject in (ONE_ASSET, EVERY_ASSET)]
    subjects.leave([plan.pk for plan in of_assets], now)
    by_date = [plan for plan in of_assets if not plan.is_rolling and plan.generated_until is not None]
    dates = [date for plan in by_date for date in _ahead(plan, calendar, now)]
    subjects.enter([plan.pk for plan in by_date], dates, newcomers=True)
    rolling.make([plan for plan in plans if plan.is_rolling], calendar, now, horizon(calendar, now))


def _ahead(plan: Plan, calendar: WorkingCalendar, now: datetime) -> list[Date]:
    """Every date of a plan from now to where its rounds reach."""
    today = now.astimezone(calendar.zone).date()
    moments = (
        (group, recurrence.due(rule, calendar, today - A_DAY, plan.generated_until or today))
        for group, rule in _groups(plan)
    )
    after = max(now, plan.counts_from)
    return [
        Date(plan.pk, group, due_at, _day(due_at, calendar) if plan.step != HOUR else (None, None))
        for group, found in moments
        for due_at in found
        if due_at > after
    ]


def clear(plan: Plan, now: datetime) -> int:
    """Take away the untouched rounds ahead of a plan that is changed, paused or ended."""
    ahead = Round.objects.filter(plan=plan, state=DUE, part=0, assignee=None, due_at__gt=now)
    count, _each = ahead.delete()
    return count


def plan_anew(plan: Plan, now: datetime) -> None:
    """A running plan was changed: its untouched rounds ahead are made anew."""
    clear(plan, now)
    plan.planned_from, plan.generated_until = now, None
    plan.save(update_fields=["planned_from", "generated_until"])
    begin(plan, now)


def begin(plan: Plan, now: datetime) -> None:
    """Make the rounds of a plan that was started, changed or resumed: at once or, for many assets, by the worker."""
    if plan.subject == EVERY_ASSET:
        hint(plan.hospital_id)
        return
    calendar = calendar_of(plan.hospital_id)
    if plan.is_rolling:
        rolling.make([plan], calendar, now, horizon(calendar, now))
    else:
        make([plan], calendar, now)


def calendar_changed(hospital_id: int, now: datetime) -> None:
    """Days off are others: plans that go by them are planned anew, by the worker."""
    by_days_off = Plan.objects.filter(~Q(on_holiday=KEEP) | Q(step=WORKDAY), hospital=hospital_id, state=RUNNING)
    plans = list(by_days_off.select_for_update(of=("self",), no_key=True).order_by("pk"))
    Round.objects.filter(plan__in=plans, state=DUE, part=0, assignee=None, due_at__gt=now).delete()
    Plan.objects.filter(pk__in=[plan.pk for plan in plans]).update(planned_from=now, generated_until=None)
    if plans:
        hint(hospital_id)


def settled(sender: Any, obj: Round, event: Any, **_: Any) -> None:
    """A round was done or skipped: where its plan counts from there, a worker makes the next one."""
    if event.target in SETTLED and obj.plan.is_rolling:
        hint(obj.hospital_id)


def hint(hospital_id: int) -> None:
    """After the commit, tell a worker to look at the hospital's plans; the tick looks anyway."""
    task = "inspections.tasks.generate_at"
    transaction.on_commit(lambda: current_app.send_task(task, [hospital_id]), robust=True)
