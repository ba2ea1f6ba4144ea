"""Overdue hazards climb the levels; each hears once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flow.models import Event
from hazards import escalation
from hazards.machine import HAZARDS
from hazards.models import Hazard
from tests.hazards.conftest import photo, report

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 10)


def made(world, **facts):
    """Tom's hazard, due on 10 November."""
    found = datetime(2026, 11, 3, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    hazard = report(world, at=found, **facts)
    later = date.today() + timedelta(days=400)
    hazard = HAZARDS.move(hazard, "assign", world.hal, responsible=world.tom, due_on=later)
    Hazard.objects.filter(pk=hazard.pk).update(due_on=DUE)
    return hazard


def told(hazard) -> list[tuple[str, list[str]]]:
    events = Event.objects.filter(subject="hazards.hazard", subject_id=hazard.pk, verb="escalated").order_by("id")
    return [(event.data["level"], event.data["told"]) for event in events]


def after(world, days: int) -> None:
    escalation.watch(world.a.hospital, DUE + timedelta(days=days))


def test_general_one_climbs_day_by_day(world, act):
    with act():
        hazard = made(world)
        steps = []
        for days in range(16):
            before = len(told(hazard))
            after(world, days)
            after(world, days)  # twice on the same day says nothing new
            steps += [(days, *step) for step in told(hazard)[before:]]

    assert steps == [
        (1, "responsible", ["Tom"]), (2, "leader", ["Lea"]), (4, "head", ["Hal"]), (7, "manager", ["Max"]),
        (14, "office", ["Kim"]),
    ]  # fmt: skip


def test_major_one_reaches_all_but_the_office_on_the_first_day(world, act):
    with act():
        hazard = made(world, grade="major")
        after(world, 1)
        assert [level for level, _names in told(hazard)] == ["responsible", "leader", "head", "manager"]
        after(world, 2)
        assert told(hazard)[4:] == [("office", ["Kim"])]


def test_where_nobody_stands_the_next_level_hears_at_once(world, act):
    with act():
        hazard = report(world)  # nobody is responsible, no team: the head hears on the first day
        Hazard.objects.filter(pk=hazard.pk).update(due_on=DUE)
        after(world, 1)
        assert told(hazard) == [("head", ["Hal"])]
        after(world, 6)
        assert len(told(hazard)) == 1


def test_rectified_ones_and_other_hospitals_are_left_alone(world, act):
    with act():
        hazard, theirs = made(world), report(world, site=world.b)
        Hazard.objects.filter(pk=theirs.pk).update(due_on=DUE)
        HAZARDS.move(hazard, "rectify", world.tom, measures="清走", photos=[photo()])
        after(world, 20)

        assert told(hazard) == told(theirs) == []


def test_new_deadline_begins_anew(world, act):
    with act():
        hazard = made(world)
        after(world, 4)
        HAZARDS.move(hazard, "postpone", world.hal, due_on=date.today() + timedelta(days=30), reason="等配件")
        Hazard.objects.filter(pk=hazard.pk).update(due_on=DUE)
        after(world, 1)

        assert [level for level, _names in told(hazard)] == ["responsible", "leader", "head", "responsible"]
