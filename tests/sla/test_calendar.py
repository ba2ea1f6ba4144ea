"""The hospital's own calendar: seeded from the public one, edited by the hospital, never overwritten."""

from datetime import date, datetime

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from tenancy.scope import scope, scope_of
from tests.factories import workorders as make
from workorders import calendars, promises
from workorders.limits import calendar_of, rules_of
from workorders.models import CalendarDay

TODAY = date(2026, 1, 15)


@pytest.fixture
def hospital(world):
    with scope([world.a.id]):
        CalendarDay.objects.filter(hospital=world.a.hospital).delete()
        yield world.a.hospital


def kinds(hospital, year):
    days = CalendarDay.objects.filter(hospital=hospital, day__year=year).order_by("day")
    return {f"{day:%m-%d}": kind for day, kind in days.values_list("day", "kind")}


def test_year_is_seeded_with_its_holidays_and_make_up_days(hospital):
    calendars.seed(hospital, TODAY)
    found = kinds(hospital, 2026)
    off = {day for day, kind in found.items() if kind == "holiday"}
    assert {"01-01", "02-17", "02-23", "04-06", "05-05", "06-19", "09-25", "10-01", "10-07"} <= off
    assert {day for day, kind in found.items() if kind == "working"} == {
        *("01-04", "02-14", "02-28", "05-09", "09-20", "10-10")
    }
    assert "2027" in {f"{day:%Y}" for day in CalendarDay.objects.values_list("day", flat=True)}


def test_seeding_again_changes_nothing_and_keeps_what_the_hospital_edited(world, hospital):
    assert calendars.seed(hospital, TODAY) > 40
    calendars.set_day(world.setup, hospital, day=date(2026, 2, 17), kind="working", name="我院值班", hours="8:00-11:30")
    calendars.set_day(world.setup, hospital, day=date(2026, 2, 28), kind="week")
    assert calendars.seed(hospital, TODAY) == 0
    assert kinds(hospital, 2026)["02-17"] == "working"
    assert kinds(hospital, 2026)["02-28"] == "week"
    calendar = calendar_of(hospital.pk)
    assert [f"{a:%H:%M}-{b:%H:%M}" for a, b in calendar.hours(date(2026, 2, 17))] == ["08:00-11:30"]
    assert calendar.hours(date(2026, 2, 28)) == ()
    assert calendar.hours(date(2026, 2, 14)) == calendar.hours(date(2026, 3, 2)) != ()


def test_estimated_day_follows_the_library_until_the_hospital_edits_it(hospital):
    calendars.seed(hospital, TODAY)
    CalendarDay.objects.create(hospital=hospital, day=date(2027, 3, 8), kind="holiday", name="an estimate")
    CalendarDay.objects.filter(hospital=hospital, day=date(2027, 1, 1)).update(name="an estimate")
    assert calendars.seed(hospital, TODAY) == 2
    assert "03-08" not in kinds(hospital, 2027)


def test_calendar_and_rules_are_read_in_one_statement(hospital, django_assert_num_queries):
    calendars.seed(hospital, TODAY)
    with django_assert_num_queries(1):
        rules = rules_of(hospital.pk)
    assert rules.remind_at == (50, 80, 100)
    assert rules.pausing == {"material", "outside", "access", "requester"}


def test_only_who_may_sets_the_time(world, hospital):
    with pytest.raises(PermissionDenied):
        calendars.set_week(world.hal, hospital, ["08:00-12:00"] * 7)


@pytest.mark.parametrize("week", [[""] * 7, ["nine to five", *[""] * 6], ["12:00-08:00", *[""] * 6]])
def test_week_nobody_can_work_is_refused(world, hospital, week):
    with pytest.raises(ValidationError):
        calendars.set_week(world.setup, hospital, week)


@pytest.mark.parametrize("shares", [[5], [101], [10, 20, 30, 40, 50, 60]])
def test_strange_shares_are_refused(world, hospital, shares):
    with pytest.raises(ValidationError):
        calendars.set_reminders(world.setup, hospital, remind_at=shares, pausing=[])


def test_order_over_new_year_is_promised_in_the_hospitals_own_time(world, hospital):
    calendars.seed(hospital, TODAY)
    calendars.set_week(world.setup, hospital, ["08:00-12:00 14:00-17:30"] * 5 + ["", ""])
    service = make.service(world)
    service.clock_normal, service.respond_normal, service.complete_normal = "working", 60, 480
    service.save()
    order = make.order(world, at=datetime.fromisoformat("2026-02-14T17:00+08:00"))
    assert order.respond_by == datetime.fromisoformat("2026-02-24T08:30+08:00")  # half an hour is left of it
    assert order.due_at == datetime.fromisoformat("2026-02-24T17:30+08:00")  # 30 minutes, then a whole day of 7.5 hours


def test_pages_save_what_the_manager_sets_and_the_ward_reads_the_promise(world, client):
    client.force_login(world.max)
    home = reverse("workorders:limits_of", args=[world.a.id])
    week = {f"day{n}": "" for n in range(7)} | {"day0": "9:00-17:00"}
    assert client.post(reverse("workorders:limits_week", args=[world.a.id]), week).status_code == 303
    assert "09:00-17:00" in client.get(home).content.decode()
    page = client.post(reverse("workorders:limits_week", args=[world.a.id]), {"day0": "x"})
    assert page.status_code == 422
    reminders = {"remind_at": "60%，100", "pausing": ["material"]}
    assert client.post(reverse("workorders:limits_reminders", args=[world.a.id]), reminders).status_code == 303
    chain = {"respond_normal_leader_0": "2", "respond_normal_leader_1": "60", "complete_urgent_office_0": "0"}
    assert client.post(reverse("workorders:limits_chain", args=[world.a.id]), chain).status_code == 303
    day = {"day": "2026-12-24", "kind": "holiday", "name": "院庆"}
    assert client.post(reverse("workorders:limits_day_add", args=[world.a.id]), day).status_code == 303
    assert "院庆" in client.get(home, {"year": 2026}).content.decode()
    with scope_of(world.max):
        rules = rules_of(world.a.id)
        steps = calendars.EscalationStep.objects.filter(hospital=world.a.id)
        assert set(steps.values_list("clock", "urgency", "level", "after")) == {
            ("respond", "normal", "leader", 120),
            ("complete", "urgent", "office", 0),
        }
    assert (rules.remind_at, rules.pausing) == ((60, 100), {"material"})
    client.force_login(world.rita)
    assert client.get(reverse("workorders:promise")).status_code == 200
    assert client.get(reverse("workorders:limits_week", args=[world.a.id])).status_code == 403
    assert client.get(reverse("workorders:limits_of", args=[world.b.id])).status_code == 404


def test_days_with_the_same_hours_are_said_together():
    names = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
    usual = list(zip(names, ["8-12"] * 5 + ["", ""], strict=True))
    assert promises.spoken_week(usual) == [("Mon–Fri", "8-12")]
    mixed = list(zip(names, ["8-12", "8-12", "", "8-12", "9-11", "9-11", ""], strict=True))
    assert promises.spoken_week(mixed) == [("Mon–Tue", "8-12"), ("Thu", "8-12"), ("Fri–Sat", "9-11")]
