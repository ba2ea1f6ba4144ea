"""Who is on duty: the standard week, single days, midnight, absences, leavers, two hospitals, no roster at all."""

from datetime import UTC, date, time, timedelta

import pytest

from people import domain, queries
from people.models import DayChange, Pattern, Shift
from tenancy.models import Membership
from tenancy.scope import scope
from tests.people.conftest import join, moment

MONDAY = date(2026, 3, 2)  # a Monday
SINCE = date(2026, 1, 5)


@pytest.fixture
def there(world, crew):
    """Tom works early Mondays to Fridays, Wang nights on Mondays and Tuesdays; Li and Zhao stand nowhere."""
    with scope(world.hospitals()):
        for weekday in range(5):
            standard(crew.tom, weekday, crew.early)
        for weekday in (0, 1):
            standard(crew.wang, weekday, crew.night)
        yield crew


def standard(member, weekday, shift, since=SINCE):
    return Pattern.objects.create(
        hospital_id=member.hospital_id, member=member, weekday=weekday, shift=shift, starts_on=since
    )


def change(member, day, shift, extra=False):
    return DayChange.objects.create(hospital_id=member.hospital_id, member=member, day=day, shift=shift, extra=extra)


def names(world, at, team=None, site=None):
    found = queries.on_duty((site or world.a).hospital, moment(at), team)
    return [one.name for one in found]


@pytest.mark.parametrize(
    "at, expected",
    [
        ("2026-03-02 06:59:59", []),
        ("2026-03-02 07:00", ["Tom"]),
        ("2026-03-02 14:59:59", ["Tom"]),
        ("2026-03-02 15:00", []),
        ("2026-03-02 22:00", ["Wang"]),
        ("2026-03-02 23:59:59", ["Wang"]),
        ("2026-03-03 00:00", ["Wang"]),
        ("2026-03-03 06:59:59", ["Wang"]),
        ("2026-03-03 07:00", ["Tom"]),
        ("2026-03-04 03:00", ["Wang"]),  # Tuesday's night
        ("2026-03-04 23:00", []),  # none on Wednesdays
        ("2026-03-07 08:00", []),  # Saturday
    ],
)
def test_standard_week_at_every_edge(world, there, at, expected):
    assert names(world, at, there.team) == expected


def test_daylight_saving_does_not_exist_in_shanghai(world, there):
    """Nights on which Europe and America change their clocks are as long as any other."""
    night = queries.standing(world.a.hospital, [there.wang.user_id], moment("2026-03-30 23:00"))[there.wang.user_id]

    assert night.until == moment("2026-03-31 07:00")
    assert (night.until - moment("2026-03-30 22:00")) == timedelta(hours=9)


def test_moment_in_another_zone_is_the_same_moment(world, there):
    found = queries.on_duty(world.a.hospital, moment("2026-03-03 00:30").astimezone(UTC), there.team.pk)

    assert [one.name for one in found] == ["Wang"]


def test_later_line_of_the_standard_week_leaves_the_past(world, there):
    standard(there.tom, 0, there.late, since=date(2026, 3, 9))

    assert names(world, "2026-03-02 08:00", there.team) == ["Tom"]
    assert names(world, "2026-03-09 08:00", there.team) == []
    assert names(world, "2026-03-09 16:00", there.team) == ["Tom"]


def test_single_day_goes_before_the_standard_week(world, there):
    change(there.tom, MONDAY, None)
    change(there.li, MONDAY, there.early)
    change(there.zhao, MONDAY, there.late)
    change(there.zhao, MONDAY, there.night, extra=True)

    assert names(world, "2026-03-02 08:00", there.team) == ["Li"]
    assert names(world, "2026-03-02 16:00", there.team) == ["Zhao"]
    assert names(world, "2026-03-02 22:30", there.team) == ["Wang", "Zhao"]
    assert names(world, "2026-03-09 08:00", there.team) == ["Tom"]


def test_absent_people_are_not_on_duty_nor_finish_the_night(world, there):
    domain.enter_absence(world.lea, there.wang, reason="ill", first_day=MONDAY, last_day=MONDAY)

    assert names(world, "2026-03-02 23:00", there.team) == []
    assert names(world, "2026-03-03 02:00", there.team) == []  # the shift began on the absent day
    assert names(world, "2026-03-03 22:30", there.team) == ["Wang"]
    at = moment("2026-03-02 23:00")
    assert queries.standing(world.a.hospital, [there.wang.user_id], at)[there.wang.user_id].absent == "ill"


def test_leaver_is_never_on_duty(world, there):
    Membership.objects.filter(pk=there.wang.pk).update(ends_on=MONDAY)

    assert names(world, "2026-03-02 23:00", there.team) == ["Wang"]  # the last day
    assert names(world, "2026-03-03 02:00", there.team) == []
    assert queries.standing(world.a.hospital, [there.wang.user_id], moment("2026-03-03 02:00")) == {}


def test_closed_account_is_never_on_duty(world, there):
    there.tom.user.is_active = False
    there.tom.user.save()

    assert names(world, "2026-03-02 08:00", there.team) == []


def test_given_up_shift_counts_until_its_last_day(world, there):
    Shift.objects.filter(pk=there.early.pk).update(last_day=MONDAY)

    assert names(world, "2026-03-02 08:00", there.team) == ["Tom"]
    assert names(world, "2026-03-03 08:00", there.team) == []


def test_moved_to_another_team_the_old_roster_no_longer_counts(world, there):
    Membership.objects.filter(pk=there.tom.pk).update(team=world.a.other_team)

    assert names(world, "2026-03-02 08:00", there.team) == []
    at = moment("2026-03-02 08:00")
    assert queries.standing(world.a.hospital, [world.tom.pk], at)[world.tom.pk].roster == "unknown"


def test_team_without_roster_counts_as_on_duty(world, there):
    carpenter = join(world, "Sun", "610", world.a.other_team)

    found = queries.standing(world.a.hospital, [carpenter.user_id], moment("2026-03-02 03:00"))[carpenter.user_id]
    assert (found.roster, found.on_duty) == ("unknown", True)
    assert names(world, "2026-03-02 03:00", world.a.other_team) == ["Sun"]
    domain.enter_absence(world.max, carpenter, reason="leave", first_day=MONDAY, last_day=MONDAY)
    assert names(world, "2026-03-02 03:00", world.a.other_team) == []


def test_shifts_alone_make_no_roster(world, crew):
    with scope(world.hospitals()):
        assert names(world, "2026-03-02 03:00", crew.team) == ["Lea", "Li", "Tom", "Wang", "Zhao"]


def test_person_in_two_hospitals_stands_in_each_by_its_own_roster(world, there):
    there_too = join(world, "Tom", "900", world.b.team, site=world.b, email="tom@example.org")
    night = Shift.objects.create(
        hospital=world.b.hospital, team=world.b.team, name="night", starts=time(20), ends=time(8)
    )
    standard(there_too, 0, night)

    assert there_too.user_id == world.tom.pk
    assert names(world, "2026-03-02 08:00", there.team) == ["Tom"]
    assert names(world, "2026-03-02 08:00", world.b.team, world.b) == []
    assert names(world, "2026-03-02 21:00", there.team) == []
    assert names(world, "2026-03-02 21:00", world.b.team, world.b) == ["Tom"]
    domain.enter_absence(world.lea, there.tom, reason="training", first_day=MONDAY, last_day=MONDAY)
    assert names(world, "2026-03-02 21:00", world.b.team, world.b) == ["Tom"]  # absent at A only
    assert queries.absent(world.a.hospital, MONDAY) == {world.tom.pk: "training"}
    assert queries.absent(world.b.hospital, MONDAY) == {}


def test_standing_of_any_number_is_one_statement(world, there, django_assert_num_queries):
    everybody = [member.user_id for member in Membership.objects.filter(hospital=world.a.hospital)]

    with django_assert_num_queries(1):
        found = queries.standing(world.a.hospital, everybody, moment("2026-03-02 08:00"))

    assert {one.name for one in found.values()} == {"Tom", "Lea", "Wang", "Li", "Zhao"}  # the others began later
    assert found[world.tom.pk].shift == "early"


def test_behind_the_wall_nobody_of_another_hospital_answers(world, there):
    with scope([world.b.id]):
        assert queries.on_duty(world.a.hospital, moment("2026-03-02 08:00")) == []
        assert queries.standing(world.a.hospital, [world.tom.pk], moment("2026-03-02 08:00")) == {}
