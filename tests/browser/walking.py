"""Walking through the site as somebody of the cast: from the menu to every page, and what is looked at there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from html import unescape
from typing import Any

from django.conf import settings
from django.test import Client
from django.urls import resolve
from playwright.sync_api import Page

from accounts.models import User
from tenancy.models import Hospital, Place, Unit
from tenancy.scope import scope
from tests.browser import eye
from tests.browser.person import Person

WARD, OFFICE = ("rita", "tom", "lea", "cleo"), ("dan", "hal", "max", "ada", "kim", "audrey")  # phones, desks
NO_PAGE = re.compile(r"\.(pdf|xlsx|csv|json)$|/files/|/sign-out/|/api/|\.xlsx|export")
LINKS = """() => [...document.querySelectorAll("nav a[href^='/'], main a[href^='/']")]
  .filter((one) => !one.hasAttribute("download")).map((one) => one.getAttribute("href").split("#")[0])"""
NAV = re.compile(r"<nav.*?</nav>", re.DOTALL)
HREF = re.compile(r'<a [^>]*?href="(/[^"#]+)')


def page_at(url: str) -> str:
    """The page behind an address: two orders are one page."""
    return resolve(url.split("?")[0]).view_name


def links(html: str) -> list[str]:
    return [unescape(link) for link in HREF.findall(html) if not NO_PAGE.search(link)]


def walk(user: User, seen: set[str], visit: Callable[[str], list[str]] | None = None) -> None:
    """Every page of the menu, and from there every page nobody has looked at yet.

    `visit` looks at a page that is not in `seen` and answers where else it leads; a page that is looks as it did for a
    colleague, but may offer this person more. Without `visit` the page is only asked for.
    """
    client = Client()
    client.force_login(user, backend=settings.AUTHENTICATION_BACKENDS[1])

    def ask(url: str) -> tuple[str, str]:
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, f"{url}: {answer.status_code}"
        return answer.request["PATH_INFO"], answer.content.decode()

    start, html = ask("/")
    todo, queued = [start, *links("".join(NAV.findall(html))), *links(html)], set()
    menu = {page_at(url) for url in links("".join(NAV.findall(html)))}
    for url in todo:
        page = page_at(url)
        if page in queued or (page in seen and page not in menu):
            continue
        queued.add(page)
        todo += visit(url) if visit and page not in seen else links(ask(url)[1])
        seen.add(page)


def strolls(
    person: Person, users: Iterable[User], seen: set[str], look: Callable[[Page], list[str]]
) -> Iterator[list[str]]:
    """One after the other they sign in at this screen: what `look` finds wrong on the pages that are not in `seen`."""
    person.context.add_init_script(eye.AXE_SCRIPT)  # half a megabyte: sent once, not with each page
    for user in users:
        person.context.clear_cookies()
        person.come_back(user)
        yield _stroll(person, user, seen, look)


def _stroll(person: Person, user: User, seen: set[str], look: Callable[[Page], list[str]]) -> list[str]:
    wrong = []

    def visit(url: str) -> list[str]:
        answer = person.open(url)
        assert answer.status == 200, f"{url}: {answer.status}"
        further = [*links(answer.text()), *(link for link in person.page.evaluate(LINKS) if not NO_PAGE.search(link))]
        wrong.extend(f"{user.name} {url}: {line}" for line in look(person.page))
        return further

    walk(user, seen, visit)
    return wrong


def look(
    page: Page,
    names: set[str],
    themes: tuple[str, ...] = ("light",),
    widths: tuple[int, ...] = (360, 1366),
    *,
    chinese: bool = True,
) -> list[str]:
    """Barriers, what sticks out, English left over on a Chinese page, pictures that are not there."""
    found = [*eye.barriers(page, themes), *eye.sideways(page, widths)]
    found += [f"English: {words}" for words in eye.english(page, names)] if chinese else []
    found += [f"no picture: {url}" for url in eye.missing_pictures(page)]
    return found


def given_names(site: Any) -> set[str]:
    """Names people gave: they are shown as given."""
    with scope(site.hospitals()):
        names = {*Hospital.objects.values_list("name", flat=True), *Place.objects.values_list("name", flat=True)}
        names |= {*Unit.objects.values_list("name", flat=True), site.consortium.name, site.firm.name}
        return {name for name in names if name} | {"washer changed"}
