"""Signing in and the frame around every page."""

from playwright.sync_api import expect

from tenancy.scope import scope
from tests.factories.workorders import order


def test_nurse_signs_in_on_her_phone(people, site):
    """Rita opens the site, types her name and password: one tap and she is where her day begins."""
    rita = people.phone()
    rita.open("/")

    rita.sign_in(site.rita, site.password)

    expect(rita.page.locator(".tabbar")).to_be_visible()
    expect(rita.page.locator("html")).to_have_attribute("lang", "zh-hans")
    assert rita.taps == 1
    assert rita.seconds < 15


def test_wrong_password_keeps_the_name(people, site):
    rita = people.phone()
    rita.open("/account/sign-in/")
    rita.say("login", site.rita.email)
    rita.say("password", "something else")

    rita.tap("form .btn-primary")

    expect(rita.page.locator("[role=alert]")).to_be_visible()
    expect(rita.page.locator("[name=login]")).to_have_value(site.rita.email)
    rita.expect_status(422)


def test_menu_opens_on_a_phone_and_closes_with_escape(people, site):
    rita = people.phone(site.rita)
    rita.open("/")

    rita.tap(".tabbar button")
    expect(rita.page.locator("#side a").nth(1)).to_be_in_viewport()
    rita.page.keyboard.press("Escape")

    expect(rita.page.locator("#side a").nth(1)).not_to_be_in_viewport()


def test_more_filters_come_when_they_are_opened_and_narrow_at_once(people, site):
    """Dan has chosen "open" and opens the rest: they come with what he chose, and one change narrows the list."""
    with scope(site.hospitals()):
        order(site, title="灯不亮")
        order(site, title="水龙头滴水", unit=site.a.other_ward)
    dan = people.desk(site.dan)
    dan.open("/orders/")
    dan.page.select_option("[name=state]", "open")
    dan.tap(".filters summary")
    dan.page.select_option("#more-filters [name=unit]", str(site.a.ward.pk))

    expect(dan.page.locator(".list tbody tr")).to_have_count(1)
    assert "state=open" in dan.page.url and f"unit={site.a.ward.pk}" in dan.page.url
    dan.page.reload()
    expect(dan.page.locator(".list tbody tr")).to_have_count(1)
    expect(dan.page.locator(".filters summary .count")).to_contain_text("1")


def test_every_filter_is_there_without_scripts(browser, people, site):
    known = people.desk(site.dan)
    known.open("/orders/")
    plain = browser.new_context(base_url=known.site, java_script_enabled=False)
    plain.add_cookies(known.context.cookies())
    page = plain.new_page()
    page.goto("/orders/?state=open")

    page.locator(".filters summary").click()
    page.locator("#more-filters a").click()
    page.select_option("#more-filters [name=unit]", str(site.a.ward.pk))
    page.locator(".filters noscript button, .filters button").first.click()

    assert "state=open" in page.url and f"unit={site.a.ward.pk}" in page.url
    expect(page.locator("#more-filters [name=unit]")).to_have_value(str(site.a.ward.pk))
    plain.close()
