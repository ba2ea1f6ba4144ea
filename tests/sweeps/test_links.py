"""Where a list leads, its reader may go: every kind of link that somebody finds on their lists opens for them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.urls import resolve, reverse

from tests.sweeps.secrets import filled
from tests.sweeps.test_access import OF_A, person
from ui.listing import lists

pytestmark = pytest.mark.django_db
HREF = re.compile(r'<a [^>]*?href="(/[^"#]+)')
DAILY = ("ada", "audrey")  # who reads what happened to every kind of record; the hammer sends everybody
EVENTS = "administration:event_list"


@pytest.fixture
def made(db):
    return filled()


def main(client: Any, url: str) -> str:
    """The page itself, without the menu around it; nothing where the person may not go."""
    answer = client.get(url)
    return answer.content.decode().partition("<main")[2] if answer.status_code == 200 else ""


def pages(client: Any) -> Iterator[str]:
    """Every list, and what happened to each kind of record."""
    for crud in lists():
        yield reverse(f"{crud.name}_list")
    kinds = re.search(r'<select[^>]*name="subject".*?</select>', main(client, reverse(EVENTS)), re.DOTALL)
    for kind in re.findall(r'value="([a-z.]+)"', kinds.group() if kinds else ""):
        yield f"{reverse(EVENTS)}?subject={kind}"


@pytest.mark.parametrize(
    "name", [pytest.param(one, marks=() if one in DAILY else pytest.mark.hammer) for one in (*OF_A, "kim", "audrey")]
)
def test_links_on_lists_open_for_their_reader(made, name):
    client, seen, wrong = person(made, name), set(), []
    for page in pages(client):
        for link in map(unescape, HREF.findall(main(client, page))):
            kind = (resolve(link.partition("?")[0]).view_name, page.startswith(reverse(EVENTS)))
            if kind in seen:
                continue
            seen.add(kind)
            if (status := client.get(link).status_code) >= 400:
                wrong.append(f"{page}: {link} {status}")

    assert len(seen) > 10 and not wrong, "\n".join(wrong)
