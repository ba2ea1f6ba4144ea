"""Certified operation: who worked a shift that needs a certificate, and was it valid that day? Judged once the day is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from kpi import measure, registry
from kpi.models import Measurement
from people import domain, tasks
from people.models import Absence, DayChange, Pattern, PersonSkill, ShiftSkill, Skill, WorkedShift
from tenancy.scope import scope
from tests.kpi import exported, plainly

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def day(number):
    return timezone.localdate() - number * DAY


@pytest.fixture
def posts(crew, world):
    """The early shift needs a certificate since forty days; Tom has one until five days ago, Wang for good, Li none."""
    with scope([world.a.id]):
        crew.skill = Skill.objects.create(hospital=world.a.hospital, key="electrician_low")
        here = {"hospital": world.a.hospital}
        ShiftSkill.objects.create(shift=crew.early, skill=crew.skill, first_day=day(40), **here)
        PersonSkill.objects.create(member=crew.tom, skill=crew.skill, valid_until=day(5), **here)
        PersonSkill.objects.create(member=crew.wang, skill=crew.skill, **here)
        for member in (crew.tom, crew.wang, crew.li):
            for weekday in range(7):
                Pattern.objects.create(member=member, weekday=weekday, starts_on=day(60), shift=crew.early, **here)
        crew.here, crew.hospital, crew.a = here, world.a.hospital, world.a
        yield crew


def worked(member):
    rows = WorkedShift.objects.filter(member=member).order_by("worked_on")
    return {row.worked_on: row.certified for row in rows}


def test_each_day_is_judged_by_the_certificate_of_that_day(posts):
    assert domain.judge(posts.hospital, day(8), day(1)) == 24

    assert worked(posts.tom) == {day(n): n >= 5 for n in range(1, 9)}
    assert set(worked(posts.wang).values()) == {True} and set(worked(posts.li).values()) == {False}
    lacking = WorkedShift.objects.get(member=posts.li, worked_on=day(1))
    assert lacking.lacks == str(posts.skill) and (lacking.department, lacking.team) == ("maintenance", posts.team)


def test_judged_once_it_stays_but_the_roster_that_is_put_right_is_followed(posts):
    domain.judge(posts.hospital, day(8), day(1))

    PersonSkill.objects.filter(member=posts.tom).update(valid_until=day(-300))
    DayChange.objects.create(member=posts.wang, day=day(3), shift=None, **posts.here)
    Absence.objects.create(member=posts.li, first_day=day(4), last_day=day(2), **posts.here)
    DayChange.objects.create(member=posts.zhao, day=day(2), shift=posts.early, **posts.here)

    assert domain.judge(posts.hospital, day(8), day(1)) == 1
    assert worked(posts.tom) == {day(n): n >= 5 for n in range(1, 9)}
    assert day(3) not in worked(posts.wang) and len(worked(posts.wang)) == 7
    assert set(worked(posts.li)) == {day(n) for n in (8, 7, 6, 5, 1)} and worked(posts.zhao) == {day(2): False}
    assert domain.judge(posts.hospital, day(8), day(1)) == 0


def test_who_changed_teams_has_worked_there_all_the_same(posts):
    domain.judge(posts.hospital, day(3), day(1))
    posts.tom.team = posts.a.other_team
    posts.tom.save()

    domain.judge(posts.hospital, day(3), day(1))

    assert len(worked(posts.tom)) == 3


def test_shifts_that_need_none_and_days_before_it_was_asked_are_not_counted(posts):
    ShiftSkill.objects.update(first_day=day(4))
    Pattern.objects.filter(member=posts.wang).update(shift=posts.late)

    domain.judge(posts.hospital, day(8), day(1))

    assert not worked(posts.wang) and set(worked(posts.li)) == {day(n) for n in range(1, 5)}


def test_asking_begins_today_and_what_was_asked_stays_asked_for_the_past(posts, world):
    other = Skill.objects.create(key="welder", **posts.here)
    domain.need_certificates(world.lea, posts.early, [other])
    rows = set(ShiftSkill.objects.values_list("skill__key", "first_day", "last_day"))
    assert rows == {("electrician_low", day(40), day(1)), ("welder", day(0), None)}

    domain.need_certificates(world.lea, posts.early, [posts.skill])
    assert set(ShiftSkill.objects.values_list("skill__key", "first_day", "last_day")) == {
        ("electrician_low", day(40), None)
    }
    with pytest.raises(PermissionDenied):
        domain.need_certificates(world.tom, posts.early, [other])


def test_figure_is_measured_day_by_day(posts, world):
    domain.judge(posts.hospital, day(8), day(1))
    measure.measure(world.a.id, day(9), day(0))
    found = Measurement.objects.filter(kpi="people.certified", kind="").order_by("day")
    assert [(row.day, row.numerator, row.denominator) for row in found] == [
        (day(n), 2 if n >= 5 else 1, 3) for n in range(8, 0, -1)
    ]
    plain = plainly.measure(exported.tables(), timezone.now())
    assert {key[2]: value for key, value in plain.items() if key[1] == "people.certified" and key[4] == ""} == {
        row.day: (row.numerator, row.denominator) for row in found
    }
    assert registry.get("people.certified").value(0, 0) is None


def test_pages_of_the_leader(crew, world, client):
    with scope([world.a.id]):
        skill = Skill.objects.create(hospital=world.a.hospital, key="electrician_low")
        Pattern.objects.create(
            hospital=world.a.hospital, member=crew.tom, weekday=day(1).weekday(), starts_on=day(9), shift=crew.early
        )
    client.force_login(world.lea)
    page = reverse("people:shift", args=[crew.team.pk, crew.early.pk])
    sent = {"name": "early", "starts": "07:00", "ends": "15:00", "needs": [skill.pk]}
    assert client.post(page, sent).status_code == 303
    assert str(skill) in client.get(page).content.decode()
    with scope([world.a.id]):
        ShiftSkill.objects.update(first_day=day(3))

    tasks.judge_certificates()
    tasks.judge_certificates()

    listed = client.get(reverse("people:worked_list"), {"certified": "no"}).content.decode()
    assert crew.tom.name in listed and str(skill) in listed
    with scope([world.a.id]):
        one = WorkedShift.objects.get()
    assert client.get(reverse("people:worked", args=[one.pk])).status_code == 200
    client.force_login(world.lea_b)
    assert client.get(reverse("people:worked", args=[one.pk])).status_code == 404
