"""Certified operation: who worked a shift that needs a certificate, and was it valid that day? Judged once the day is over."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from kpi import measure, registry
from kpi.models import DirtyDay, Measurement
from people import domain, tasks
from people.models import Absence, DayChange, Pattern, PersonSkill, ShiftSkill, Skill, SkillTerm, WorkedShift
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
        for member, until in ((crew.tom, day(5)), (crew.wang, None)):
            PersonSkill.objects.create(member=member, skill=crew.skill, valid_until=until, **here)
            SkillTerm.objects.create(member=member, skill=crew.skill, valid_from=day(90), valid_until=until, **here)
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


def test_roster_that_is_put_right_is_followed(posts):
    domain.judge(posts.hospital, day(8), day(1))

    DayChange.objects.create(member=posts.wang, day=day(3), shift=None, **posts.here)
    Absence.objects.create(member=posts.li, first_day=day(4), last_day=day(2), **posts.here)
    DayChange.objects.create(member=posts.zhao, day=day(2), shift=posts.early, **posts.here)

    assert domain.judge(posts.hospital, day(8), day(1)) == 1
    assert worked(posts.tom) == {day(n): n >= 5 for n in range(1, 9)}
    assert day(3) not in worked(posts.wang) and len(worked(posts.wang)) == 7
    assert set(worked(posts.li)) == {day(n) for n in (8, 7, 6, 5, 1)} and worked(posts.zhao) == {day(2): False}
    assert domain.judge(posts.hospital, day(8), day(1)) == 0


def marked():
    found = DirtyDay.objects.values_list("moment", flat=True)
    return {timezone.localdate(moment) for moment in found}


def test_certificate_renewed_later_leaves_the_past_as_it_was(posts, world):
    domain.judge(posts.hospital, day(8), day(1))
    DirtyDay.objects.all().delete()

    domain.give_skill(world.lea, posts.tom, posts.skill, valid_until=day(-300), document="T440300")
    domain.judge(posts.hospital, day(8), day(1))

    assert worked(posts.tom) == {day(n): n >= 5 for n in range(1, 9)} and not marked()
    terms = SkillTerm.objects.filter(member=posts.tom).values_list("valid_from", "valid_until", "document")
    assert set(terms) == {(day(90), day(5), ""), (day(0), day(-300), "T440300")}
    assert PersonSkill.objects.get(member=posts.tom).valid_until == day(-300)


def test_certificate_entered_late_with_its_true_days_is_followed(posts, world):
    domain.judge(posts.hospital, day(8), day(1))
    DirtyDay.objects.all().delete()

    domain.give_skill(world.lea, posts.tom, posts.skill, valid_from=day(3), valid_until=day(-300))

    assert worked(posts.tom) == {day(n): n not in (4,) for n in range(1, 9)}
    assert marked() == {day(n) for n in (1, 2, 3)}
    mistaken = SkillTerm.objects.get(member=posts.tom, valid_from=day(3))
    domain.strike_term(world.lea, mistaken)
    assert worked(posts.tom) == {day(n): n >= 5 for n in range(1, 9)}
    assert PersonSkill.objects.get(member=posts.tom).valid_until == day(5)
    domain.strike_term(world.lea, SkillTerm.objects.get(member=posts.tom))
    assert not PersonSkill.objects.filter(member=posts.tom).exists() and not any(worked(posts.tom).values())


def test_last_day_that_was_entered_wrongly_is_put_right(posts, world):
    domain.judge(posts.hospital, day(8), day(1))
    domain.give_skill(world.lea, posts.tom, posts.skill, valid_until=day(7))
    assert worked(posts.tom) == {day(n): n >= 7 for n in range(1, 9)}
    domain.give_skill(world.lea, posts.tom, posts.skill, valid_until=day(7), level=2)  # the same certificate
    term = SkillTerm.objects.get(member=posts.tom)
    assert (term.valid_from, term.valid_until) == (day(90), day(7))
    with pytest.raises(ValidationError):
        domain.give_skill(world.lea, posts.tom, posts.skill, valid_from=day(1), valid_until=day(2))


def test_skill_taken_out_ends_today_and_what_was_worked_with_it_stays(posts, world):
    domain.judge(posts.hospital, day(8), day(1))
    domain.take_skill(world.lea, PersonSkill.objects.select_related("member__team", "skill").get(member=posts.wang))
    domain.judge(posts.hospital, day(8), day(1))
    assert set(worked(posts.wang).values()) == {True}
    assert SkillTerm.objects.get(member=posts.wang).valid_until == day(1)
    with pytest.raises(PermissionDenied):
        domain.strike_term(world.tom, SkillTerm.objects.get(member=posts.wang))


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


def test_person_page_shows_terms_and_strikes_one_out(crew, world, client):
    with scope([world.a.id]):
        skill = Skill.objects.create(hospital=world.a.hospital, key="electrician_low")
    page = reverse("people:person_skills", args=[crew.tom.pk])
    client.force_login(world.lea)
    sent = {"skill": skill.pk, "valid_from": f"{day(400)}", "valid_until": f"{day(-30)}", "document": "T4403-17"}
    assert client.post(page, sent).status_code == 303

    shown = client.get(page).content.decode()
    assert "T4403-17" in shown and f"{day(400)} – {day(-30)}" in shown
    with scope([world.a.id]):
        term = SkillTerm.objects.get()
    client.force_login(world.lea_b)
    assert client.post(page, {"strike": term.pk}).status_code == 404
    client.force_login(world.lea)
    assert client.post(page, {"strike": "x"}).status_code == 404
    assert client.post(page, {"strike": term.pk}).status_code == 303
    assert "T4403-17" not in client.get(page).content.decode()
