"""How indicators stand in the last whole month, and which hospital the office should call."""

from decimal import Decimal

import pytest

from kpi.periods import earlier
from reporting import overview, standing
from reporting.models import Standing
from tenancy.scope import scope, scope_of
from tests.ground import Layer
from tests.reporting.conftest import OPENED, last_month, shop_of

pytestmark = pytest.mark.django_db


def a_year(world):
    """A: half late in the last month, after eleven months in time. B: in time throughout."""
    shop, month = shop_of(world), last_month()
    for back in range(12):
        shop.orders(world.a, earlier(month, back), 20, late=0 if back else 10)
        shop.orders(world.b, earlier(month, back), 20)
    shop.measure()
    for site in (world.a, world.b):
        with scope([site.id]):
            standing.reckon(site.hospital)


year = Layer(a_year, OPENED).fixture("year")


@pytest.fixture
def stood(year):
    return shop_of(year)


def row(site, key="workorders.on_time"):
    with scope([site.id]):
        return Standing.objects.get(key=key)


def test_last_whole_month_is_judged_against_target_and_chance(stood):
    a, b = row(stood.world.a), row(stood.world.b)

    assert (a.value, a.target, a.tone) == (50, 95, "red")
    assert "beyond" in a.rules and a.tendency == "worse"
    assert (b.value, b.tone, b.rules, b.tendency) == (100, "green", [], "")


def test_reckoning_again_changes_nothing_and_corrects_what_moved(stood):
    world = stood.world
    with scope([world.a.id]):
        before = Standing.objects.count()
        standing.reckon(world.a.hospital)
        assert Standing.objects.count() == before
    stood.orders(world.a, last_month(), 180)
    stood.measure()
    with scope([world.a.id]):
        standing.reckon(world.a.hospital)

    assert row(world.a).value == Decimal(95)  # 190 of 200


def test_only_hospitals_whose_figures_moved_are_reckoned_again(stood):
    world = stood.world
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            standing.refresh(site.hospital)
        assert standing.stale([world.a.id, world.b.id]) == []
    stood.orders(world.a, last_month(), 1)
    stood.measure()

    assert standing.stale([world.a.id, world.b.id]) == [world.a.id]


def test_few_records_are_not_judged(shop):
    world = shop.world
    shop.orders(world.a, last_month(), 5, late=5)
    shop.measure()
    with scope([world.a.id]):
        standing.reckon(world.a.hospital)

    assert (row(world.a).value, row(world.a).tone) == (0, "")


def test_the_hospital_off_target_stands_first(client, stood):
    world = stood.world
    with scope_of(world.kim):
        found = overview.needs(world.kim)
    client.force_login(world.kim)
    page = client.get("/reports/hospitals/").content.decode()

    assert [need.hospital["id"] for need in found] == [world.a.id, world.b.id]
    assert found[0].red >= 1 and found[0].worse >= 1 and found[1].worse == 0
    assert "workorders.on_time" not in {one.definition.key for one in found[1].concerns}
    link = next(one.records for one in found[0].concerns if one.definition.key == "workorders.on_time")
    assert link.replace("&", "&amp;") in page
    assert client.get(link).status_code == 200


def test_hospital_without_figures_is_not_said_to_be_in_order(client, shop):
    world = shop.world
    with scope_of(world.kim):
        counts = overview.groups(overview.needs(world.kim))
    client.force_login(world.kim)
    page = client.get("/reports/hospitals/?all=1").content.decode()

    assert (counts["calm"], counts["unknown"]) == (0, 2)
    assert "没有医院未达标" not in page and "部分医院尚无上月数据" in page


def test_costs_are_no_concern_of_who_may_not_see_them(stood):
    world = stood.world
    with scope([world.a.id]):
        Standing.objects.filter(key="workorders.cost").update(tone="red")
        assert Standing.objects.filter(key="workorders.cost").exists()
    with scope_of(world.kim):
        assert any(one.definition.key == "workorders.cost" for one in overview.needs(world.kim)[0].concerns)
        world.kim._reaches = [_without(reach, "workorders.cost.view") for reach in world.kim._reaches]
        assert not any(one.definition.key == "workorders.cost" for one in overview.needs(world.kim)[0].concerns)


def _without(reach, permission):
    from dataclasses import replace

    return replace(reach, permissions=reach.permissions - {permission})


def test_only_office_auditor_and_administrators_see_it(client, stood):
    world = stood.world
    opened = {}
    for who in ("tom", "lea", "hal", "max", "ada", "cleo", "kim", "audrey", "olga"):
        client.force_login(getattr(world, who))
        opened[who] = client.get("/reports/hospitals/").status_code

    assert [who for who, status in opened.items() if status == 200] == ["ada", "kim", "audrey", "olga"]
    assert set(opened.values()) == {200, 403}


def test_the_page_asks_at_most_twelve_questions(client, stood, django_assert_max_num_queries):
    client.force_login(stood.world.kim)
    client.get("/reports/hospitals/")
    with django_assert_max_num_queries(12):
        client.get("/reports/hospitals/")
