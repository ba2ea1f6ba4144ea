"""Journeys in Debian's Chromium against the site as it runs: its own server, the application's database role."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from time import monotonic, sleep
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signals import request_finished, request_started
from playwright.sync_api import Browser, sync_playwright

from launch.browser import find
from tenancy.scope import scope
from tests.browser.person import DESK, PHONE, Person
from tests.browser.workers import working
from tests.workorders.hands import WAY, done_order

HERE = Path(__file__).parent
PATIENCE = 10  # seconds for what the server still does when the browsers are gone
FONTS = HERE.parent.parent / "ui" / "fonts"
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="package")
def browser(tmp_path_factory) -> Iterator[Browser]:
    """One Chromium for all journeys; it finds Chinese letters in the project's own fonts."""
    home = tmp_path_factory.mktemp("letters")
    (home / "fonts").symlink_to(FONTS, target_is_directory=True)
    # Playwright keeps an event loop in this thread, in which Django refuses queries unless told.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        chromium = playwright.chromium.launch(
            executable_path=find(), args=QUIET, env={**os.environ, "XDG_DATA_HOME": str(home)}
        )
        yield chromium
        chromium.close()


@contextmanager
def all_answered() -> Iterator[None]:
    """At the end no page is drawn any more: what it wrote after the tables were emptied, the next test would find."""
    drawn: list[int] = []

    def begun(**_facts: Any) -> None:
        drawn.append(get_ident())

    def ended(**_facts: Any) -> None:
        with suppress(ValueError):
            drawn.remove(get_ident())

    request_started.connect(begun)
    request_finished.connect(ended)
    try:
        yield
        until = monotonic() + PATIENCE
        while set(drawn) - {get_ident()} and monotonic() < until:
            sleep(0.02)
    finally:
        request_started.disconnect(begun)
        request_finished.disconnect(ended)


@pytest.fixture
def site(transactional_db, live_server, settings, world) -> Iterator[SimpleNamespace]:
    """The running site with the two hospitals of tests/world.py."""
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = False
    world.url = live_server.url
    with all_answered():
        yield world


@pytest.fixture
def busy(site) -> SimpleNamespace:
    """A morning at hospital A: an order at every step."""
    with scope([site.a.id]):
        for step in WAY:
            done_order(site, until=step)
    return site


@pytest.fixture
def people(browser, site) -> Iterator[Callable[..., Person]]:
    """`people.phone()`, `people.desk()`: browsers of their own. Any complaint of one of them fails the test."""
    opened: list[Person] = []

    def screen(size: dict[str, int]) -> Callable[..., Person]:
        def open_one(user: Any = None, **options: Any) -> Person:
            opened.append(Person(browser, site.url, size, **options))
            if user is not None:
                opened[-1].come_back(user)
            return opened[-1]

        return open_one

    yield SimpleNamespace(phone=screen(PHONE), desk=screen(DESK))
    complaints = [line for one in opened for line in one.complaints]
    for one in opened:
        with suppress(Exception):
            one.context.close()
    assert complaints == []


@pytest.fixture
def worker(site, tmp_path) -> Iterator[None]:
    """A real worker and the clock, until the end of the test."""
    with working(tmp_path):
        yield
