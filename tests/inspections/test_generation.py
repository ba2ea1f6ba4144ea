"""Rounds out of plans: made once, 35 days ahead, and what becomes of them when plan, assets or clocks change."""

from __future__ import annotations

from datetime import date, time, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assets import meters
from inspections import generation, tasks
from inspections.models import Plan, Round
from tenancy.models import Hospital
from tenancy.scope import scope
from tests.factories import inspections as make
from tests.factories.inspections import local
from workorders import calendars

NOW = local("2026-03-02 10:00")  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def here(world):
    with scope(world.hospitals()):
        yield world


def tick(world, now=NOW):
    generation.generate(world.a.id, now)


def due(plan, **narrow):
    """When the plan's rounds are due, on the hospital's clock."""
    rows = Round.objects.filter(plan=plan, **narrow).order_by("due_at", "asset_id")
    return [f"{at.astimezone(make.SHANGHAI):%m-%d %H:%M}" for at in rows.values_list("due_at", flat=True)]


def daily(first, count):
    return [f"{first + n * DAY:%m-%d} 08:00" for n in range(count)]


def test_rounds_are_there_for_the_next_35_days_and_only_once(here):
    plan = make.plan(here, began=NOW)
    tick(here)
    assert due(plan) == daily(date(2026, 3, 3), 35)
    tick(here)
    tick(here, NOW + DAY)
    assert due(plan) == daily(date(2026, 3, 3), 36)
    plan.refresh_from_db()
    assert plan.generated_until == date(2026, 4, 7)


def test_round_inherits_what_the_plan_says(here):
    plan = make.plan(
        here, began=NOW, unit=here.a.ward, minutes=45, needs_signature=True, statutory=True, opens_before=2, grace=12
    )
    tick(here)
    row = Round.objects.filter(plan=plan).order_by("due_at").first()
    assert (row.team, row.checklist, row.unit, row.place) == (here.a.team, plan.checklist, here.a.ward, here.a.building)
    assert (row.minutes, row.needs_signature, row.statutory, row.state) == (45, True, True, "due")
    assert row.opens_at == local("2026-03-03 06:00")
    assert row.late_from == local("2026-03-03 20:00")


def test_only_running_plans_have_rounds(here):
    plans = [make.plan(here, state=state, planned_from=NOW) for state in ("draft", "paused", "ended")]
    tick(here)
    assert [due(plan) for plan in plans] == [[], [], []]


def test_days_missed_while_nothing_ran_are_made_afterwards(here):
    plan = make.plan(here, began=NOW)
    tick(here)
    tick(here, NOW + 50 * DAY)
    assert due(plan) == daily(date(2026, 3, 3), 85)


def test_clock_put_forward_and_back_makes_neither_two_nor_none(here):
    plan = make.plan(here, began=NOW)
    rolling = make.plan(here, began=NOW, basis="done", every=7)
    for away in (0, 200, -3, 1, 0, 366, 2):
        tick(here, NOW + away * DAY)
    assert due(plan) == daily(date(2026, 3, 3), 366 + 35)
    assert len(due(rolling)) == 1


def test_every_asset_of_a_kind_below_a_place_has_its_own(here):
    pump, other = make.asset(here), make.asset(here, place=here.a.floor)
    make.asset(here, place=here.a.other_room)
    make.asset(here, state="condemned")
    make.asset(here, state="sealed")
    make.asset(here, kind=make.kind(here, "电梯"))
    make.asset(here, here.b)
    plan = make.plan(here, began=NOW, subject="assets", kind=pump.kind, step="week", weekdays=[0])
    tick(here)
    rows = Round.objects.filter(plan=plan)
    assert set(rows.values_list("asset", flat=True)) == {pump.pk, other.pk}
    assert due(plan, asset=pump) == [f"{date(2026, 3, 9) + 7 * n * DAY:%m-%d} 08:00" for n in range(5)]
    assert set(rows.filter(asset=other).values_list("place", flat=True)) == {here.a.floor.pk}


def test_asset_that_joins_leaves_moves_and_comes_back(here):
    pump = make.asset(here, custodian=here.a.ward)
    plan = make.plan(here, began=NOW, subject="assets", kind=pump.kind)
    tick(here)
    new = make.asset(here)
    tick(here, NOW + DAY)
    assert due(plan, asset=new) == daily(date(2026, 3, 4), 35)

    Round.objects.filter(plan=plan, asset=pump, due_at__lt=NOW + DAY).update(
        state="skipped", skip_reason="other", settled_by=here.hal
    )
    type(pump).objects.filter(pk=pump.pk).update(state="sealed")
    type(new).objects.filter(pk=new.pk).update(place=here.a.floor, custodian=here.a.other_ward)
    tick(here, NOW + 3 * DAY)
    assert due(plan, asset=pump) == ["03-03 08:00", "03-04 08:00", "03-05 08:00"]  # settled, missed, missed
    ahead = Round.objects.filter(plan=plan, asset=new, due_at__gt=NOW + 3 * DAY)
    assert set(ahead.values_list("place", "unit")) == {(here.a.floor.pk, here.a.other_ward.pk)}
    before = Round.objects.filter(plan=plan, asset=new, due_at__lt=NOW + 3 * DAY)
    assert set(before.values_list("place", flat=True)) == {here.a.room.pk}

    type(pump).objects.filter(pk=pump.pk).update(state="in_use")
    tick(here, NOW + 5 * DAY)
    assert due(plan, asset=pump)[3:] == daily(date(2026, 3, 8), 35)


def test_assets_are_spread_over_days(here):
    pumps = [make.asset(here) for _n in range(12)]
    plan = make.plan(
        here,
        began=NOW,
        subject="assets",
        kind=pumps[0].kind,
        step="month",
        month_day=5,
        spread_days=4,
        ends_on="2026-03-31",
    )
    tick(here)
    found = sorted(due(plan))
    assert found == sorted([f"03-0{day} 08:00" for day in (5, 6, 7, 8)] * 3)


def touched(plan, day):
    return Round.objects.filter(plan=plan, due_at=local(f"2026-{day} 08:00"))


def test_changed_plan_alters_only_untouched_rounds_ahead(here):
    plan = make.plan(here, began=NOW)
    tick(here)
    later = NOW + 3 * DAY  # the 5th, ten o'clock: 3, 4 and 5 March are missed or done
    touched(plan, "03-04").update(state="done", done_at=later, done_by=here.tom)
    touched(plan, "03-08").update(assignee=here.tom)
    touched(plan, "03-09").update(state="started", started_at=later, edition=plan.checklist.editions.get())
    Plan.objects.filter(pk=plan.pk).update(at=time(15), every=2)
    plan.refresh_from_db()
    generation.plan_anew(plan, later)
    # every second day from 1 January: 6, 8, 10 March; on the 8th there is somebody's, the one of the 9th has begun
    wanted = ["03-06 15:00", "03-08 08:00", "03-09 08:00", "03-10 15:00", "03-12 15:00"]
    assert due(plan)[:8] == [*daily(date(2026, 3, 3), 3), *wanted]
    tick(here, later)
    tick(here, later + DAY)
    assert due(plan)[:8] == [*daily(date(2026, 3, 3), 3), *wanted]


def test_paused_plan_makes_none_until_it_is_resumed(here):
    plan = make.plan(here, began=NOW)
    tick(here)
    Plan.objects.filter(pk=plan.pk).update(state="paused")
    assert generation.clear(plan, NOW + 2 * DAY) == 33
    tick(here, NOW + 2 * DAY)
    assert due(plan) == daily(date(2026, 3, 3), 2)
    plan.refresh_from_db()
    plan.state = "running"
    plan.save()
    generation.plan_anew(plan, NOW + 9 * DAY)
    assert due(plan) == [*daily(date(2026, 3, 3), 2), *daily(date(2026, 3, 12), 35)]


def test_rolling_plan_has_one_open_round_and_the_next_counts_from_completion(here):
    plan = make.plan(here, began=NOW, basis="done", every=10)
    tick(here)
    assert due(plan) == ["03-03 08:00"]
    tick(here, NOW + 20 * DAY)
    assert due(plan) == ["03-03 08:00"]  # missed, and still the one to do
    Round.objects.filter(plan=plan).update(state="done", done_at=local("2026-03-22 14:00"), done_by=here.tom)
    tick(here, local("2026-03-22 14:00"))
    assert due(plan) == ["03-03 08:00", "04-01 08:00"]
    tick(here, NOW + 21 * DAY)
    assert due(plan) == ["03-03 08:00", "04-01 08:00"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Round.objects.filter(plan=plan, state="due").update(
            due_at=local("2026-03-03 08:00"), late_from=NOW + 99 * DAY, opens_at=NOW - DAY
        )


def test_next_of_a_long_step_waits_until_it_is_within_reach(here):
    plan = make.plan(here, began=NOW, basis="done", step="month", every=6)
    tick(here)
    Round.objects.filter(plan=plan).update(state="done", done_at=local("2026-03-05 09:00"), done_by=here.tom)
    tick(here, NOW + 5 * DAY)
    assert due(plan, state="due") == []
    tick(here, local("2026-08-01 09:00"))
    assert due(plan, state="due") == ["09-05 08:00"]


@pytest.fixture
def metered(here):
    pump = make.asset(here)
    meter = meters.add_meter(here.max, pump, name="运行小时", unit="h")
    plan = make.plan(
        here, began=NOW, subject="asset", asset=pump, step="month", every=6, meter="运行小时", meter_every=Decimal(250)
    )
    return plan, meter


def read(world, meter, at, value):
    meters.enter(meter, Decimal(value), by=world.tom, at=local(at))


def test_meter_or_calendar_whichever_comes_first(here, metered):
    plan, meter = metered
    read(here, meter, "2026-03-01 08:00", 1000)
    tick(here)
    assert due(plan) == ["03-03 08:00"]  # never done: the first one as the plan begins
    Round.objects.filter(plan=plan).update(state="done", done_at=local("2026-03-03 09:00"), done_by=here.tom)
    tick(here, local("2026-03-04 10:00"))
    assert due(plan, state="due") == []  # half a year by the calendar; the meter stands still
    read(here, meter, "2026-03-11 08:00", 1100)  # 10 hours a day: 250 on 26 March
    tick(here, local("2026-03-11 10:00"))
    assert due(plan, state="due", by_meter=True) == ["03-26 08:00"]
    read(here, meter, "2026-03-16 08:00", 1250)  # it runs more than that: reached
    tick(here, local("2026-03-16 10:00"))
    assert due(plan, state="due", by_meter=True) == ["03-16 08:00"]
    Round.objects.filter(plan=plan, state="due").update(
        state="done", done_at=local("2026-03-16 15:00"), done_by=here.tom
    )
    tick(here, local("2026-03-17 10:00"))
    # 250 in 15 days: 16.67 a day, the next 250 on 31 March
    assert due(plan, state="due", by_meter=True) == ["03-31 08:00"]


def test_edited_calendar_moves_what_lies_ahead(here):
    keep = make.plan(here, began=NOW)
    daily_work = make.plan(here, began=NOW, step="workday")
    tick(here)
    assert due(daily_work)[2:5] == ["03-05 08:00", "03-06 08:00", "03-09 08:00"]
    calendars.set_day(here.setup, here.a.hospital, day=date(2026, 3, 6), kind="holiday", name="院庆")
    # set today, in the test's own time: what was due before today stays as it was made
    assert Round.objects.filter(plan=keep).count() == 35
    generation.calendar_changed(here.a.id, NOW)
    assert due(daily_work) == []
    tick(here)
    assert due(daily_work)[2:5] == ["03-05 08:00", "03-09 08:00", "03-10 08:00"]


def test_tick_hands_every_open_hospital_to_the_worker(world, monkeypatch):
    with scope(world.hospitals()):
        plans = [make.plan(world, site, began=timezone.now()) for site in (world.a, world.b)]
        Hospital.objects.filter(pk=world.outside.id).update(is_open=False)
    handed = []
    monkeypatch.setattr(generation, "hint", handed.append)
    tasks.generate_all()
    assert handed == [world.a.id, world.b.id]
    for hospital_id in handed:
        tasks.generate_at(hospital_id)
    with scope(world.hospitals()):
        assert [Round.objects.filter(plan=plan).count() >= 35 for plan in plans] == [True, True]


def test_task_that_runs_out_of_time_is_taken_up_where_it_stopped(here):
    plan = make.plan(here, began=NOW)
    assert not generation.generate(here.a.id, NOW, enough=0)
    assert due(plan) == []
    assert generation.generate(here.a.id, NOW)
    assert len(due(plan)) == 35
