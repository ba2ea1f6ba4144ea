"""Arranging rosters and duties: what a tap does, who may, what the page costs, who is called at night."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from flow.models import Event
from people import board, domain, queries
from people.models import DayChange, Duty
from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.people.conftest import join, member_of, moment

pytestmark = pytest.mark.django_db


def monday(weeks=0):
    day = timezone.localdate()
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


@pytest.fixture
def here(world, crew):
    with scope(world.hospitals()):
        yield crew


def names(here, first):
    """Name → the seven shifts of the week as a string: E early, L late, N night, - free."""
    letters = {"early": "E", "late": "L", "night": "N"}
    rows = queries.week(queries.crew(here.team, first, first), first)
    return {
        row.member.name: "".join(letters[plan.shift.name] if plan.shift else "-" for plan in row.days) for row in rows
    }


def week(here, member, text, first):
    for n, letter in enumerate(text):
        shift = {"E": here.early, "L": here.late, "N": here.night, "-": None}[letter]
        domain.set_day(here.lea.user, member, first + timedelta(days=n), shift)


def test_day_set_back_to_the_standard_week_leaves_no_change(world, here):
    day = monday(1)
    domain.set_standard(world.lea, here.tom, 0, here.early)
    assert names(here, day)["Tom"] == "E------"

    domain.set_day(world.lea, here.tom, day, here.late)
    assert (names(here, day)["Tom"], DayChange.objects.count()) == ("L------", 1)
    domain.set_day(world.lea, here.tom, day, None)
    assert (names(here, day)["Tom"], DayChange.objects.count()) == ("-------", 1)
    domain.set_day(world.lea, here.tom, day, here.early)
    assert (names(here, day)["Tom"], DayChange.objects.count()) == ("E------", 0)
    assert names(here, monday(2))["Tom"] == "E------"


def test_last_week_is_copied_day_by_day(world, here):
    domain.set_standard(world.lea, here.zhao, 2, here.late, since=monday())
    week(here, here.tom, "EEEEE--", monday(1))
    week(here, here.wang, "NN--NN-", monday(1))
    week(here, here.zhao, "--N----", monday(1))
    week(here, here.li, "L------", monday(2))

    count = domain.copy_week(world.lea, here.team, monday(2))

    assert names(here, monday(2)) == {
        "Tom": "EEEEE--", "Wang": "NN--NN-", "Li": "-------", "Zhao": "--N----", "Lea": "-------",
    }  # fmt: skip
    assert count == 5 + 4 + 1 + 1
    assert domain.copy_week(world.lea, here.team, monday(2)) == 0
    assert names(here, monday(3))["Zhao"] == "--L----"  # the standard week is as it was


def test_copying_costs_the_same_for_any_number(world, here, django_assert_max_num_queries):
    for n in range(12):
        week(here, join(world, f"P{n}", f"7{n:02d}", here.team), "EEEEE--", monday(1))

    with django_assert_max_num_queries(12):
        domain.copy_week(world.lea, here.team, monday(2))


def test_two_change_places_for_a_day(world, here):
    week(here, here.tom, "E------", monday(1))
    week(here, here.wang, "N------", monday(1))

    domain.swap(world.lea, here.wang, here.tom, monday(1))
    domain.swap(world.lea, here.tom, here.li, monday(1))

    found = names(here, monday(1))
    assert (found["Tom"], found["Wang"], found["Li"]) == ("-------", "E------", "N------")
    with pytest.raises(ValidationError):
        domain.swap(world.lea, here.tom, here.tom, monday(1))


def test_extra_shift_stands_on_top(world, here):
    week(here, here.tom, "E------", monday(1))
    domain.add_extra(world.lea, here.tom, monday(1), here.night)
    domain.add_extra(world.lea, here.tom, monday(1), here.night)
    domain.add_extra(world.lea, here.li, monday(1), here.night)

    made = board.week_of(here.team, monday(1), standard=False, today=timezone.localdate())
    assert {shift.name: numbers[:2] for shift, numbers in made.counts} == {
        "early": [1, 0], "late": [0, 0], "night": [2, 0],
    }  # fmt: skip
    domain.remove_extra(world.lea, here.tom, monday(1), here.night)
    made = board.week_of(here.team, monday(1), standard=False, today=timezone.localdate())
    assert [numbers[0] for _shift, numbers in made.counts] == [1, 0, 1]


def test_who_may_change_which_roster(world, here):
    carpenter, day = join(world, "Ma", "620", world.a.other_team), monday(1)

    for actor in (world.tom, world.dan, world.audrey, world.lea_b, world.max_b, world.olga):
        with pytest.raises(PermissionDenied):
            domain.set_day(actor, here.tom, day, here.early)
    with pytest.raises(PermissionDenied):
        domain.set_day(world.lea, carpenter, day, None)
    with pytest.raises(PermissionDenied):
        domain.copy_week(world.lea, world.a.other_team, day)
    for actor in (world.hal, world.max, world.ada):
        domain.set_day(actor, here.tom, day, here.early)
        domain.set_day(actor, here.tom, day, None)
    with pytest.raises(ValidationError):
        domain.set_day(world.hal, carpenter, day, here.early)  # the other team's shift
    with pytest.raises(ValidationError):
        domain.set_day(world.lea, here.tom, day - timedelta(days=60), here.early)


def test_every_change_stands_in_the_teams_history(world, here):
    domain.set_standard(world.lea, here.tom, 0, here.early)
    domain.set_day(world.lea, here.tom, monday(1), None)
    domain.end_shift(world.lea, here.late)

    found = Event.objects.filter(subject="tenancy.team", subject_id=here.team.pk).order_by("id")
    assert list(found.values_list("verb", flat=True))[-3:] == ["standard_week", "day_changed", "shift_ended"]


def test_merged_team_takes_its_shifts_along(world, here):
    week(here, here.tom, "E------", monday(1))

    tenancy.merge_teams(world.ada, here.team, into=world.a.other_team)

    rows = queries.week(queries.crew(world.a.other_team, monday(1), monday(1)), monday(1))
    assert {row.member.name: row.days[0].shift.name for row in rows if row.days[0].shift} == {"Tom": "early"}


@pytest.mark.parametrize(
    "at, expected",
    [
        ("2026-03-02 17:29", None),
        ("2026-03-02 17:30", "Max"),
        ("2026-03-03 07:59:59", "Max"),
        ("2026-03-03 08:00", None),
        ("2026-03-07 12:00", "Hal"),  # Saturday, round the clock
        ("2026-03-08 07:59", "Hal"),
        ("2026-03-08 08:00", None),
    ],
)
def test_duty_officer_of_the_night(world, here, at, expected):
    began = {"starts_on": date(2026, 1, 1)}
    for user, day in ((world.max, date(2026, 3, 2)), (world.hal, date(2026, 3, 7))):
        member = member_of(user, world.a)
        type(member).objects.filter(pk=member.pk).update(**began)
        member.refresh_from_db()
        domain.set_duty(world.ada, world.a.hospital, day=day, line="officer", member=member)

    found = queries.duty_officer(world.a.hospital, moment(at))

    assert (found.name if found else None) == expected
    assert queries.duty_officer(world.b.hospital, moment(at)) is None
    assert queries.on_call(world.a.hospital, moment(at)) == []


def test_on_call_of_team_department_and_second_line(world, here):
    day, at = date(2026, 3, 2), moment("2026-03-03 02:00")
    common = {"day": day}
    domain.set_duty(world.hal, world.a.hospital, line="second", member=here.li, department="maintenance", **common)
    domain.set_duty(world.hal, world.a.hospital, line="first", member=here.zhao, department="maintenance", **common)

    def called(**asked):
        return [one.name for one in queries.on_call(world.a.hospital, at, **asked)]

    assert called(team=here.team) == called(department="maintenance") == ["Zhao", "Li"]
    domain.set_duty(world.lea, world.a.hospital, line="first", member=here.wang, team=here.team, **common)
    assert called(team=here.team) == ["Wang"]
    assert called(team=world.a.other_team) == called(department="maintenance") == ["Zhao", "Li"]
    assert called(department="cleaning") == called(team=world.a.cleaners) == []
    domain.enter_absence(world.lea, here.zhao, reason="ill", first_day=day, last_day=day)
    assert called(department="maintenance") == ["Li"]
    standing = queries.standing(world.a.hospital, [here.wang.user_id, here.zhao.user_id], at)
    assert [standing[m.user_id].on_call for m in (here.wang, here.zhao)] == ["first", ""]
    domain.set_duty(world.lea, world.a.hospital, line="first", member=None, team=here.team, **common)
    assert called(team=here.team) == ["Li"]


def test_leader_fills_only_the_nights_of_the_team(world, here):
    day = date(2026, 3, 2)
    for asked in ({"line": "officer"}, {"line": "first", "department": "maintenance"}):
        with pytest.raises(PermissionDenied):
            domain.set_duty(world.lea, world.a.hospital, day=day, member=here.tom, **asked)
    with pytest.raises(ValidationError):
        carpenter = join(world, "Ma", "620", world.a.other_team)
        domain.set_duty(world.lea, world.a.hospital, day=day, line="first", team=here.team, member=carpenter)
    assert not Duty.objects.exists()
