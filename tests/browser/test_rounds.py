"""Rounds on a phone: scan, answer, a failed item becomes an order; without network nothing is lost and nothing doubled."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from inspections.models import Point, Round
from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.browser.person import Person
from tests.factories import rounds as make
from workorders import catalogue
from workorders.models import WorkOrder

CHECKS = ({"text": "外观完好", "kind": "check"},)


@pytest.fixture
def route(site):
    def lay(count: int, lines=CHECKS, **facts) -> Round:
        with scope(site.hospitals()):
            catalogue.install(site.a.hospital)
            return make.route(site, count, lines, **facts)

    return lay


def labels(site, round: Round) -> list[str]:
    """What the codes on the pumps open, in the order of the route."""
    with scope([site.a.id]):
        points = round.plan.points.select_related("place").order_by("order")
        doors = [tenancy.door_for(place=point.place, asset_id=point.asset_id) for point in points]
        return [reverse("workorders:door", args=[door.token]) for door in doors]


def begin(tom: Person, round: Round) -> None:
    tom.open("/inspections/my/")
    tom.start()
    tom.tap(".job-main")
    tom.tap(".sticky-actions .btn-primary")
    expect(tom.page.locator(".round-list")).to_be_visible()


def sent(tom: Person) -> None:
    expect(tom.page.locator("[data-waits]")).to_have_class(re.compile("tone-green"), timeout=20_000)


def test_technician_scans_five_points_and_the_desk_sees_what_failed(site, people, route):
    round = route(5)
    codes = labels(site, round)
    tom, dan = people.phone(site.tom), people.desk(site.dan)

    begin(tom, round)
    for number, code in enumerate(codes, start=1):
        tom.open(code)
        expect(tom.page.locator(".round-here h1")).to_have_text(f"泵 P{number:02}")
        tom.tap(f".verdicts .btn >> nth={1 if number == 3 else 0}")
        if number == 3:
            tom.tap(".decision-ways .btn >> nth=1")
        tom.tap("[data-foot] .big-action >> nth=1")
    tom.tap("[data-foot] .btn-primary")
    expect(tom.page.locator("main")).to_contain_text("完成", timeout=20_000)

    assert tom.taps <= 14
    assert tom.seconds < 40
    with scope([site.a.id]):
        assert list(Point.objects.order_by("order").values_list("way", "state")) == [("scan", "done")] * 5
        order = WorkOrder.objects.get()
        assert order.asset.code == "P03"
    dan.open("/")
    expect(dan.page.locator(".desk-queue")).to_contain_text("外观完好")
    dan.open(reverse("inspections:round", args=[round.pk]))
    expect(dan.page.locator("main")).to_contain_text(order.number)
