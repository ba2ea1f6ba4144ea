"""Ill today: his orders go to others in one step, all or none, and nothing that somebody moved meanwhile is lost."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from flow.models import Event
from notices.models import Notice
from people import domain, queries
from people.models import Absence, PersonSkill, ServiceSkill, Skill
from tenancy.scope import scope
from tests.factories.workorders import order
from tests.factories.workorders import service as make_service
from tests.people.conftest import join
from workorders import absence
from workorders.absence import Target
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world, crew):
    """Tom has three orders in hand (one accepted, one on hold) and has finished a fourth."""
    with scope(world.hospitals()):
        crew.orders = [order(world, "dispatch"), order(world, "accept"), order(world, "arrive")]
        ORDERS.move(crew.orders[2], "wait", world.tom, waiting_reason="material")
        crew.done = order(world, "finish")
        yield crew


def today():
    return timezone.localdate()


def facts(**more):
    return {"reason": "ill", "first_day": today(), "last_day": today(), **more}


def to(here, member=None):
    return {one.pk: Target(here.team, member.user if member else None) for one in here.orders}


def assignees(here):
    return [WorkOrder.objects.get(pk=one.pk).assignee for one in here.orders]


def test_all_orders_go_to_a_colleague_and_both_are_told(world, here):
    Notice.objects.all().delete()

    answer = absence.mark_absent(world.lea, here.tom, to(here, here.wang), **facts())

    assert assignees(here) == [here.wang.user] * 3
    assert {WorkOrder.objects.get(pk=one.pk).state for one in here.orders} == {"dispatched"}
    assert (len(answer.moved), answer.missed, answer.left) == (3, [], [])
    assert WorkOrder.objects.get(pk=here.done.pk).assignee == world.tom  # finished work keeps who did it
    told = set(Notice.objects.values_list("user", "subject_id"))
    expected = {(who, one.pk) for who in (here.wang.user_id, world.tom.pk) for one in here.orders}
    assert told == expected
    assert queries.absent(world.a.hospital, today()) == {world.tom.pk: "ill"}
    events = Event.objects.filter(verb="reassign", subject_id__in=[one.pk for one in here.orders])
    assert {event.actor_name for event in events} == {"Lea"}


def test_back_to_the_team(world, here):
    absence.mark_absent(world.dan, here.tom, to(here), **facts())

    assert assignees(here) == [None, None, None]
    assert {WorkOrder.objects.get(pk=one.pk).team for one in here.orders} == {here.team}


def test_what_somebody_moved_meanwhile_is_named_and_not_touched(world, here):
    plan = to(here, here.wang)
    ORDERS.move(here.orders[1], "reassign", world.dan, team=here.team, assignee=here.li.user)
    late = order(world, "dispatch")  # given to Tom after the page was drawn

    answer = absence.mark_absent(world.lea, here.tom, plan, **facts())

    assert assignees(here) == [here.wang.user, here.li.user, here.wang.user]
    assert len(answer.moved) == 2
    assert len(answer.missed) == 1 and here.orders[1].number in answer.missed[0] and "Dan" in answer.missed[0]
    assert answer.left == [late]


def test_finished_meanwhile_stays_his(world, here):
    ORDERS.move(here.orders[2], "resume", world.tom)
    ORDERS.move(here.orders[2], "finish", world.tom, musts=here.orders[2].service.musts)

    answer = absence.mark_absent(world.lea, here.tom, to(here, here.wang), **facts())

    assert assignees(here)[2] == world.tom
    assert len(answer.missed) == 1


def test_refused_for_one_nothing_is_done(world, here):
    plan = {**to(here, here.wang), here.orders[2].pk: Target(here.team, world.hal)}  # Hal is not in the team

    with pytest.raises(ValidationError, match=here.orders[2].number):
        absence.mark_absent(world.lea, here.tom, plan, **facts())

    assert assignees(here) == [world.tom] * 3
    assert not Absence.objects.exists()


def test_leader_of_another_team_may_not(world, here):
    member = join(world, "Ma", "620", world.a.other_team)

    with pytest.raises(PermissionDenied):
        domain.enter_absence(world.lea, member, **facts())
    with pytest.raises(PermissionDenied):
        absence.mark_absent(world.tom, here.wang, {}, **facts())
    domain.enter_absence(world.hal, member, **facts())  # the head of the department


def test_second_absence_over_the_same_days_is_refused(world, here):
    domain.enter_absence(world.lea, here.tom, reason="leave", first_day=date(2026, 5, 4), last_day=date(2026, 5, 8))

    with pytest.raises(ValidationError):
        domain.enter_absence(world.lea, here.tom, reason="ill", first_day=date(2026, 5, 8), last_day=date(2026, 5, 9))
    domain.enter_absence(world.lea, here.tom, reason="ill", first_day=date(2026, 5, 9), last_day=date(2026, 5, 9))
    with pytest.raises(ValidationError):
        domain.enter_absence(world.lea, here.tom, reason="ill", first_day=date(2026, 6, 2), last_day=date(2026, 6, 1))


def test_back_earlier_counts_from_that_day(world, here):
    leave = domain.enter_absence(
        world.lea, here.tom, reason="leave", first_day=date(2026, 5, 4), last_day=date(2026, 5, 8)
    )

    domain.end_absence(world.lea, leave, back_on=date(2026, 5, 7))

    days = [day for day in range(3, 10) if queries.absent(world.a.hospital, date(2026, 5, day))]
    assert days == [4, 5, 6]
    domain.end_absence(world.lea, leave, back_on=date(2026, 5, 4))
    assert not queries.absent(world.a.hospital, date(2026, 5, 4))
    with pytest.raises(ValidationError):
        domain.end_absence(world.lea, leave, back_on=date(2026, 5, 4))


def shared(world, here, *teams):
    """Who gets Tom's orders, the most pressing first: names, and "" for back to the team."""
    orders = list(absence.in_hand(world.tom.pk, world.a.id))
    plan = absence.share_out(
        orders, absence.crews(here.tom, teams or [here.team]), queries.skills_of_services(world.a.id)
    )
    return [plan[one.pk].who.name if plan[one.pk] else "" for one in orders]


def test_shared_out_by_skill_minutes_and_nearness(world, here):
    """Water needs a plumber and takes 30 minutes. Wang is one and has nothing in hand, Li is one and has 30 minutes in another
    building, Zhao's skill has run out, Lea has none. Wang gets the first (0 against 30); both have 30 now and Wang is there
    already: the second; then Li has 30 against Wang's 60."""
    plumber = domain.add_skill(world.max, world.a.hospital, key="plumber")
    domain.need_skills(world.max, world.a.hospital, "maintenance.water", "maintenance", [plumber])
    for member in (here.wang, here.li):
        domain.give_skill(world.lea, member, plumber)
    domain.give_skill(world.lea, here.zhao, plumber, valid_until=today() - timedelta(days=1))  # expired
    other = order(world, "dispatch", place=world.a.other_building)
    ORDERS.move(other, "reassign", world.dan, team=here.team, assignee=here.li.user)
    Service.objects.filter(hospital=world.a.hospital, key="maintenance.water").update(usual_minutes=30)

    assert shared(world, here) == ["Wang", "Wang", "Li"]


def test_few_long_orders_weigh_more_than_many_short_ones(world, here):
    """Of Wang, Li and Zhao, Li and Zhao have 90 minutes each in hand. Wang has two orders of ten minutes: he gets all three
    of Tom's, of ten minutes each (20, 30, 40 against 90). Lea has nothing in hand and comes before him, then stands level."""
    service = make_service(world, "maintenance.water")
    Service.objects.filter(pk=service.pk).update(usual_minutes=10)
    Service.objects.filter(hospital=world.a.hospital, key="maintenance.power").update(usual_minutes=90)
    long = make_service(world, "maintenance.power")
    for member, kind in ((here.li, long), (here.zhao, long), (here.wang, None), (here.wang, None), (here.lea, long)):
        one = order(world, "dispatch", **({"service": kind} if kind else {}))
        ORDERS.move(one, "reassign", world.dan, team=here.team, assignee=member.user)

    assert shared(world, here) == ["Wang", "Wang", "Wang"]


def test_the_usual_team_of_the_service_comes_before_an_idle_one(world, here):
    """Ma of another team has nothing in hand, and neither has anybody of the usual team: it is theirs, by name."""
    join(world, "Ma", "620", world.a.other_team)
    service = make_service(world, "maintenance.water")
    Service.objects.filter(pk=service.pk).update(team=world.a.other_team)

    assert shared(world, here, here.team, world.a.other_team) == ["Ma", "Ma", "Ma"]
    Service.objects.filter(pk=service.pk).update(team=here.team)
    assert "Ma" not in shared(world, here, here.team, world.a.other_team)


def test_who_is_off_duty_or_absent_gets_nothing(world, here):
    for member in (here.wang, here.zhao, here.lea):
        domain.enter_absence(world.hal, member, **facts())

    assert shared(world, here) == ["Li", "Li", "Li"]
    domain.enter_absence(world.hal, here.li, **facts())
    assert shared(world, here) == ["", "", ""]


def test_nobody_able_means_back_to_the_team(world, here):
    welder = domain.add_skill(world.max, world.a.hospital, key="welder")
    domain.need_skills(world.max, world.a.hospital, "maintenance.water", "maintenance", [welder])

    assert shared(world, here) == ["", "", ""]


def test_expired_skill_does_not_count(world, here):
    lift = domain.add_skill(world.max, world.a.hospital, key="lift")
    gas = domain.add_skill(world.max, world.a.hospital, name="氧气站值守")
    domain.give_skill(world.lea, here.tom, lift, valid_until=date(2026, 6, 30))
    domain.give_skill(world.lea, here.tom, gas, level=2)
    domain.give_skill(world.lea, here.wang, lift)

    assert queries.skilled(world.a.hospital, ["lift"], date(2026, 6, 30)) == {world.tom.pk, here.wang.user_id}
    assert queries.skilled(world.a.hospital, ["lift"], date(2026, 7, 1)) == {here.wang.user_id}
    assert queries.skilled(world.a.hospital, ["lift", gas.key], date(2026, 6, 30)) == {world.tom.pk}
    domain.edit_skill(world.max, gas, active=False)
    assert queries.skilled(world.a.hospital, [gas.key], date(2026, 6, 30)) == set()
    assert Skill.objects.filter(hospital=world.a.hospital).count() == 2
    assert PersonSkill.objects.filter(hospital=world.b.hospital).count() == 0


def test_skill_that_is_there_is_not_added_twice(world, here):
    domain.add_skill(world.max, world.a.hospital, name="开锁")

    with pytest.raises(ValidationError):
        domain.add_skill(world.max, world.a.hospital, name=" 开锁 ")
    assert domain.add_skill(world.max, world.a.hospital, key="lift") == domain.add_skill(
        world.max, world.a.hospital, key="lift"
    )
    with pytest.raises(PermissionDenied):
        domain.add_skill(world.lea, world.a.hospital, key="welder")


def test_service_of_another_department_is_not_the_heads(world, here):
    skill = domain.add_skill(world.max, world.a.hospital, key="waste")
    with pytest.raises(PermissionDenied):
        domain.need_skills(world.hal, world.a.hospital, "cleaning.waste", "cleaning", [skill])
    domain.need_skills(world.max, world.a.hospital, "cleaning.waste", "cleaning", [skill])
    assert queries.skills_of_services(world.a.hospital) == {"cleaning.waste": {"waste": str(skill)}}
    domain.need_skills(world.max, world.a.hospital, "cleaning.waste", "cleaning", [])
    assert not ServiceSkill.objects.exists()
