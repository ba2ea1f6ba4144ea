"""What happens in a hurry: a double tap, a session that ended meanwhile, two at the desk with one order."""

import re

import pytest
from django.conf import settings
from django.urls import reverse
from playwright.sync_api import expect

from tenancy.scope import scope
from tests.workorders.hands import done_order, order_of, problem
from workorders.models import WorkOrder

REMARK = "#timeline [name=text]"
WORDS = "Water runs under the door of the treatment room"


@pytest.fixture
def rita(people, site):
    """Rita on her phone, one tap from sending: a dripping tap at the nurses' station."""
    one = people.phone(site.rita)
    one.open(reverse("workorders:ask_send", args=[site.a.room.pk, problem(site, "maintenance.water.tap").pk]))
    return one


def reported(site):
    with scope([site.a.id]):
        return list(WorkOrder.objects.values_list("description", flat=True))


def test_double_tap_sends_one_report(rita, site):
    """The ward is busy, the network slow, Rita taps twice: one order, and she sees it."""
    rita.say("description", WORDS)

    rita.page.locator(".big-action").dblclick()
    rita.page.wait_for_url(lambda url: "?sent" in url)

    expect(rita.page.locator(".sent")).to_be_visible()
    assert reported(site) == [WORDS]


def test_words_are_back_after_signing_in_again(rita, site):
    """Rita is called away in the middle of a report; hours later her session is over. She signs in and sends."""
    rita.say("description", WORDS)
    rita.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    rita.start()

    rita.tap(".big-action")
    rita.sign_in(site.rita, site.password)

    expect(rita.page.locator("[name=description]")).to_have_value(WORDS)
    rita.tap(".big-action")
    expect(rita.page.locator(".sent")).to_be_visible()
    assert reported(site) == [WORDS]
    assert rita.taps == 3


def test_second_dispatcher_is_told_who_was_first(people, site):
    """Dan and Hal have the same report before them. Dan sends Tom; Hal's click changes nothing and says so."""
    with scope([site.a.id]):
        done_order(site, until="reported")
    dan, hal = people.desk(site.dan), people.desk(site.hal)
    for one in (dan, hal):
        one.open("/desk/")

    dan.tap(dan.button(re.compile("^Tom")))
    hal.tap(hal.button(re.compile("^木工班")))

    expect(hal.page.locator("#panel [role=alert]")).to_contain_text("Tom")
    hal.expect_status(409)
    assert order_of(site).assignee == site.tom


@pytest.fixture
def dan(people, site):
    """Dan at his desk with a remark typed on an order; meanwhile his session is over."""
    with scope([site.a.id]):
        order = done_order(site, until="reported")
    one = people.desk(site.dan)
    one.open(reverse("workorders:order", args=[order.pk]))
    one.page.locator(REMARK).fill(WORDS)
    one.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    return one


def test_words_of_any_form_are_back_after_signing_in_again(dan, site):
    """Dan sends his remark, signs in, finds it and sends it: three clicks."""
    page = dan.page.url
    dan.start()

    remark = dan.page.locator("#timeline form button")
    dan.tap(remark)
    dan.sign_in(site.dan, site.password)
    expect(dan.page).to_have_url(page)
    expect(dan.page.locator(REMARK)).to_have_value(WORDS)
    expect(dan.page.locator("#toasts")).to_contain_text("刚才填写的内容已恢复")

    dan.tap(remark)
    expect(dan.page.locator(".timeline")).to_contain_text(WORDS)
    assert dan.taps == 3
    expect(dan.page.locator(REMARK)).to_have_value("")


def test_words_are_not_shown_to_who_signs_in_next(dan, site):
    page = dan.page.url
    dan.tap(dan.page.locator("#timeline form button"))
    dan.sign_in(site.max, site.password)

    expect(dan.page).to_have_url(page)
    expect(dan.page.locator(REMARK)).to_have_value("")
    assert dan.page.evaluate("sessionStorage.getItem('typed')") is None
