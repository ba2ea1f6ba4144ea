"""Every page a role can reach from its menu: no barrier in either theme, nothing sideways, no complaint, no English left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.urls import resolve
from playwright.sync_api import Page

from accounts.models import User
from tenancy.models import Hospital, Place, Unit
from tenancy.scope import scope
from tests.browser import eye
from tests.browser.person import Person
from tests.workorders.hands import done_order

PEOPLE = ("rita", "tom", "lea", "cleo", "dan", "hal", "max", "ada", "kim", "audrey")
NO_PAGE = re.compile(r"\.(pdf|xlsx|csv|json)$|/files/|/sign-out/|/api/|\.xlsx|export")
LINKS = """() => ["nav", "main"].map((where) => [...document.querySelectorAll(where + " a[href^='/']")]
  .filter((one) => !one.hasAttribute("download")).map((one) => one.getAttribute("href").split("#")[0]))"""


def page_at(url: str) -> str:
    """The page behind an address: two orders are one page."""
    return resolve(url.split("?")[0]).view_name


@pytest.fixture
def busy(site) -> Any:
    """A morning at hospital A: an order at every step."""
    with scope([site.a.id]):
        for step in ("reported", "dispatch", "accept", "arrive", "finish", "sign"):
            done_order(site, until=step)
    return site


def walk(person: Person, seen: set[str]) -> Iterator[str]:
    """Every page of the menu, and from there every page nobody has looked at yet."""
    person.open("/")
    menu, links = person.page.evaluate(LINKS)
    todo, queued = [person.page.url.removeprefix(person.site), *menu, *links], set()
    menu = {page_at(url) for url in menu if not NO_PAGE.search(url)}
    for url in todo:
        if NO_PAGE.search(url):
            continue
        page = page_at(url)
        if page in queued or (page in seen and page not in menu):
            continue
        queued.add(page)
        if page in seen:  # it looks as it did for a colleague, but may offer this person more
            answer = person.page.request.get(url)
            todo += [unescape(url) for url in re.findall(r'<a [^>]*?href="(/[^"#]+)', answer.text())]
        else:
            answer = person.open(url)
            yield page
            todo += person.page.evaluate(LINKS)[1]
        assert answer.status == 200, f"{url}: {answer.status}"


def look(page: Page, names: set[str]) -> list[str]:
    found = [*eye.barriers(page), *eye.sideways(page)]
    found += [f"English: {words}" for words in eye.english(page, names)]
    found += [f"no picture: {url}" for url in eye.missing_pictures(page)]
    return found


def look_in_english(page: Page, user: Any) -> list[str]:
    """English words are a third longer: does the page still fit?"""
    User.objects.filter(pk=user.pk).update(language="en")
    page.reload()
    User.objects.filter(pk=user.pk).update(language="zh-hans")
    assert page.locator("html").get_attribute("lang") == "en"
    return [f"in English {line}" for line in eye.sideways(page, (360, 1366))]


def given_names(site: Any) -> set[str]:
    """Names people gave: they are shown as given."""
    with scope(site.hospitals()):
        names = {*Hospital.objects.values_list("name", flat=True), *Place.objects.values_list("name", flat=True)}
        names |= {*Unit.objects.values_list("name", flat=True), site.consortium.name, site.firm.name}
        return {name for name in names if name} | {"washer changed"}


def test_every_page_is_right(people, busy):
    """Nobody meets a page that cannot be read, used by keyboard and screen reader, or held in one hand."""
    seen: set[str] = set()
    wrong = []
    given = given_names(busy)
    for name in PEOPLE:
        person = people.desk(getattr(busy, name))
        for page in walk(person, seen):
            found = look(person.page, given) + look_in_english(person.page, getattr(busy, name))
            wrong += [f"{name} {person.page.url}: {line}" for line in found]
            seen.add(page)
        person.context.close()

    assert len(seen) > 30
    assert not wrong, "\n".join(wrong)
