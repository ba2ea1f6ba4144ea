"""Signing in and the frame around every page."""

from playwright.sync_api import expect


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
