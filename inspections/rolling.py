"""Plans reckoned from the last completion, and by meters: one round at a time, the next made when that is settled.

With a meter the round is due when the asset has been used so much since it was last done, as read or as forecast from its
readings, or when the calendar says, whichever comes first; afterwards both count anew. While nobody has touched it, a new
reading moves it; what is due already stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import NamedTuple

from assets import meters
from inspections import recurrence, subjects
from inspections.models import Plan, Round
from inspections.recurrence import Rule
from inspections.states import DUE
from workorders.sla import WorkingCalendar


class Wait(NamedTuple):
    """Something that waits for its next round: its plan, the asset if it is one, when it was last done or skipped."""

    plan: int
    asset: int | None
    last: datetime | None


def make(plans: list[Plan], calendar: WorkingCalendar, now: datetime, until: date) -> int:
    """Make the next round of all that waits for one, if it is due by the last day.

    Holds the plans' rows. Answers how many were made or moved.
    """
    by_id = {plan.pk: plan for plan in plans}
    if not by_id:
        return 0
    waiting = [Wait(*row) for row in subjects.waiting(by_id)]
    rows = []
    for wait, (due_at, by_meter) in _next(by_id, waiting, calendar):
        if due_at.astimezone(calendar.zone).date() <= until:
            rows.append((wait.plan, wait.asset, due_at, by_meter))
    return subjects.enter_one_each(rows) + _move(by_id, calendar, now)


def _next(
    plans: dict[int, Plan], waiting: Iterable[Wait], calendar: WorkingCalendar
) -> Iterable[tuple[Wait, tuple[datetime, bool]]]:
    """When each is due next, and whether its meter says so."""
    waiting = list(waiting)
    use = _use(plans, waiting)
    for wait in waiting:
        plan = plans[wait.plan]
        found = [
            (moment, by_meter)
            for moment, by_meter in (
                (_by_calendar(plan, wait, calendar), False),
                (_by_meter(plan, use.get((wait.plan, wait.asset)), calendar), True),
            )
            if moment is not None
        ]
        if found:
            yield wait, min(found)


def _by_calendar(plan: Plan, wait: Wait, calendar: WorkingCalendar) -> datetime | None:
    """So many steps after it was last done; where that was over before the plan was started or resumed, the first day of that."""
    if not plan.step:
        return None
    rule, began = Rule.of(plan), plan.counts_from
    if wait.last is not None:
        found = recurrence.next_of(rule, calendar, wait.last)
        if found is None or found > began:
            return found
    later = (wait.asset or 0) * subjects.SPREAD % plan.spread_days if plan.spread_days else 0
    return recurrence.first_of(rule, calendar, began + timedelta(days=later))


def _by_meter(plan: Plan, use: meters.Use | None, calendar: WorkingCalendar) -> datetime | None:
    """When the meter was read far enough, or on the day it gets there."""
    if plan.meter_every is None or use is None or (moment := use.reaches(plan.meter_every)) is None:
        return None
    local = moment.astimezone(calendar.zone)
    return moment if moment <= use.read_at else datetime.combine(local.date(), plan.at, calendar.zone)


def _use(plans: dict[int, Plan], waiting: list[Wait]) -> dict[tuple[int, int | None], meters.Use]:
    """(plan, asset) → use since it was last done, or since the plan began; plan by plan, for each counts from its own day."""
    found: dict[tuple[int, int | None], meters.Use] = {}
    for plan in plans.values():
        if plan.meter_every is None:
            continue
        mine = [wait for wait in waiting if wait.plan == plan.pk and wait.asset is not None]
        wanted = [(wait.asset, plan.meter, wait.last or plan.counts_from) for wait in mine]
        for (asset, _name), use in meters.use_since(wanted).items():  # type: ignore[arg-type]
            found[plan.pk, asset] = use
    return found


def _move(plans: dict[int, Plan], calendar: WorkingCalendar, now: datetime) -> int:
    """Lay untouched rounds ahead on the day the meters now say, if that is another one."""
    metered = [plan.pk for plan in plans.values() if plan.meter_every is not None]
    if not metered:
        return 0
    ahead = Round.objects.filter(plan__in=metered, state=DUE, part=0, rolling=True, assignee=None, due_at__gt=now)
    rounds = {(row.plan_id, row.asset_id): row for row in ahead}
    waiting = [Wait(*row) for row in subjects.waiting(metered, anyway=True) if row[:2] in rounds]
    moved = 0
    for wait, (due_at, by_meter) in _next(plans, waiting, calendar):
        row = rounds[wait.plan, wait.asset]
        if _day(due_at, calendar) != _day(row.due_at, calendar) and (row.by_meter or due_at < row.due_at):
            moved += _lay(row, due_at, by_meter)
    return moved


def _day(moment: datetime, calendar: WorkingCalendar) -> date:
    return moment.astimezone(calendar.zone).date()


def _lay(row: Round, due_at: datetime, by_meter: bool) -> int:
    by = due_at - row.due_at
    untouched = Round.objects.filter(pk=row.pk, state=DUE, assignee=None, due_at=row.due_at)
    return untouched.update(due_at=due_at, opens_at=row.opens_at + by, late_from=row.late_from + by, by_meter=by_meter)
