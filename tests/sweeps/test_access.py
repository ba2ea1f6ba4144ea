"""Every address of the site, asked by hospital B and by strangers for what is hospital A's."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from tests.sweeps.addresses import ADDRESSES, LEAVING, OPEN, OWN, PUBLIC, PUBLISHED, SECRET, Address
from tests.sweeps.secrets import WORD, filled

pytestmark = pytest.mark.django_db
OF_A = ("rita", "dan", "tom", "lea", "hal", "max", "ada")
STRANGERS = (*(f"{name}_b" for name in OF_A), "olga")
DAILY = {"max_b", "ada_b", "olga"}  # who may most; the hammer sends all strangers
WAYS = {"rita_b": (0,), "max_b": (0, 1, 4), "ada_b": (0, 2, 3), "olga": (0, 3)}  # daily; the hammer asks in every way
CLOSED = {403, 404, 405}


def patterns(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, bool]]:
    """(name, has it a parameter?) of every address."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            yield from patterns(pattern, (*spaces, pattern.namespace) if pattern.namespace else spaces)
        else:
            name = ":".join([*spaces, pattern.name or "?"])
            yield name, bool(pattern.pattern.regex.groups)


NAMES = dict(patterns())
PLAIN = sorted(name for name, has_parameter in NAMES.items() if not has_parameter and name not in LEAVING)


@pytest.fixture
def made(db, monkeypatch):
    monkeypatch.setattr("flow.machine.UNDO_WITHIN", timedelta(hours=1))
    return filled()


def person(made: Any, name: str) -> Client:
    """Somebody at the browser; signed in once."""
    if name not in made.clients:
        made.clients[name] = Client(raise_request_exception=False)
        if name:
            made.clients[name].force_login(getattr(made.world, name), backend="tenancy.backends.SignInBackend")
    return made.clients[name]


def url_of(name: str, made: Any) -> str:
    arguments = ADDRESSES[name].fill(made) if name in ADDRESSES else ()
    return f"/api/{arguments[0]}" if name == "?" else reverse(name, args=arguments)


def text_of(response: Any) -> str:
    """What a person can read in an answer: page, workbook, paper or data."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    kind = response.get("Content-Type", "")
    if "spreadsheetml" in kind:
        sheets = load_workbook(io.BytesIO(body)).worksheets
        return " ".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)
    if kind == "application/pdf":
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    text = body.decode(errors="replace")
    return text if "json" not in kind else text.encode().decode("unicode_escape", errors="replace")


def asked(client: Client, method: str, url: str, data: dict[str, Any] | None = None) -> Any:
    """The answer; whatever it changed is taken back."""
    with transaction.atomic():
        response = getattr(client, method)(url, data or {})
        transaction.set_rollback(True)
    return response


def test_every_address_with_a_parameter_is_in_the_registry():
    assert {name for name, has_parameter in NAMES.items() if has_parameter} == set(ADDRESSES)
    assert set(NAMES) >= PUBLIC


def test_holder_opens_every_address(made):
    wrong = []
    for name, address in ADDRESSES.items():
        url = url_of(name, made)
        wrong += [f"{name}: {who} {url}" for who in _not_opened(person(made, address.who), address, url, made)]

    assert not wrong, "\n".join(wrong)


def _not_opened(client: Client, address: Address, url: str, made: Any) -> Iterator[str]:
    if address.get and (status := asked(client, "get", url).status_code) >= 400:
        yield f"{address.who or 'visitor'} get {status}"
    if address.post:
        status = asked(client, "post", url, address.post(made)).status_code
        if status >= 400 and status != address.told:
            yield f"{address.who or 'visitor'} post {status}"


@pytest.mark.parametrize(
    "stranger", [name if name in DAILY else pytest.param(name, marks=pytest.mark.hammer) for name in STRANGERS]
)
def test_nobody_else_opens_an_address(made, stranger):
    client, wrong = person(made, stranger), []
    for name in (name for name, address in ADDRESSES.items() if address.kind == OWN):
        url = url_of(name, made)
        for method in ("get", "post"):
            response = asked(client, method, url)
            if response.status_code not in CLOSED or WORD in text_of(response):
                wrong.append(f"{name}: {method} {url} {response.status_code}")

    assert not wrong, "\n".join(wrong)


def test_wrong_secret_opens_nothing(made):
    for name, address in ADDRESSES.items():
        if address.kind == SECRET:
            secret, *others = address.fill(made)
            wrong = secret[:-1] + ("-" if secret.endswith("_") else "_")
            url = reverse(name, args=(wrong, *others))
            for who in ("", "dan_b"):
                response = asked(person(made, who), "get", url)
                assert response.status_code in CLOSED, (name, who)
                assert WORD not in text_of(response)


def questions(made: Any) -> tuple[dict[str, Any], ...]:
    """Ways to ask a page for what is A's: plainly, as a workbook, by words, by keys."""
    a, pk = made.world.a, made.reported.pk
    keys = {
        "hospital": a.id,
        "unit": a.ward.pk,
        "team": a.team.pk,
        "service": made.service.pk,
        "chosen": pk,
        "at": a.id,
    }
    figure = {"figure": "workorders.received", "part": "numerator", "first": "2026-01-01", "last": "2099-01-01"}
    return (
        {},
        {"export": "xlsx", **keys},
        {"search": WORD[:5], "q": WORD[:5]},
        {**keys, "place": a.room.pk, "door": made.door.pk, "person": made.member.pk},
        {**keys, **figure, "place": a.root.path},
    )


@pytest.mark.parametrize(
    ("stranger", "ways"),
    [
        *WAYS.items(),
        *(
            pytest.param(stranger, range(5), marks=pytest.mark.hammer, id=f"{stranger} in every way")
            for stranger in STRANGERS
        ),
    ],
)
def test_nothing_of_a_is_read_anywhere_by_b(made, stranger, ways):
    names = [*(n for n in PLAIN if n not in PUBLIC), *(n for n, address in ADDRESSES.items() if address.kind == OPEN)]
    asking, client, leaks, broken = questions(made), person(made, stranger), [], []

    for name in names:
        for way in (asking[nth] for nth in ways):
            response = asked(client, "get", url_of(name, made), way)
            if response.status_code >= 500:
                broken.append(f"{name} {way}")
            told = name in PUBLISHED and stranger != "olga"  # she is of another consortium
            if not told and WORD in text_of(response).replace(str(made.door.pk), ""):
                leaks.append(f"{name} {way}")

    assert not broken, "\n".join(broken)
    assert not leaks, "\n".join(leaks)


def test_lists_show_a_to_its_own_people(made):
    """Else the sweep above would prove nothing."""
    seen = set()
    for who in OF_A:
        client = person(made, who)
        seen |= {
            name for name in PLAIN if name not in seen and WORD in text_of(asked(client, "get", url_of(name, made)))
        }

    assert {name for name in PLAIN if name.endswith(("_list", "-list"))} - seen <= {
        "api:kpi-list",
        "api:return-request-list",
        "api:published-figure-list",  # figures and the codes of hospitals; nothing that anybody wrote
    }
    assert seen >= {
        "workorders:desk",
        "workorders:board",
        "workorders:work",
        "workorders:ask",
        "notices:list",
        "kpi:dashboard",
    }


def test_lists_are_written_as_workbooks_and_answers_to_searches(made):
    client, ways = person(made, "ada"), questions(made)
    books = {n for n in PLAIN if WORD in text_of(asked(client, "get", url_of(n, made), ways[1]))}
    found = {n for n in PLAIN if WORD in text_of(asked(client, "get", url_of(n, made), ways[2]))}

    assert books >= {"workorders:order_list", "administration:place_list", "assets:asset_list"}
    assert found >= {"workorders:order_list", "workorders:places", "administration:person_list", "api:work-order-list"}


def test_without_signing_in_only_the_public_pages_open(made):
    client, wrong = Client(raise_request_exception=False), []
    for name in NAMES:
        if name in PUBLIC:
            continue
        for method in ("get", "post"):
            response = asked(client, method, url_of(name, made))
            kept = response.status_code == 401 if name.startswith("api:") else response.status_code in (302, 405)
            if not kept or (response.status_code == 302 and "/sign-in/" not in response["Location"]):
                wrong.append(f"{name} {method} {response.status_code} {response.get('Location', '')}")

    assert not wrong, "\n".join(wrong)
