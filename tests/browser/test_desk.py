"""The service desk in a real browser: keys, one tap, a call in fifteen seconds."""

import re

import pytest
from playwright.sync_api import expect

from tenancy.scope import scope
from tests.factories.workorders import order
from workorders.models import WorkOrder


@pytest.fixture
def waiting(site):
    """Three reports nobody has been sent to."""
    with scope(site.hospitals()):
        return [order(site, title=title) for title in ("灯不亮", "水龙头滴水", "门锁坏了")]


def state(site, made):
    with scope([site.a.id]):
        return WorkOrder.objects.values_list("state", "team__name", "assignee__name").get(pk=made.pk)


def test_dispatcher_works_the_queue_by_keys(site, people, waiting):
    """Dan presses j for the second report, Enter sends who is suggested; the next one is open by itself."""
    dan = people.desk(site.dan)
    dan.open("/desk/")
    expect(dan.page.locator("#panel h2")).to_have_text("灯不亮")

    dan.page.keyboard.press("j")
    expect(dan.page.locator("#panel h2")).to_have_text("水龙头滴水")
    dan.page.keyboard.press("Enter")

    expect(dan.page.locator(".toast-line")).to_contain_text("水龙头滴水")
    expect(dan.page.locator(".desk-line")).to_have_count(2)
    expect(dan.page.locator("#panel h2")).to_have_text("灯不亮")
    expect(dan.page.locator(".desk-line[aria-current]")).to_contain_text("灯不亮")
    assert state(site, waiting[1]) == ("dispatched", "水电班", "Lea")  # as free as Tom, and before him by name


def test_one_tap_sends_a_person_and_undo_takes_it_back(site, people, waiting):
    dan = people.desk(site.dan)
    dan.open("/desk/")
    dan.start()

    dan.tap("#panel .crew button:has-text('Tom')")

    expect(dan.page.locator(".toast-line")).to_contain_text("Tom")
    assert dan.taps == 1
    assert state(site, waiting[0]) == ("dispatched", "水电班", "Tom")
    dan.tap(".toast-line form button")
    dan.page.wait_for_url("**/desk/**")
    assert state(site, waiting[0]) == ("reported", None, None)


def test_call_is_written_down_in_fifteen_seconds(site, people):
    """The telephone shows 8301: Dan types it, takes the place, types "slt", Enter, Enter."""
    dan = people.desk(site.dan)
    dan.open("/desk/call/")
    dan.start()

    dan.page.keyboard.type("8301")
    expect(dan.page.locator(".picker-option")).to_have_count(1)
    dan.page.keyboard.press("Enter")
    expect(dan.page.locator("#caller")).to_contain_text("心内科")
    dan.page.locator("[data-narrow]").click()
    dan.page.keyboard.type("slt")
    dan.page.keyboard.press("Enter")
    dan.page.keyboard.press("Enter")
    dan.page.wait_for_url(re.compile(r"/desk/\d+/"))

    assert dan.seconds < 15
    with scope([site.a.id]):
        made = WorkOrder.objects.get()
        assert (made.title, made.channel, made.phone) == ("水龙头滴水", "phone", "8301")


def test_another_dispatchers_tap_leaves_the_queue_by_itself(site, people, waiting):
    dan, max_ = people.desk(site.dan), people.desk(site.max)
    dan.page.clock.install()
    dan.open("/desk/")
    max_.open(f"/desk/{waiting[0].pk}/")

    with max_.page.expect_response(lambda answer: answer.request.method == "POST"):
        max_.tap("#panel [data-first]")
    dan.later(seconds=15)

    expect(dan.page.locator(".desk-line")).to_have_count(2)


def test_card_is_moved_on_the_board_by_keys(site, people, waiting):
    dan = people.desk(site.dan)
    dan.open("/board/")

    dan.page.keyboard.press("ArrowDown")
    dan.page.keyboard.press("ArrowDown")
    dan.page.keyboard.press("m")

    expect(dan.page.locator("#sheet")).to_be_visible()
    dan.tap("#sheet a:has-text('派工')")
    expect(dan.page.locator("#sheet select[name=to]")).to_be_visible()


def test_ward_signs_in_the_sheet_of_the_record(site, people):
    """Tom opens the record on the ward's computer; Rita types her name and signs in the box."""
    with scope(site.hospitals()):
        made = order(site, "finish")
    tom = people.desk(site.tom)
    tom.open(f"/orders/{made.pk}/")

    tom.tap(".summary-actions a:has-text('现场签字'), .summary-actions a[href*='sign_on_screen']")
    tom.page.locator("#sheet input[name=name]").fill("Rita")
    box = tom.page.locator("#sheet canvas").bounding_box()
    tom.page.mouse.move(box["x"] + 30, box["y"] + 40)
    tom.page.mouse.down()
    tom.page.mouse.move(box["x"] + 160, box["y"] + 90, steps=6)
    tom.page.mouse.up()
    tom.tap("#sheet button[type=submit]")

    expect(tom.page.locator(".drawn")).to_be_visible()
    assert state(site, made)[0] == "signed"
