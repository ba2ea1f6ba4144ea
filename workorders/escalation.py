"""Watching the clocks: who is reminded before a limit, who hears of it afterwards, each of it once.

A tick looks at the orders whose next moment has come, holding their rows, and writes the reminder, the event and the
notices in one transaction. Two who tick at once skip each other's rows; one that dies leaves nothing behind, and the next
tick does the work. Outside working time nothing is sent for an order whose clock keeps working time. An order that cannot
be read stands in nobody's way: it is put aside, looked at again later and later, and the administrator hears of it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F

from accounts.models import User
from flow import domain as flow
from flow.machine import moved
from people.queries import duty_officer, on_call
from tenancy.actors import System
from tenancy.holders import by_name, holders
from tenancy.models import Hospital
from workorders import permissions as perm
from workorders import sla
from workorders.limits import Rules, clock_of, pauses_of, rules_of
from workorders.models import EscalationStep, Reminder, Unwatched, WorkOrder, held
from workorders.queries import members
from workorders.states import COMPLETE, DUTY, HEAD, LEADER, LEVELS, MANAGER, OFFICE, OPEN, RESPOND

WATCHER = System("workorders.watch_limits", frozenset({perm.ORDER_VIEW}))
BATCH = 200  # orders looked at in one transaction
BACK_OFF = tuple(
    timedelta(minutes=m) for m in (1, 5, 15, 60, 240)
)  # after the first, second … failure to read an order
log = logging.getLogger(__name__)
Chain = dict[tuple[str, str], list[EscalationStep]]  # (clock, urgency) → steps
Sent = set[tuple[int, str, str]]  # (promise, clock, step)


@dataclass(frozen=True)
class Alarm:
    """Something to be said of an order: of which clock, which step (a share of the time, or a level), from when on."""

    clock: str
    step: str
    at: datetime

    @property
    def is_escalation(self) -> bool:
        return self.step in LEVELS


def watch(hospital: Hospital, now: datetime) -> int:
    """Send what is due for one batch of orders. Answers how many were looked at. Runs inside the hospital's scope."""
    due = WorkOrder.objects.filter(hospital=hospital, next_alarm_at__lte=now).order_by("next_alarm_at", "id")
    related = ("service", "hospital", "place", "team", "assignee")
    orders = list(due.select_for_update(of=("self",), skip_locked=True).select_related(*related)[:BATCH])
    if not orders:
        return 0
    rules, chain, sent = rules_of(hospital.pk), chain_of(hospital.pk), _sent(orders)
    tries = dict(Unwatched.objects.filter(order__in=orders).values_list("order_id", "tries"))
    for order in orders:
        try:
            with transaction.atomic():  # of its own: what cannot be read takes nothing of the others along
                calendar = clock_of(order.service, order.urgency, lambda hospital: rules.calendar)
                order.next_alarm_at = _look(order, rules, calendar, chain, sent[order.pk], now)
        except Exception as error:  # whatever stands in it; were the connection gone, putting aside fails as well
            log.exception("The limits of %s cannot be watched", order.number)
            order.next_alarm_at = put_aside(order, error, tries.pop(order.pk, 0), now)
    WorkOrder.objects.bulk_update(orders, ["next_alarm_at"])
    if tries:  # looked at without a fault this time
        Unwatched.objects.filter(order__in=list(tries)).delete()
    return len(orders)


def put_aside(order: WorkOrder, error: Exception, tries: int, now: datetime) -> datetime:
    """Keep why it could not be looked at, tell the administrator the first time; answers when to try again."""
    words = f"{type(error).__name__}: {error}"[:200]
    if tries:
        Unwatched.objects.filter(order=order).update(error=words, tries=F("tries") + 1, last_at=now)
        return now + BACK_OFF[min(tries, len(BACK_OFF) - 1)]
    Unwatched.objects.create(hospital_id=order.hospital_id, order=order, error=words, since=now, last_at=now)
    people = by_name(_holders("administrator", order)) or by_name(_holders("manager", order))
    try:
        with transaction.atomic():
            facts = {"people": [person.pk for person in people], "told": [person.name for person in people]}
            moved.send(WorkOrder, obj=order, event=flow.record(order, "unwatched", WATCHER, at=now, data=facts))
    except Exception:  # so broken that nothing can be said of it: the page of time limits shows it all the same
        log.exception("Nobody could be told of %s", order.number)
    return now + BACK_OFF[0]


def chain_of(hospital_id: int) -> Chain:
    """Whom the hospital tells how long after a limit."""
    chain: Chain = defaultdict(list)
    for step in EscalationStep.objects.filter(hospital=hospital_id).order_by("after", "id"):
        chain[step.clock, step.urgency].append(step)
    return chain


def _sent(orders: Iterable[WorkOrder]) -> dict[int, Sent]:
    sent: dict[int, Sent] = defaultdict(set)
    rows = Reminder.objects.filter(order__in=list(orders))
    for order, *what in rows.values_list("order_id", "promise", "clock", "step"):
        sent[order].add(tuple(what))
    return sent


def _look(
    order: WorkOrder, rules: Rules, calendar: sla.WorkingCalendar | None, chain: Chain, sent: Sent, now: datetime
) -> datetime | None:
    """Send what is due of one order; answers when to look again."""
    alarms = open_alarms(order, rules, calendar, chain, sent)
    ready = sorted((alarm for alarm in alarms if alarm.at <= now), key=lambda alarm: alarm.at)
    if ready and not sla.is_working(now, calendar):
        return sla.next_working_moment(now, calendar)
    for alarm in _worth_sending(ready):
        _send(order, alarm, now)
    return min((alarm.at for alarm in alarms if alarm.at > now), default=None)


def open_alarms(
    order: WorkOrder, rules: Rules, calendar: sla.WorkingCalendar | None, chain: Chain, sent: Sent
) -> list[Alarm]:
    """What may still have to be said of an order, each with its moment."""
    if order.state not in OPEN:
        return []
    since = order.waiting_since if held(order.state, order.clock_runs_on) else None
    clocks = {COMPLETE: sla.Clock(order.reported_at, order.due_at, calendar, pauses_of(order), since)}
    if order.responded_at is None:
        clocks[RESPOND] = sla.Clock(order.reported_at, order.respond_by, calendar)
    alarms = []
    for name, clock in clocks.items():
        done = {step for promise, of, step in sent if promise == order.promise and of == name}
        last = max((int(step) for step in done if step.isdigit()), default=0)
        moments = [(str(share), clock.reminder_at(share)) for share in rules.remind_at if share > last]
        for step in chain.get((name, order.urgency), ()):
            if step.level not in done:
                moments.append((step.level, clock.escalation_at(timedelta(minutes=step.after))))
        alarms += [Alarm(name, step, at) for step, at in moments if at is not None]
    return alarms


def _worth_sending(ready: list[Alarm]) -> list[Alarm]:
    """Of several reminders of one clock that are due at once (the platform stood still), the last says it all."""
    last = {a.clock: a for a in sorted(ready, key=lambda a: int(a.step) if a.step.isdigit() else 0) if a.step.isdigit()}
    return [a for a in ready if a.is_escalation or a is last[a.clock]]


def _send(order: WorkOrder, alarm: Alarm, now: datetime) -> None:
    Reminder.objects.create(
        hospital_id=order.hospital_id, order=order, promise=order.promise, clock=alarm.clock, step=alarm.step, at=now
    )
    people = audience(alarm.step, order, now)
    limit = order.respond_by if alarm.clock == RESPOND else order.due_at
    facts = {
        "clock": alarm.clock,
        "step": alarm.step,
        "limit": limit.isoformat(),
        "people": [person.pk for person in people],
        "told": [person.name for person in people],
    }
    verb = "escalated" if alarm.is_escalation else "alarmed"
    event = flow.record(order, verb, WATCHER, at=now, data=facts)
    moved.send(WorkOrder, obj=order, event=event)


def audience(step: str, order: WorkOrder, at: datetime) -> list[User]:
    """Who is told: of a reminder those who have the order, of an escalation the level, or the next one with somebody."""
    if step not in LEVELS:
        return by_name(_who_has_it(order)) or by_name(_at_level(LEADER, order, at))
    ladder = list(LEVELS)
    for level in ladder[ladder.index(step) :]:
        if found := by_name(_at_level(level, order, at)):
            return found
    return []


def _who_has_it(order: WorkOrder) -> list[User]:
    """The technician; while nobody has taken it the team; while nobody has dispatched it the desk."""
    if order.assignee is not None:
        return [order.assignee]
    if order.team_id is not None:
        return [member.user for member in members([order.team_id])]
    return _holders("desk", order)


def _at_level(level: str, order: WorkOrder, at: datetime) -> list[User]:
    if level == LEADER:
        team = order.team_id or order.service.team_id
        leaders = [member.user for member in members([team]) if member.is_leader] if team else []
        return leaders or (_holders("desk", order) if order.team_id is None else [])
    if level == DUTY:
        return on_duty(order, at) or _holders("desk", order)
    return _holders({HEAD: "head", MANAGER: "manager", OFFICE: "office"}[level], order)


def on_duty(order: WorkOrder, at: datetime) -> list[User]:
    """Who is called at this moment: on-call people of the team or department, and the hospital's duty officer."""
    called = on_call(order.hospital_id, at, team=order.team_id, department=order.department)
    officer = duty_officer(order.hospital_id, at)
    ids = {contact.user_id for contact in (*called, officer) if contact}
    return list(User.objects.filter(pk__in=ids)) if ids else []


def _holders(role: str, order: WorkOrder) -> list[User]:
    """Who holds a role today for this order: at its hospital or consortium, for its department, team and place."""
    return holders(
        role,
        order.hospital,
        department=order.department,
        place=order.place,
        unit=order.unit_id,
        team=order.team_id,
        contractor=order.contractor_id,
    )
