"""The gates see what they are there for: a page that asks once more, a row that asks for itself, an index that is gone."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import get_resolver, resolve, reverse

from tenancy.models import Unit
from tests.gates.expectations import Answer, differences, uneven
from tests.gates.statements import Statement, recorded

NAME = "administration:unit_list"


@pytest.fixture
def client(world):
    browser = Client()
    browser.force_login(world.dan, backend="tenancy.backends.SignInBackend")
    return browser


def asked(client: Client) -> dict[str, dict[str, Answer]]:
    with recorded() as recorder:
        response = client.get(reverse(NAME))
    return {NAME: {"desk": Answer(response.status_code, len(response.content), tuple(recorder.seen))}}


def asking(monkeypatch: pytest.MonkeyPatch, more) -> None:
    """The page, as if somebody had added `more` to it."""
    view = resolve(reverse(NAME)).func
    pattern = next(p for p in walk(get_resolver()) if getattr(p, "callback", None) is view)

    def with_more(request, **arguments):
        more()
        return view(request, **arguments)

    monkeypatch.setattr(pattern, "callback", with_more)


def walk(resolver):
    for pattern in resolver.url_patterns:
        yield from walk(pattern) if hasattr(pattern, "url_patterns") else (pattern,)


def test_one_more_statement_is_told(client, monkeypatch):
    for _ in range(6):  # the function that opens a scope is planned anew at its first five calls
        before = asked(client)
    assert differences(before, asked(client)) == []
    count = len(before[NAME]["desk"].statements)

    asking(monkeypatch, lambda: Unit.objects.count())
    told = differences(before, asked(client))

    assert f"{NAME} desk: statements {count} → {count + 1}" in told
    assert any("+ SELECT COUNT(*)" in line for line in told)


def test_a_statement_for_each_row_is_told(client, monkeypatch):
    few = asked(client)

    asking(
        monkeypatch, lambda: [Unit.objects.filter(pk=pk).first() for pk in Unit.objects.values_list("pk", flat=True)]
    )

    assert uneven(few, asked(client)) != []


def test_blocks_bytes_and_lost_indexes_are_told():
    def page(blocks: int, length: int, *indexes: str) -> dict[str, dict[str, Answer]]:
        return {NAME: {"desk": Answer(200, length, (Statement("SELECT x FROM t", blocks, indexes),))}}

    before = page(100, 10_000, "order_open")

    assert differences(before, page(103, 10_200, "order_open")) == []
    assert differences(before, page(104, 10_000, "order_open")) == [f"{NAME} desk: blocks 100 → 104"]
    assert differences(before, page(100, 10_300, "order_open")) == [f"{NAME} desk: bytes 10000 → 10300"]
    assert differences(before, page(100, 10_000)) == [f"{NAME} desk: order_open serves no longer: SELECT t"]
    assert differences(before, page(100, 10_000), plans=False) == []
