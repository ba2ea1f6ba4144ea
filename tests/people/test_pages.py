"""The pages: one step for the leader, a look for the team, nothing for strangers."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from people import domain, queries
from people.models import Absence, Pattern
from tenancy.models import Membership
from tenancy.scope import scope
from tests.factories.workorders import order
from tests.people.conftest import join
from workorders.machine import ORDERS
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(world, crew):
    """Tom has three orders in hand."""
    with scope(world.hospitals()):
        crew.orders = [order(world, "dispatch"), order(world, "accept"), order(world, "arrive")]
    return crew


def monday():
    day = timezone.localdate()
    return day - timedelta(days=day.weekday())


def shifts_of(member, first):
    row = queries.week(Membership.objects.filter(pk=member.pk), first)[0]
    return [plan.shift.name if plan.shift else None for plan in row.days]


def test_page_does_it_in_one_step(world, here, client_of):
    client, url = client_of("lea"), f"/absence/{here.tom.pk}/"
    shown = client.get(url)
    sent = {
        "reason": "ill",
        "first_day": timezone.localdate(),
        "last_day": timezone.localdate(),
        "order": [one.pk for one in here.orders],
    }
    sent |= {"to": f"u{here.wang.user_id}", f"to_{here.orders[0].pk}": "back"}

    with scope(world.hospitals()):
        ORDERS.move(here.orders[1], "reassign", world.dan, team=here.team, assignee=here.li.user)
    answer = client.post(url, sent)

    assert shown.status_code == 200 and all(one.number in shown.content.decode() for one in here.orders)
    assert (answer.status_code, answer.url) == (303, "/people/absences/")
    with scope(world.hospitals()):
        assert [WorkOrder.objects.get(pk=one.pk).assignee for one in here.orders] == [
            None,
            here.li.user,
            here.wang.user,
        ]
        assert Absence.objects.get().member == here.tom
    page = client.get(answer.url).content.decode()
    assert here.orders[1].number in page  # named as moved by somebody else
    assert client.get(url).context["absence"] is not None


def test_whom_the_page_named_for_sharing_gets_it(world, here, client_of):
    """Nobody of the crew has anything in hand: by name Lea is named for the first order, and why. Before it is sent somebody
    gives her other work; what the page said still holds."""
    client, url = client_of("lea"), f"/absence/{here.tom.pk}/"
    rows = client.get(url).context["form"].rows()
    assert (rows[0].named.name, rows[0].why) == ("Lea", ("手上无工单",))
    with scope(world.hospitals()):
        ORDERS.move(order(world, "dispatch"), "reassign", world.dan, team=here.team, assignee=world.lea)
    sent = {"reason": "ill", "first_day": timezone.localdate(), "last_day": timezone.localdate(), "to": "share"}
    sent |= {"order": [one.order.pk for one in rows], f"share_{rows[0].order.pk}": rows[0].named.user_id}

    assert client.post(url, sent).status_code == 303
    with scope(world.hospitals()):
        assert WorkOrder.objects.get(pk=rows[0].order.pk).assignee == world.lea


def test_page_is_hidden_from_strangers_and_refused_to_colleagues(world, here, client_of):
    url = f"/absence/{here.tom.pk}/"

    assert [client_of(name).get(url).status_code for name in ("lea_b", "rita", "tom")] == [404, 404, 404]
    assert client_of("hal").get(url).status_code == 200
    with scope(world.hospitals()):
        Membership.objects.filter(pk=here.tom.pk).update(ends_on=timezone.localdate() - timedelta(days=1))
    assert client_of("lea").get(url).status_code == 404


def test_page_costs_the_same_for_one_order_and_for_thirty(world, here, client_of, django_assert_max_num_queries):
    with scope(world.hospitals()):
        for _n in range(27):
            order(world, "dispatch")
    client = client_of("lea")

    with django_assert_max_num_queries(16):
        client.get(f"/absence/{here.tom.pk}/")


def test_page_of_any_team_costs_six_statements(world, here, client_of, django_assert_max_num_queries):
    with scope(world.hospitals()):
        for n in range(12):
            member = join(world, f"P{n}", f"7{n:02d}", here.team)
            for weekday in range(5):
                domain.set_standard(world.lea, member, weekday, here.early)
    client = client_of("lea")
    client.get("/people/roster/")

    with django_assert_max_num_queries(5 + 6):  # session, person, transaction and scope 5
        assert client.get(f"/people/roster/{here.team.pk}/").status_code == 200


def test_tap_sets_the_next_shift(world, here, client_of):
    client, day = client_of("lea"), monday() + timedelta(days=7)
    url = f"/people/roster/{here.team.pk}/set/?week={day}"

    answer = client.post(url, {"set": f"{here.tom.pk}.{day}.{here.early.pk}"}, HTTP_HX_REQUEST="true")

    assert answer.status_code == 200 and answer["HX-Trigger"] == "roster-changed"
    assert f"{here.tom.pk}.{day}.{here.late.pk}" in answer.content.decode()  # the next tap
    with scope(world.hospitals()):
        assert shifts_of(here.tom, day) == ["early"] + [None] * 6
    standard = f"/people/roster/{here.team.pk}/set/?week={monday()}&view=standard"
    client.post(standard, {"set": f"{here.tom.pk}.{timezone.localdate()}.{here.night.pk}"}, HTTP_HX_REQUEST="true")
    with scope(world.hospitals()):
        assert Pattern.objects.get().shift == here.night
    for wrong in ("", "x", f"{here.tom.pk}.x.1", f"{here.tom.pk}.{day}.999999", f"0.{day}."):
        assert client.post(url, {"set": wrong}).status_code == 404


def test_technician_sees_the_week_and_changes_nothing(world, here, client_of):
    with scope(world.hospitals()):
        domain.set_day(world.lea, here.tom, monday(), here.early)
    client = client_of("tom")

    page = client.get("/people/roster/")
    assert page.status_code == 200 and "early" in page.content.decode() and 'name="set"' not in page.content.decode()
    tap = client.post(f"/people/roster/{here.team.pk}/set/", {"set": f"{here.tom.pk}.{monday()}."})
    assert tap.status_code == 403
    assert client.get(f"/people/roster/{world.a.other_team.pk}/").status_code == 404
    assert client.get("/people/mine/").status_code == 200


def test_reason_of_an_absence_is_not_shown_to_colleagues(world, here, client_of):
    today = timezone.localdate()
    with scope(world.hospitals()):
        domain.enter_absence(world.lea, here.wang, reason="training", first_day=today, last_day=today)

    seen = {name: client_of(name).get(f"/people/roster/{here.team.pk}/").content.decode() for name in ("tom", "lea")}
    assert "培训" in seen["lea"] or "Training" in seen["lea"]
    assert "培训" not in seen["tom"] and "Training" not in seen["tom"]


@pytest.mark.parametrize("page", ["roster/", "duty/", "skills/", "absences/", "absences/new/", "mine/"])
def test_page_costs_the_same_for_four_people_and_for_twelve(
    world, here, client_of, page, django_assert_max_num_queries
):
    client = client_of("lea")
    with CaptureQueriesContext(connection) as few:
        assert client.get(f"/people/{page}").status_code == 200
    with scope(world.hospitals()):
        skill = domain.add_skill(world.max, world.a.hospital, key="lift")
        for n in range(8):
            member, day = join(world, f"P{n}", f"7{n:02d}", here.team), monday() + timedelta(days=n % 7)
            domain.set_day(world.lea, member, day, here.early)
            domain.give_skill(world.lea, member, skill)
            domain.enter_absence(world.lea, member, reason="ill", first_day=day, last_day=day)

    with django_assert_max_num_queries(len(few) + 1):  # a first skill brings one more
        assert client.get(f"/people/{page}").status_code == 200
