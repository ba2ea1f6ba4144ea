"""One repair from the ward to the consortium's office, each person on a screen of their own, through the pages only.

A real worker and the clock run beside the site. Taps and seconds of each person have a ceiling: a nurse has no more.
"""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tenancy import domain as tenancy
from tenancy.scope import scope
from tests.browser.person import Person
from tests.workorders.hands import order_of, problem


@pytest.fixture
def door(site) -> str:
    """What the code at the nurses' station opens."""
    with scope([site.a.id]):
        return reverse("workorders:door", args=[tenancy.door_for(place=site.a.room).token])


def received(person: Person) -> int:
    """The month's first figure as this person sees it."""
    person.open("/figures/")
    return int(re.sub(r"\D", "", person.page.locator(".figure-value").first.inner_text()))


def nurse_reports(rita: Person, site, door: str) -> None:
    """Scan, picture, send."""
    rita.open(door)
    rita.sign_in(site.rita, site.password)
    rita.start()
    rita.open(door)
    rita.tap(f"a.tile[href*='/{problem(site, 'maintenance.water.tap').pk}/']")
    rita.tap(".big-action")
    expect(rita.page.locator(".sent")).to_be_visible()


def desk_dispatches(dan: Person) -> None:
    """The report stands first; one click on Tom's name."""
    dan.open("/")
    dan.start()
    dan.tap(dan.button(re.compile("^Tom")))
    expect(dan.page.locator(".desk-queue .empty-state")).to_be_visible()


def technician_repairs(tom: Person) -> None:
    """Open the job, accept, arrive, write down a washer, tick the musts, done."""
    tom.open("/")
    tom.start()
    tom.tap(".job-main")
    tom.tap(".sticky-actions .big-action")
    expect(tom.page.locator("main")).to_contain_text("已接单")
    tom.tap(".sticky-actions .big-action")
    expect(tom.page.locator("main")).to_contain_text("已到场")
    tom.tap("a[href$='/part/']")
    tom.say("text", "密封垫")
    tom.say("price", "3.5")
    tom.tap(".big-action")
    tom.tap(".sticky-actions a.big-action")
    for must in tom.page.locator("label:has([name=musts])").all():
        tom.tap(must)
    tom.tap("[data-step='1']")
    tom.say("remedy", "更换密封垫")
    tom.tap(".sticky-actions .big-action")
    expect(tom.page.locator("main")).to_contain_text("待签字")


def figure_leads_to(person: Person, number: str) -> None:
    """The figure is a link, and the order stands in the list behind it."""
    person.tap(".figure-value a")
    expect(person.page.locator("main table")).to_contain_text(number)


def test_repair_from_door_to_dashboard(people, site, worker, door):
    """Rita's tap drips: three taps; Dan: one; Tom: twelve, a tick for each must among them; Rita again: one."""
    rita, dan, tom = people.phone(), people.desk(site.dan), people.phone(site.tom)
    manager, office = people.desk(site.max), people.desk(site.kim)
    before = [received(manager), received(office)]

    nurse_reports(rita, site, door)
    assert (rita.taps, rita.seconds < 20) == (2, True)

    desk_dispatches(dan)
    assert (dan.taps, dan.seconds < 10) == (1, True)

    technician_repairs(tom)
    assert (tom.taps <= 12, tom.seconds < 45) == (True, True), (tom.taps, tom.seconds)

    rita.open("/")
    rita.start()
    rita.tap(rita.page.locator(".stars button").nth(4))
    expect(rita.page.locator("main")).to_contain_text("已签字")
    assert (rita.taps, rita.seconds < 10) == (1, True)

    signed = order_of(site)
    assert (signed.state, signed.attitude, signed.remedy, signed.cost) == ("signed", 5, "更换密封垫", 3.5)
    assert [received(manager), received(office)] == [count + 1 for count in before]
    for person in (manager, office):
        figure_leads_to(person, signed.number)
