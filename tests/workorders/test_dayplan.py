"""The day plan: running times, what does not fit into the shift, what nobody has, and giving an order to somebody."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from people.queries import OFF, ON, UNKNOWN, Standing
from tenancy.models import Membership
from tests.factories.workorders import order
from workorders import dayplan
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder


def at(text):
    """ "07:30" of the second of March 2026, in Shanghai."""
    return datetime.combine(date(2026, 3, 2), time.fromisoformat(text), ZoneInfo("Asia/Shanghai"))


def stands(roster=ON, absent=""):
    return Standing(1, 1, "Tom", "", 1, roster, "", None, "", absent, frozenset())


def job(minutes, due="23:00", state="dispatched", arrived=None):
    usual = SimpleNamespace(usual_minutes=minutes)
    return SimpleNamespace(service=usual, due_at=at(due), state=state, arrived_at=arrived and at(arrived))


def times(day):
    return [f"{stop.starts:%H:%M}-{stop.ends:%H:%M}" for stop in day.stops]


DAY_SHIFT = [("day", at("08:00"), at("12:00"))]


def test_times_run_from_the_shifts_start_before_it_begins():
    day = dayplan.plan(stands(OFF), DAY_SHIFT, [job(30), job(90)], at("07:10"))

    assert times(day) == ["08:00-08:30", "08:30-10:00"]
    assert (day.planned, day.left, day.over, day.load) == (timedelta(hours=2), timedelta(hours=4), timedelta(0), "fits")


def test_times_run_from_now_during_the_shift_and_what_does_not_fit_is_told():
    day = dayplan.plan(stands(), DAY_SHIFT, [job(60), job(45)], at("10:30"))

    assert times(day) == ["10:30-11:30", "11:30-12:15"]
    assert (day.left, day.over, day.load) == (timedelta(minutes=90), timedelta(minutes=15), "full")


def test_exactly_filled_shift_fits():
    assert dayplan.plan(stands(), DAY_SHIFT, [job(90)], at("10:30")).load == "fits"


def test_work_under_way_takes_what_is_left_of_its_time_but_never_nothing():
    day = dayplan.plan(stands(), DAY_SHIFT, [job(60, state="arrived", arrived="08:20")], at("09:00"))
    long = dayplan.plan(stands(), DAY_SHIFT, [job(60, state="arrived", arrived="08:00")], at("11:00"))

    assert times(day) == ["09:00-09:20"]
    assert times(long) == ["11:00-11:05"]


def test_what_is_on_hold_takes_no_time():
    waits = job(60, state="waiting")

    day = dayplan.plan(stands(), DAY_SHIFT, [waits, job(30)], at("09:00"))

    assert times(day) == ["09:00-09:30"]
    assert day.waiting == [waits]


def test_order_done_after_its_limit_is_marked():
    day = dayplan.plan(stands(), DAY_SHIFT, [job(30, due="09:30"), job(30, due="09:59")], at("09:00"))

    assert [stop.late for stop in day.stops] == [False, True]


def test_second_shift_counts_when_the_first_is_over_and_none_is_left_afterwards():
    shifts = [*DAY_SHIFT, ("late", at("14:00"), at("18:00"))]

    between, after = (dayplan.plan(stands(OFF), shifts, [job(30)], at(now)) for now in ("12:30", "18:00"))

    assert (between.shift, times(between)) == ("late", ["14:00-14:30"])
    assert (after.until, after.left, after.load) == (None, timedelta(0), "off")


def test_without_roster_eight_hours_are_assumed():
    day = dayplan.plan(stands(UNKNOWN), [], [job(480)], at("10:00"))

    assert day.assumed and day.load == "fits"
    assert dayplan.plan(stands(UNKNOWN), [], [job(481)], at("10:00")).over == timedelta(minutes=1)


def test_who_is_absent_is_told_so_whatever_is_planned():
    assert dayplan.plan(stands(absent="ill"), [], [job(30)], at("10:00")).load == "absent"


@pytest.mark.django_db
def test_leader_sees_the_team_and_what_nobody_has(world, act, browse):
    with act():
        mine = order(world, "dispatch", title="toms")
        free = order(world, title="free")
        free = ORDERS.move(free, "dispatch", world.dan, team=world.a.team)
        order(world, title="the other team's", place=world.a.other_room)
        ORDERS.move(WorkOrder.objects.get(title="the other team's"), "dispatch", world.dan, team=world.a.other_team)

    facts = browse(world.lea).get("/desk/day/").context

    tom = next(day for day in facts["days"] if day.who.name == "Tom")
    assert [stop.order for stop in tom.stops] == [mine]
    assert facts["free"] == [free]
    assert {day.who.name for day in facts["days"]} == {"Tom", "Lea"}


@pytest.mark.django_db
def test_desk_sees_new_reports_of_the_department_on_top(world, act, browse):
    with act():
        made = order(world, title="nobody")
        order(world, title="cleaning", service=Service.objects.get(hospital=world.a.hospital, key="cleaning.on_call"))

    facts = browse(world.dan).get("/desk/day/?department=maintenance").context

    assert facts["free"] == [made]
    assert {team.department for team in facts["chosen"]} == {"maintenance"}


@pytest.mark.django_db
def test_too_much_work_is_said_in_words(world, act, browse):
    with act():
        Service.objects.filter(key="maintenance.water").update(usual_minutes=300)
        for _ in range(2):
            order(world, "dispatch")

    answer = browse(world.lea).get("/desk/day/")

    assert answer.context["too_much"] == 1
    assert "超出 2 小时" in answer.content.decode()


@pytest.mark.django_db
def test_one_choice_gives_the_order_to_somebody(world, act, browse):
    with act():
        free = ORDERS.move(order(world), "dispatch", world.dan, team=world.a.team)
    lea = browse(world.lea)
    offered = f"team-{world.a.team.pk}-{world.tom.pk}"
    assert f'value="{offered}"' in lea.get("/desk/day/").content.decode()

    answer = lea.post(f"/board/{free.pk}/drop/", {"to": offered, "next": "/desk/day/"})

    assert (answer.status_code, answer.url) == (303, "/desk/day/")
    with act():
        assert WorkOrder.objects.get(pk=free.pk).assignee == world.tom


@pytest.mark.django_db
def test_technician_sees_only_the_own_day(world, act, browse):
    with act():
        mine = order(world, "dispatch", title="toms")
        ORDERS.move(order(world, title="free"), "dispatch", world.dan, team=world.a.team)

    facts = browse(world.tom).get("/desk/day/").context

    assert [day.who.name for day in facts["days"]] == ["Tom"]
    assert [stop.order for stop in facts["days"][0].stops] == [mine]
    assert "free" not in facts


@pytest.mark.django_db
def test_day_plan_is_for_those_who_dispatch_or_work_and_stays_in_the_hospital(world, act, browse):
    with act():
        order(world, "dispatch")

    assert browse(world.rita).get("/desk/day/").status_code == 403
    assert browse(world.dan_b).get(f"/desk/day/?team={world.a.team.pk}").context["days"] == []
    there = browse(world.dan_b).get("/desk/day/").context
    assert all(not day.stops for day in there["days"])


@pytest.mark.django_db
def test_day_plan_costs_the_same_for_any_team_in_eight_statements(world, act, browse):
    dan, counts = browse(world.dan), []
    for n in range(2):
        with act():
            for _ in range(2):
                order(world, "dispatch")
                order(world)
            if n:
                team = Membership.objects.filter(user__in=[world.dan, world.hal], hospital=world.a.hospital)
                team.update(team=world.a.team)
        dan.get("/desk/day/?department=maintenance")
        with CaptureQueriesContext(connection) as seen:
            dan.get("/desk/day/?department=maintenance")
        skipped = ("SAVEPOINT", "RELEASE", "SELECT set_config")
        counts.append([q["sql"] for q in seen if not q["sql"].startswith(skipped)])

    assert len(counts[0]) == len(counts[1]) <= 8, "\n".join(counts[1])
