"""What the assessment adds: appeals and late closings to the office, published figures to leagues, actions to reports."""

import re

import pytest
from django.utils import timezone, translation

from assessment import freezing, publishing
from assessment.models import Rules
from kpi.models import PeerMember
from reporting import content, domain, overview, standing
from reporting.leagues import League, known
from reporting.models import Report
from tenancy.scope import scope, scope_of
from tests.factories.assessment import KEY, loop
from tests.reporting.conftest import last_month

pytestmark = pytest.mark.django_db


@pytest.fixture
def assessed(shop):
    """A's last month is frozen and published with an appeal against it: 4 of 12 in time. B was all in time."""
    world = shop.world
    with scope(world.hospitals()):
        shop.made = loop(world)
    shop.orders(world.b, last_month(), 15)
    shop.measure()
    for site in (world.a, world.b):
        with scope([site.id]):
            standing.reckon(site.hospital)
    return shop


def need_of(world, site):
    with scope_of(world.kim):
        return next(need for need in overview.needs(world.kim) if need.hospital["id"] == site.id)


def test_appeals_and_late_closings_speak_for_a_call(client, assessed):
    world = assessed.world
    with scope(world.hospitals()):
        Rules.objects.update_or_create(consortium=world.consortium, defaults={"close_day": 1})
    a, b = need_of(world, world.a), need_of(world, world.b)
    client.force_login(world.kim)
    page = client.get("/reports/hospitals/").content.decode()

    assert (a.appeals, a.is_late) == (1, False)
    assert (b.appeals, b.is_late) == (0, timezone.localdate().day > 1)
    assert "/assessment/desk/" in page


def test_what_speaks_for_a_call_leads_where_the_reader_may_go(client, assessed):
    client.force_login(assessed.world.audrey)
    page = client.get("/reports/hospitals/").content.decode()

    links = set(re.findall(r'href="(/assessment/[^"]*)"', page.split("<main")[1].split("</main>")[0]))
    assert "/assessment/appeals/" in links
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def test_a_manager_compares_with_what_the_others_published(client, assessed):
    world = assessed.world
    with scope(world.hospitals()):
        freezing.close_month(world.max_b, world.b.hospital, last_month())
        publishing.publish(world.kim, world.consortium, last_month(), "")
    with scope_of(world.max):
        league = League(world.max, known(world.max)[KEY], {})
        places = {place.hospital.code: (place.rank, place.numerator, place.denominator) for place in league.places}
    client.force_login(world.max)
    page = client.get(f"/reports/leagues/{KEY}/").content.decode()

    assert places["B"] == (1, 15, 15)
    assert places["A"][0] == 2 and places["A"][2] == 12
    assert world.b.hospital.name in page


def test_a_manager_compares_within_the_group_the_others_were_published_in(assessed):
    """A's manager sees no hospital but A: which group B was in is known from what was published."""
    world = assessed.world
    with scope(world.hospitals()):
        for site, group in ((world.a, "综合"), (world.b, "综合")):
            PeerMember.objects.update_or_create(hospital=site.hospital, defaults={"group": group})
        freezing.close_month(world.max_b, world.b.hospital, last_month())
        publishing.publish(world.kim, world.consortium, last_month(), "")
        PeerMember.objects.filter(hospital=world.b.hospital).update(group="专科")
    with scope_of(world.max):
        every = League(world.max, known(world.max)[KEY], {})
        alike = League(world.max, known(world.max)[KEY], {"group": "综合"})

    assert every.groups == ["综合"]
    assert sorted(place.hospital.code for place in alike.places) == ["A", "B"]


def test_before_publication_a_manager_sees_the_own_hospital_only(assessed):
    world = assessed.world
    with scope_of(world.max_b):
        league = League(world.max_b, known(world.max_b)[KEY], {"period": "2020-01"})
        assert [place.hospital.code for place in league.places] == ["B"]


def test_the_report_tells_what_is_done_to_who_may_see_it(assessed):
    world = assessed.world
    domain.send_due(world.consortium, timezone.now().replace(day=9))
    with scope_of(world.max):
        kept = Report.objects.get(hospital=world.a.hospital, month=last_month()).content
        told = content.actions(kept, world.max)
        assert "Hal" in {row[2] for row in told}
        assert content.actions(kept, world.tom) == []
        with translation.override("en"):
            assert str(known(world.max)[KEY].label) in {row[0] for row in content.actions(kept, world.max)}
        kept["actions"][0]["label"] = "及时完成率"  # kept before names were kept in every language
        assert content.actions(kept, world.max)[0][0] == "及时完成率"
