"""Max brings ten years of an older system's orders in, and reads on a machine's page what it has cost."""

import pytest
from playwright.sync_api import expect

from assets import domain as assets
from assets.models import Asset
from exchange import tasks
from tenancy.scope import scope
from tests.browser import eye
from tests.exchange.conftest import HISTORY
from tests.factories import tenancy as make
from workorders import catalogue
from workorders.models import WorkOrder


@pytest.fixture
def max_at_desk(people, site):
    with scope(site.hospitals()):
        catalogue.install(site.a.hospital)
        kind = assets.add_kind(make.setup(), consortium=site.consortium, name="Excavator", family="other")
        assets.add_asset(make.setup(), kind=kind, place=site.a.room, code="L-1", name="1 号客梯")
    return people.desk(site.max)


def test_history_is_brought_in_by_hand(max_at_desk, site):
    """Choose the file, look over the columns, wait for the worker, leave the bad line out: three presses."""
    desk = max_at_desk
    desk.open("/exchange/orders/")
    desk.start()
    desk.page.set_input_files("[name=file]", HISTORY)
    desk.tap(".sticky-actions .btn-primary")
    desk.page.locator("[name=make_assets]").select_option("Excavator")
    desk.say("remember_as", "旧系统")
    desk.tap(".sticky-actions .btn-primary")
    expect(desk.page.locator("#progress")).to_be_visible()
    tasks.run_waiting_jobs()
    expect(desk.page.locator("main")).to_contain_text("E1332")
    with scope([site.a.id]):
        assert not WorkOrder.objects.exists()
    desk.tap("button[name=skip]")
    tasks.run_waiting_jobs()
    expect(desk.page.locator(".tone-green").first).to_be_visible()

    assert desk.taps == 3
    with scope([site.a.id]):
        assert WorkOrder.objects.count() == 2159
        machine = Asset.objects.get(code="C")
    desk.open(f"/assets/{machine.pk}/")
    expect(desk.page.locator("#repairs")).to_contain_text("¥\u202f6\u202f229\u202f217.28")
    assert eye.barriers(desk.page) == []
    assert eye.sideways(desk.page) == []


def test_assignment_and_result_look_right(max_at_desk, site):
    desk = max_at_desk
    desk.open("/exchange/orders/")
    rows = "date,title,cost\n2025-03-20,水龙头滴水,183.05\n2025-13-20,,x\n"
    desk.page.set_input_files("[name=file]", {"name": "a.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    desk.tap(".sticky-actions .btn-primary")
    assert eye.barriers(desk.page) == []
    assert eye.sideways(desk.page) == []
    desk.tap(".sticky-actions .btn-primary")
    expect(desk.page.locator("main")).to_contain_text("C3")

    assert eye.barriers(desk.page) == []
    assert eye.sideways(desk.page) == []
