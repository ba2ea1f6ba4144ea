"""Reminders and escalations: each once, to the right people, never at night unless round the clock."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from flow.models import Event
from notices.models import Notice
from tenancy.models import Grant
from tenancy.scope import scope
from tests.factories import workorders as make
from workorders import calendars, domain, escalation
from workorders.machine import ORDERS
from workorders.models import EscalationStep, Reminder, Unwatched, WorkOrder
from workorders.queries import overdue

MINUTE = timedelta(minutes=1)
TUESDAY = datetime.fromisoformat("2026-03-03T09:00+08:00")
WORDS = ("alarmed", "escalated")


@pytest.fixture
def hospital(world):
    """Hospital A in working time of its own: an hour to answer, four to finish, reminded at half, 80 % and the end."""
    with scope([world.a.id]):
        service = make.service(world)
        for name, minutes in (("respond", 60), ("complete", 240)):
            setattr(service, f"{name}_normal", minutes)
        service.save()
        yield world.a.hospital


def reported(world, at=TUESDAY, urgency="normal"):
    return make.order(world, at=at, urgency=urgency)


def tick(hospital, at):
    return escalation.watch(hospital, at)


def sent(order):
    rows = Reminder.objects.filter(order=order).order_by("id")
    return [f"{clock} {step}" for clock, step in rows.values_list("clock", "step")]


def heard(user, verb):
    return Notice.objects.filter(user=user, verb=verb).count()


def test_new_order_is_looked_at_and_nothing_is_said_before_half_time(world, hospital):
    order = reported(world)
    assert order.next_alarm_at == TUESDAY
    tick(hospital, TUESDAY + MINUTE)
    order.refresh_from_db()
    assert sent(order) == []
    assert order.next_alarm_at == TUESDAY + 30 * MINUTE  # half of the hour to answer
    assert tick(hospital, TUESDAY + 29 * MINUTE) == 0


def test_reminders_and_escalations_come_in_their_order_each_once(world, hospital):
    order = reported(world)
    for minute in range(0, 32 * 60, 12):
        tick(hospital, TUESDAY + minute * MINUTE)
        tick(hospital, TUESDAY + minute * MINUTE)
    assert sent(order) == [
        *("respond 50", "respond 80", "respond 100", "respond leader", "complete 50", "complete 80"),
        *("complete 100", "complete leader", "respond head", "respond manager", "complete head"),
    ]
    verbs = Event.objects.filter(subject="workorders.workorder", subject_id=order.pk, verb__in=WORDS)
    assert verbs.count() == 11


def test_the_desk_is_reminded_first_then_leader_head_manager_and_office_hear(world, hospital):
    order = reported(world)
    EscalationStep.objects.filter(hospital=hospital).delete()
    for level, after in (("leader", 0), ("head", 10), ("manager", 20), ("office", 30)):
        EscalationStep.objects.create(hospital=hospital, clock="respond", urgency="normal", level=level, after=after)
    ORDERS.move(order, "dispatch", world.dan, at=TUESDAY + MINUTE, team=world.a.team, assignee=world.tom)
    tick(hospital, TUESDAY + 30 * MINUTE)
    assert [heard(user, "alarmed") for user in (world.tom, world.dan, world.lea)] == [1, 0, 0]
    for minute, told in ((60, "lea"), (70, "hal"), (80, "max"), (90, "kim")):
        tick(hospital, TUESDAY + (minute - 1) * MINUTE)
        assert heard(getattr(world, told), "escalated") == 0
        tick(hospital, TUESDAY + minute * MINUTE)
        assert heard(getattr(world, told), "escalated") == 1
    assert heard(world.max_b, "escalated") + heard(world.hal_b, "escalated") == 0


def test_answer_silences_the_response_clock_and_not_the_other(world, hospital):
    order = reported(world)
    ORDERS.move(order, "dispatch", world.dan, at=TUESDAY + MINUTE, team=world.a.team, assignee=world.tom)
    ORDERS.move(order, "accept", world.tom, at=TUESDAY + 2 * MINUTE)
    tick(hospital, TUESDAY + 119 * MINUTE)
    assert sent(order) == []
    tick(hospital, TUESDAY + 120 * MINUTE)
    assert sent(order) == ["complete 50"]


def test_hold_stops_the_completion_clock_only_and_gives_its_time_back(world, hospital):
    order = reported(world)
    for verb, at, facts in (
        ("dispatch", 1, {"team": world.a.team, "assignee": world.tom}),
        ("accept", 2, {}),
        ("wait", 60, {"waiting_reason": "material"}),
    ):
        actor = world.dan if verb == "dispatch" else world.tom
        order = ORDERS.move(order, verb, actor, at=TUESDAY + at * MINUTE, **facts)
    tick(hospital, TUESDAY + 600 * MINUTE)
    assert sent(order) == []
    order.refresh_from_db()
    assert order.next_alarm_at is None
    order = ORDERS.move(order, "resume", world.tom, at=TUESDAY + 600 * MINUTE + timedelta(seconds=7))
    assert order.due_at == TUESDAY + 780 * MINUTE + timedelta(seconds=7)
    assert order.respond_by == TUESDAY + 60 * MINUTE
    tick(hospital, TUESDAY + 661 * MINUTE)
    assert sent(order) == ["complete 50"]


def test_reason_that_does_not_stop_the_clock_leaves_the_order_overdue(world, hospital):
    calendars.set_reminders(world.setup, hospital, remind_at=[100], pausing=["access"])
    order = reported(world)
    ORDERS.move(order, "dispatch", world.dan, at=TUESDAY, team=world.a.team, assignee=world.tom)
    ORDERS.move(order, "accept", world.tom, at=TUESDAY)
    order = ORDERS.move(order, "wait", world.tom, at=TUESDAY + MINUTE, waiting_reason="material")
    assert order.clock_runs_on
    tick(hospital, TUESDAY + 240 * MINUTE)
    assert "complete 100" in sent(order)

    assert list(overdue(WorkOrder.objects.all(), TUESDAY + 241 * MINUTE)) == [order]
    order = ORDERS.move(order, "resume", world.tom, at=TUESDAY + 300 * MINUTE)
    assert order.due_at == TUESDAY + 240 * MINUTE


def test_working_clock_is_silent_at_night_even_for_a_platform_that_stood_still(world, hospital):
    service = make.service(world)
    service.clock_normal = "working"
    service.save()
    order = reported(world, at=TUESDAY + timedelta(hours=8))  # 17:00, half an hour before closing
    assert timezone.localtime(order.respond_by).isoformat() == "2026-03-04T08:30:00+08:00"
    night = datetime.fromisoformat("2026-03-03T23:00+08:00")
    tick(hospital, night)
    order.refresh_from_db()
    assert sent(order) == []
    assert timezone.localtime(order.next_alarm_at).isoformat() == "2026-03-04T08:00:00+08:00"
    tick(hospital, datetime.fromisoformat("2026-03-04T08:00:30+08:00"))
    assert sent(order) == ["respond 50"]
    tick(hospital, datetime.fromisoformat("2026-03-04T13:00+08:00"))  # noon: nothing, though the limit is past
    assert sent(order) == ["respond 50"]
    tick(hospital, datetime.fromisoformat("2026-03-04T14:00+08:00"))
    assert sent(order)[:2] == ["respond 50", "respond 100"]


def test_emergency_runs_at_night(world, hospital):
    order = reported(world, at=datetime.fromisoformat("2026-03-03T02:00+08:00"), urgency="critical")
    tick(hospital, datetime.fromisoformat("2026-03-03T02:10+08:00"))
    assert "respond leader" in sent(order)


def test_new_urgency_promises_anew_and_starts_the_reminders_again(world, hospital):
    order = reported(world)
    tick(hospital, TUESDAY + 30 * MINUTE)
    order = domain.edit_order(order, world.dan, urgency="urgent")
    assert order.promise == 1
    assert order.respond_by == TUESDAY + order.service.respond_urgent * MINUTE
    tick(hospital, timezone.now() + MINUTE)
    rows = Reminder.objects.filter(order=order, clock="respond").values_list("promise", "step")
    assert (0, "50") in rows
    assert (1, "100") in rows


def test_finished_and_withdrawn_orders_are_left_alone(world, hospital):
    done, gone = make.order(world, "finish", at=TUESDAY), reported(world)
    gone = ORDERS.move(gone, "withdraw", world.rita, reason="repaired itself")
    assert done.next_alarm_at is None
    assert gone.next_alarm_at is None
    assert tick(hospital, TUESDAY + timedelta(days=30)) == 0


def test_level_without_anybody_goes_to_the_next_one(world, hospital):
    order = reported(world)
    assert [user.name for user in escalation.audience("office", order, TUESDAY)] == ["Kim"]

    Grant.objects.filter(role__key="head", hospital=hospital).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert [user.name for user in escalation.audience("head", order, TUESDAY)] == ["Max"]


def test_wall_keeps_the_hospitals_apart(world):
    with scope([world.b.id]):
        service = make.service(world, site=world.b)
        order = domain.open_order(world.rita_b, place=world.b.room, service=service, title="x", at=TUESDAY)
    with scope([world.a.id]):
        assert tick(world.a.hospital, TUESDAY + timedelta(days=9)) == 0
    with scope([world.b.id]):
        tick(world.b.hospital, TUESDAY + timedelta(days=9))
        told = Notice.objects.filter(verb__in=WORDS).values_list("user__email", flat=True)
        assert "respond leader" in sent(order)
        assert not set(told) & {world.hal.email, world.max.email, world.dan.email}


def broken(world):
    """An order as a faulty import or a hand in the database may leave one: a pause that is no span of time."""
    order = reported(world)
    WorkOrder.objects.filter(pk=order.pk).update(pauses=[["yesterday", None]], due_at=TUESDAY, title="broken")
    return order


def test_order_that_cannot_be_read_keeps_none_of_the_others_waiting(world, hospital):
    before, bad, after = reported(world), broken(world), reported(world)
    WorkOrder.objects.filter(pk=bad.pk).update(next_alarm_at=TUESDAY - MINUTE)  # first in the queue

    assert tick(hospital, TUESDAY + 30 * MINUTE) == 3

    assert [sent(order) for order in (before, bad, after)] == [["respond 50"], [], ["respond 50"]]
    fault = Unwatched.objects.get()
    assert (fault.order_id, fault.tries, fault.since) == (bad.pk, 1, TUESDAY + 30 * MINUTE)
    assert "yesterday" in fault.error


def test_order_that_cannot_be_read_is_tried_later_and_later(world, hospital):
    bad, waits, at = broken(world), [], TUESDAY
    for _failure in range(7):
        tick(hospital, at)
        bad.refresh_from_db()
        waits.append(int((bad.next_alarm_at - at).total_seconds() / 60))
        assert tick(hospital, bad.next_alarm_at - timedelta(seconds=1)) == 0
        at = bad.next_alarm_at
    assert waits == [1, 5, 15, 60, 240, 240, 240]
    assert Unwatched.objects.get().tries == 7


def test_administrator_hears_once_of_what_cannot_be_watched_and_sees_it_until_it_is_mended(world):
    at, address = timezone.now(), f"/limits/{world.a.id}/"
    with scope([world.a.id]):
        bad = broken(world)
        tick(world.a.hospital, at)
        tick(world.a.hospital, at + 2 * MINUTE)
        assert [heard(user, "unwatched") for user in (world.ada, world.max, world.dan, world.ada_b)] == [1, 0, 0, 0]

    page = page_of(world.ada, address)
    assert bad.number in page and "yesterday" in page
    assert bad.number not in page_of(world.dan, address)

    with scope([world.a.id]):
        WorkOrder.objects.filter(pk=bad.pk).update(pauses=[], due_at=TUESDAY + 240 * MINUTE)
        tick(world.a.hospital, at + 10 * MINUTE)
        assert not Unwatched.objects.exists()
        assert "respond leader" in sent(bad)
    assert bad.number not in page_of(world.ada, address)


def page_of(user, address):
    client = Client()
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client.get(address).content.decode()
