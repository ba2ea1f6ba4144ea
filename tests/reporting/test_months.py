"""Tom opens his month: his own figures, his own months before, the team's middle without names; nobody else's."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from kpi.periods import Period, earlier
from reporting.mymonth import Month, memberships
from tenancy.models import Membership
from tenancy.scope import scope, scope_of
from tests.reporting.conftest import last_month
from workorders.models import Line, WorkOrder

pytestmark = pytest.mark.django_db


def month_of(world, user, month):
    with scope([world.a.id]):
        found = memberships().get(hospital=world.a.hospital, user=user)
        page = Month(found, Period("month", month))
        return page, {one.kpi.key: one for one in page.mine}


def test_own_figures_beside_own_months_before(shop):
    world, month = shop.world, last_month()
    shop.orders(world.a, month, 8, late=2, assignee=world.tom)
    shop.orders(world.a, earlier(month, 1), 4, late=3, assignee=world.tom)
    shop.orders(world.a, earlier(month, 2), 6, late=0, assignee=world.tom)
    shop.orders(world.a, month, 5, late=5, assignee=world.lea)  # a colleague's
    shop.measure()

    _page, mine = month_of(world, world.tom, month)

    on_time = mine["workorders.on_time"]
    assert on_time.card.figure.value == 75  # 6 of 8
    assert on_time.own == "70.0\u202f%"  # (1 + 6) of (4 + 6), not the mean of 25 and 100
    assert mine["workorders.done"].card.figure.value == 8
    assert mine["workorders.done"].own == "5"  # (4 + 6) / 2 months


def test_middle_of_the_team_needs_five_people(shop, crew):
    world, month = shop.world, last_month()
    for number, person in enumerate([world.tom, *crew[:3]], 1):
        shop.orders(world.a, month, number, assignee=person)
    shop.measure()
    _page, four = month_of(world, world.tom, month)

    shop.orders(world.a, month, 9, assignee=crew[3])
    shop.measure()
    _page, five = month_of(world, world.tom, month)

    assert four["workorders.done"].middle == ""
    assert five["workorders.done"].middle == "3"  # of 1 2 3 4 9
    assert five["workorders.done"].people == 5


def test_minutes_are_the_own_ones_and_those_as_a_helper(shop):
    world, month = shop.world, last_month()
    (own,) = shop.orders(world.a, month, assignee=world.tom, minutes=90)
    (other,) = shop.orders(world.a, month, assignee=world.lea, minutes=70)
    shop.orders(world.a, earlier(month, 1), assignee=world.tom, minutes=40)
    with scope([world.a.id]):
        facts = {"hospital": world.a.hospital, "kind": "labour", "text": "x", "at": own.finished_at}
        Line.objects.create(order=WorkOrder.objects.get(number=own.number), person=world.lea, minutes=30, **facts)
        Line.objects.create(order=WorkOrder.objects.get(number=other.number), person=world.tom, minutes=25, **facts)
        shop_month, _mine = month_of(world, world.tom, month)
        spent = dict(shop_month.minutes)

    assert spent[month] == 90 - 30 + 25
    assert spent[earlier(month, 1)] == 40


def test_the_page_opens_and_its_links_lead_to_exactly_these_orders(client, shop):
    world, month = shop.world, last_month()
    shop.orders(world.a, month, 3, assignee=world.tom)
    shop.orders(world.a, month, 2, assignee=world.lea)
    shop.measure()
    client.force_login(world.tom)

    page = client.get(f"/reports/me/?period={month:%Y-%m}").content.decode()

    link = next(url for url in re.findall(r'href="([^"]+figure=workorders.done[^"]+)"', page))
    listed = client.get(link.replace("&amp;", "&"))
    with scope_of(world.tom):
        numbers = set(WorkOrder.objects.filter(assignee=world.tom).values_list("number", flat=True))
        others = set(WorkOrder.objects.filter(assignee=world.lea).values_list("number", flat=True))
    text = listed.content.decode()
    assert len(numbers) == 3 and all(number in text for number in numbers)
    assert not any(number in text for number in others)
    assert "Lea" not in page
    assert (
        page.count('class="btn-group"') == 1
    )  # a month is the only kind there is: nothing to choose but its neighbours


def test_nobody_elses_month_opens_without_the_right(client, shop):
    world = shop.world
    with scope([world.a.id, world.b.id]):
        tom = Membership.objects.get(hospital=world.a.hospital, user=world.tom).pk
        lea = Membership.objects.get(hospital=world.a.hospital, user=world.lea).pk
        rita = Membership.objects.get(hospital=world.a.hospital, user=world.rita).pk
    opened = {}
    for who in ("tom", "rita", "dan", "lea", "hal", "max", "audrey", "cleo", "max_b", "olga"):
        client.force_login(getattr(world, who))
        opened[who] = [client.get(f"/reports/people/{pk}/").status_code for pk in (tom, lea, rita)]

    assert opened == {
        "tom": [200, 404, 404], "rita": [404, 404, 200], "dan": [404] * 3,
        "lea": [200, 200, 404], "hal": [200, 200, 404], "max": [200, 200, 200],
        "audrey": [404] * 3, "cleo": [404] * 3, "max_b": [404] * 3, "olga": [404] * 3,
    }  # fmt: skip


def test_running_month_counts_today(shop):
    world = shop.world
    from django.utils import timezone

    today = timezone.localdate()
    shop.orders(world.a, today - timedelta(days=1), 1, assignee=world.tom)
    with scope([world.a.id]):
        order = WorkOrder.objects.get(assignee=world.tom)
        order.finished_at = timezone.now()
        order.save()
    shop.measure()

    _page, mine = month_of(world, world.tom, today.replace(day=1))

    assert mine["workorders.done"].card.figure.value == Decimal(1)


def test_the_page_asks_at_most_twelve_questions(client, shop, django_assert_max_num_queries):
    world, month = shop.world, last_month()
    for back in range(3):
        shop.orders(world.a, earlier(month, back), 3, assignee=world.tom)
    shop.measure()
    client.force_login(world.tom)
    with django_assert_max_num_queries(16):  # four are the session, the person, the scope and its end
        assert client.get(f"/reports/me/?period={month:%Y-%m}").status_code == 200
