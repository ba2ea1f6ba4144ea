"""Teams and contractors: the leader sees the team, the firm's manager the firm at every hospital, nobody more than that."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kpi.periods import Period
from reporting import parts
from reporting.parts import PartBoard
from tenancy.models import Engagement
from tenancy.scope import scope, scope_of
from tests.reporting.conftest import last_month
from workorders.models import Service

pytestmark = pytest.mark.django_db


@pytest.fixture
def cleaning(shop):
    """The firm cleans at A (6 orders, 3 of them late) and at B (2, in time); A's own team repairs (4)."""
    world, month = shop.world, last_month()
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            shop.services[site.id] = Service.objects.get(hospital=site.hospital, key="cleaning.terminal")
        Engagement.objects.filter(contractor=world.firm).update(starts_on=month)
    facts = {"contractor": world.firm, "department": "cleaning"}
    shop.orders(world.a, month, 6, late=3, **(facts | {"team": world.a.cleaners}))
    shop.orders(world.b, month, 2, **(facts | {"team": world.b.cleaners}))
    with scope([world.a.id]):
        shop.services[world.a.id] = Service.objects.get(hospital=world.a.hospital, key="maintenance.water")
    shop.orders(world.a, month, 4)
    shop.measure()
    return shop


def on_time(user, stand):
    with scope_of(user):
        board = PartBoard(user, stand, Period("month", last_month()))
        card = next(card for card in (*board.cards, *board.others) if card.kpi.key == "workorders.on_time")
        return card.figure.numerator, card.figure.denominator


def test_a_firms_manager_sees_the_firm_at_every_hospital(client, cleaning):
    world = cleaning.world
    with scope_of(world.cleo):
        stand = parts.of_contractor(world.firm, list(parts.engagements(world.cleo)))
    client.force_login(world.cleo)
    page = client.get(f"/reports/contractors/{world.firm.pk}/?period={last_month():%Y-%m}")

    assert stand.hospitals == (world.a.id, world.b.id) and stand.departments == ("cleaning",)
    assert on_time(world.cleo, stand) == (5, 8)
    assert page.status_code == 200
    text = page.content.decode()
    assert world.a.hospital.short_name in text and world.b.hospital.short_name in text
    assert client.get("/reports/parts/").status_code == 200
    assert client.get("/figures/").status_code == 200


def test_a_hospitals_supervisor_sees_the_firm_at_that_hospital_only(client, cleaning):
    world = cleaning.world
    for who in (world.max, world.max_b):
        with scope_of(who):
            stand = parts.of_contractor(world.firm, list(parts.engagements(who)))
        assert on_time(who, stand) == ((3, 6) if who == world.max else (2, 2))


def test_a_leader_sees_the_own_team_and_opens_its_records(client, cleaning):
    world = cleaning.world
    client.force_login(world.lea)
    listed = client.get(f"/reports/parts/?period={last_month():%Y-%m}").content.decode()
    page = client.get(f"/reports/teams/{world.a.team.pk}/?period={last_month():%Y-%m}").content.decode()
    link = next(url for url in re.findall(r'href="([^"]+figure=workorders.received[^"]+)"', page))

    assert "水电班" in listed and "木工班" not in listed and "保洁班" not in listed
    assert on_time(world.lea, parts.of_team(world.a.team)) == (4, 4)
    assert client.get(link.replace("&amp;", "&")).status_code == 200
    assert "Tom" in page  # whom she leads


def test_who_may_open_which_part(client, cleaning):
    world = cleaning.world
    pages = (
        f"/reports/teams/{world.a.team.pk}/",
        f"/reports/teams/{world.a.cleaners.pk}/",
        f"/reports/contractors/{world.firm.pk}/",
    )
    opened = {}
    for who in ("tom", "rita", "lea", "hal", "max", "kim", "audrey", "cleo", "max_b", "olga"):
        client.force_login(getattr(world, who))
        opened[who] = [client.get(url).status_code for url in pages]

    assert opened == {
        "tom": [403] * 3, "rita": [403] * 3, "lea": [200, 404, 404], "hal": [200, 404, 404], "max": [200] * 3,
        "kim": [200] * 3, "audrey": [200] * 3, "cleo": [404, 200, 200], "max_b": [404, 404, 200], "olga": [404] * 3,
    }  # fmt: skip


def test_members_are_shown_to_who_may_see_their_months(client, cleaning):
    world = cleaning.world
    client.force_login(world.audrey)
    page = client.get(f"/reports/teams/{world.a.team.pk}/").content.decode()

    assert "Tom" not in page and "/reports/people/" not in page


def test_an_engagement_that_has_ended_shows_nothing(client, cleaning):
    world = cleaning.world
    with scope(world.hospitals()):
        yesterday = timezone.localdate() - timedelta(days=1)
        Engagement.objects.filter(contractor=world.firm, hospital=world.a.id).update(ends_on=yesterday)
    client.force_login(world.max)

    assert client.get(f"/reports/contractors/{world.firm.pk}/").status_code == 404


def test_the_pages_ask_at_most_twelve_questions(client, cleaning, django_assert_max_num_queries):
    world = cleaning.world
    client.force_login(world.cleo)
    for url in ("/reports/parts/", f"/reports/contractors/{world.firm.pk}/"):
        with django_assert_max_num_queries(17):  # with those of the session, the person and the scope
            client.get(f"{url}?period={last_month():%Y-%m}")
