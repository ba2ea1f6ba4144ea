"""Missed rounds climb the levels; statutory ones one step sooner. Last days of rounds and standards on the red list."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from departments import deadlines
from flow.models import Event
from inspections import missed
from inspections.models import Round
from notices.models import Notice
from tenancy.scope import scope
from tests.factories import rounds

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def act(world):
    return lambda: scope(world.hospitals())


def over(world, **facts) -> Round:
    """A round whose time ended this moment."""
    now = timezone.now()
    times = {"due_at": now - DAY, "opens_at": now - 2 * DAY, "late_from": now}
    return rounds.due(world, rounds.plan(world, rounds.edition(world).checklist), **{**times, **facts})


def climbed(world, round: Round) -> list[tuple[int, str, list[str]]]:
    """On which day which level heard; looked at twice a day for ten days."""
    steps: list[tuple[int, str, list[str]]] = []
    for day in range(10):
        for _twice in range(2):
            missed.watch(world.a.hospital, round.late_from + day * DAY + timedelta(minutes=1))
        events = Event.objects.filter(subject="inspections.round", subject_id=round.pk, verb="escalated").order_by("id")
        steps += [(day, event.data["level"], event.data["told"]) for event in list(events)[len(steps) :]]
    return steps


def test_missed_round_climbs_and_each_level_hears_once(world, act):
    with act():
        round = over(world)

        assert climbed(world, round) == [
            (0, "leader", ["Lea"]), (1, "head", ["Hal"]), (3, "manager", ["Max"]), (7, "office", ["Kim"])
        ]  # fmt: skip
        assert set(Notice.objects.filter(verb="escalated").values_list("user__name", flat=True)) == {
            "Lea", "Hal", "Max", "Kim"
        }  # fmt: skip
        round.refresh_from_db()
        assert round.state == "due"  # missed is read off the clock, nothing is taken away


def test_record_of_a_missed_round_says_in_words_who_was_told(world, act, client):
    with act():
        round = over(world)
        missed.watch(world.a.hospital, round.late_from + timedelta(minutes=1))
    client.force_login(world.hal, backend="tenancy.backends.SignInBackend")

    page = client.get(f"/inspections/rounds/{round.pk}/").content.decode()

    assert "escalated" not in page and "已升级" in page and "已通知：Lea" in page.replace("： ", "：")


def test_statutory_round_is_one_level_ahead(world, act):
    with act():
        assert climbed(world, over(world, statutory=True)) == [
            (0, "leader", ["Lea"]), (0, "head", ["Hal"]), (1, "manager", ["Max"]), (3, "office", ["Kim"])
        ]  # fmt: skip


def test_team_without_leader_is_told_to_the_head_at_once(world, act):
    with act():
        steps = climbed(world, over(world, team=world.a.other_team))

    assert steps[:1] == [(0, "head", ["Hal"])]


def test_done_skipped_and_future_rounds_are_left_alone(world, act):
    with act():
        now = timezone.now()
        done = over(world, state="done", done_at=now, done_by=world.tom)
        made = done.plan
        rounds.due(world, made, state="skipped", skip_reason="other", settled_by=world.hal, due_at=now - 3 * DAY,
                   opens_at=now - 4 * DAY, late_from=now - 2 * DAY)  # fmt: skip
        rounds.due(world, made, due_at=now + 20 * DAY, opens_at=now + 19 * DAY, late_from=now + 21 * DAY)
        for days in range(10):
            missed.watch(world.a.hospital, now + days * DAY)

        assert not Event.objects.filter(verb="escalated").exists()


def red(world, user, days: int) -> list[tuple[str, str, str, int]]:
    today = timezone.localdate()
    found = deadlines.listed(user, today, days, None)
    return [(line.what, line.law, line.clause, line.left(today)) for _kind, line in found]


LAW = {"standard": "特种设备安全监察条例 (2009)", "clause": "第三十一条"}


def test_lift_is_red_on_the_sixteenth_day_since_it_was_last_looked_at(world, act):
    now = timezone.now()
    with act():
        edition = rounds.edition(world, key="maintenance.lift", **LAW)
        lift = rounds.asset(world, "L1")
        made = rounds.plan(
            world, edition.checklist, "电梯", subject="asset", asset=lift, step="day", every=15, statutory=True
        )
        later = {"due_at": now + 2 * DAY, "opens_at": now, "late_from": now + 3 * DAY, "statutory": True}
        rounds.due(world, made, **later)
        before = {"due_at": now - 15 * DAY, "opens_at": now - 16 * DAY, "late_from": now - 14 * DAY, "statutory": True}
        done = rounds.due(world, made, state="done", done_at=now - 15 * DAY, done_by=world.tom, **before)
        title = ("电梯 · 泵 L1", *LAW.values())

        assert red(world, world.max, 1) == [
            (*title, 0)
        ]  # the fifteenth day: today at the latest, whatever the plan says
        Round.objects.filter(pk=done.pk).update(done_at=now - 16 * DAY)
        assert red(world, world.max, 1) == [(*title, -1)]
        Round.objects.filter(pk=done.pk).update(done_at=now - 10 * DAY)
        assert red(world, world.max, 1) == []
        assert red(world, world.max, 7) == [(*title, 5)]
        assert red(world, world.hal, 7) == [(*title, 5)]
        assert red(world, world.max_b, 90) == []


def test_monthly_round_is_due_on_its_day_and_once_per_plan(world, act):
    now = timezone.now()
    with act():
        made = rounds.plan(world, rounds.edition(world, **LAW).checklist, "自查", step="month", statutory=True)
        for days in (-40, -10, 3):
            rounds.due(world, made, statutory=True, due_at=now + days * DAY, opens_at=now + (days - 1) * DAY,
                       late_from=now + (days + 1) * DAY)  # fmt: skip

        assert red(world, world.max, 7) == [("自查", *LAW.values(), -40)]


def test_standard_that_is_no_longer_valid_stands_on_the_list(world, act):
    with act():
        rounds.edition(world, valid_until=timezone.localdate() - DAY, valid_from=date(2020, 1, 1), **LAW)
        rows = red(world, world.max, 7)
        theirs = red(world, world.olga, 7)

    assert [(row[1], row[2], row[3]) for row in rows] == [(*LAW.values(), -1)]
    assert rows[0][0].startswith("水泵检查")
    assert theirs == []
