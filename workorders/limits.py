"""The promise of an order: until when somebody answers, until when it is done; and how waiting moves that on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from tenancy.models import Hospital
from workorders import sla
from workorders.limit_models import all_reasons, usual_shares, usual_week
from workorders.models import CalendarDay, LimitRules, Service, WorkOrder
from workorders.states import HOLIDAY, MAKE_UP, WORKING

Calendars = Callable[[int], sla.WorkingCalendar]


@dataclass(frozen=True)
class Rules:
    """What a hospital has set, read at once: working time, shares of the time to remind at, reasons that stop the clock."""

    calendar: sla.WorkingCalendar
    remind_at: tuple[int, ...]
    pausing: frozenset[str]


def rules_of(hospital_id: int) -> Rules:
    """The hospital's rules and calendar, in one statement."""
    days = CalendarDay.objects.filter(hospital=OuterRef("pk")).order_by("day")
    rules = LimitRules.objects.filter(hospital=OuterRef("pk"))
    facts = JSONObject(day="day", kind="kind", hours="hours")
    kept = JSONObject(week="week", remind_at="remind_at", pausing="pausing")
    found = (
        Hospital.objects.filter(pk=hospital_id)
        .values_list(ArraySubquery(days.values_list(facts)), ArraySubquery(rules.values_list(kept)))
        .get()
    )
    days_off, set_up = found
    usual = {"week": usual_week(), "remind_at": usual_shares(), "pausing": all_reasons()}
    row: dict[str, Any] = set_up[0] if set_up else usual
    return Rules(calendar_from(row["week"], days_off), tuple(row["remind_at"]), frozenset(row["pausing"]))


def calendar_from(week: Iterable[str], days: Iterable[dict[str, Any]]) -> sla.WorkingCalendar:
    """A working calendar out of what stands in the tables. A make-up day has the hours of the week's first working day."""
    usual = tuple(sla.parse_hours(text) for text in week)
    working = next((hours for hours in usual if hours), ())
    special: dict[date, sla.Hours] = {}
    for row in days:
        day = date.fromisoformat(row["day"])
        if row["kind"] == HOLIDAY:
            special[day] = ()
        elif row["kind"] == MAKE_UP:
            special[day] = sla.parse_hours(row["hours"]) if row["hours"] else working
    return sla.WorkingCalendar(usual, special)


def calendar_of(hospital_id: int) -> sla.WorkingCalendar:
    return rules_of(hospital_id).calendar


def clock_of(service: Service, urgency: str, calendars: Calendars = calendar_of) -> sla.WorkingCalendar | None:
    """The calendar in which this service's clock runs at this urgency; None: round the clock. Read only if needed."""
    return calendars(service.hospital_id) if getattr(service, f"clock_{urgency}") == WORKING else None


def promised(
    service: Service,
    urgency: str,
    at: datetime,
    pauses: Iterable[sla.Span] = (),
    calendars: Calendars = calendar_of,
) -> tuple[datetime, datetime]:
    """Until when somebody must have answered, and until when it must be done, for a report made at `at`."""
    respond = timedelta(minutes=getattr(service, f"respond_{urgency}"))
    complete = timedelta(minutes=getattr(service, f"complete_{urgency}"))
    calendar = clock_of(service, urgency, calendars)
    return sla.due(at, respond, calendar), sla.due(at, complete, calendar, pauses)


def promise_anew(order: WorkOrder, at: datetime) -> None:
    """Another service or urgency: the limits count from the report, less the time the clock stood still."""
    order.respond_by, order.due_at = promised(order.service, order.urgency, order.reported_at, pauses_of(order))
    order.promise += 1
    order.next_alarm_at = at


def pauses_of(order: WorkOrder) -> list[sla.Span]:
    """When the completion clock of this order stood still; what goes on now is not in it."""
    return [(datetime.fromisoformat(begin), datetime.fromisoformat(end)) for begin, end in order.pauses]


def begin_waiting(order: WorkOrder, reason: str, at: datetime) -> None:
    """On hold: its completion clock stops, unless the hospital counts this reason as working time."""
    order.waiting_reason, order.waiting_since = reason, at
    order.clock_runs_on = reason not in rules_of(order.hospital_id).pausing
    order.next_alarm_at = at


def end_waiting(order: WorkOrder, at: datetime) -> None:
    """No longer on hold: what the clock stood still moves the completion limit on, in the order's own calendar."""
    assert order.waiting_since is not None
    until = max(at, order.waiting_since)
    order.waited_seconds += int((until - order.waiting_since).total_seconds())
    if not order.clock_runs_on:
        calendar = clock_of(order.service, order.urgency)
        order.due_at = sla.moved_on(order.due_at, order.waiting_since, until, calendar)
        order.pauses = [*order.pauses, [order.waiting_since.isoformat(), until.isoformat()]]
    order.waiting_since, order.waiting_reason, order.clock_runs_on = None, "", False
    order.next_alarm_at = at
