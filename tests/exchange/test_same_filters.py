"""Page, API and workbook are narrowed by the same filters: the same rows for the same person, whatever is asked."""

import io
import re

import pytest
from django.http import QueryDict
from openpyxl import load_workbook
from rest_framework.test import APIClient

from assets.models import Asset, Kind
from exchange import exports
from tenancy.scope import scope, scope_of
from tests.factories.workorders import order
from ui.listing import Asker, Listing, list_of
from workorders import catalogue

pytestmark = pytest.mark.django_db
ASKED = {
    ("workorders:order", "/orders/", "work-orders", "number"): (
        "",
        "state=open",
        "state=done&needs_signature=yes",
        "department=maintenance&urgency=normal",
        "overdue=no",
        "search=水",
        "state=live&sort=reported_at",
        "returned=no&signed=no",
    ),
    ("assets:asset", "/assets/", "assets", "code"): (
        "",
        "family=building",
        "state=in_use&criticality=normal",
        "search=泵",
    ),
    ("administration:place", "/office/places/", "places", "code"): ("", "kind=room", "standing=open", "search=201"),
    ("administration:unit", "/office/units/", "units", "code"): ("", "kind=clinical", "standing=closed", "search=骨"),
}
PEOPLE = ("rita", "dan", "tom", "lea", "hal", "max", "ada", "max_b", "kim", "audrey")
DAILY = ("tom", "ada", "kim")  # a team's, a hospital's, a consortium's; the hammer asks as everybody


@pytest.fixture
def full(world):
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        for until in ("", "dispatch", "finish", "close"):
            order(world, until)
        order(world, title="灯不亮", unit=world.a.other_ward, place=world.a.other_room)
        kinds = [Kind.objects.create(consortium=world.consortium, name=f, family=f) for f in ("building", "medical")]
        for site in (world.a, world.b):
            for n, kind in enumerate(kinds):
                Asset.objects.create(hospital=site.hospital, kind=kind, place=site.room, code=f"P{n}", name=f"泵{n}")
    return world


def by_page(client, address, query):
    """Keys, and titles in the order of the page."""
    page = client.get(f"{address}?{query}")
    if page.status_code != 200:
        return None, []
    titles = re.findall(r'<a class="title" href="[^"]+">([^<]+)</a>', page.content.decode())
    return sorted(row["pk"] for row in page.context_data["table"].rows), titles


def by_api(user, resource, query):
    program = APIClient()
    program.force_login(user)
    answer = program.get(f"/api/v1/{resource}/?page_size=200&{query}")
    return sorted(row["id"] for row in answer.json()["results"]) if answer.status_code == 200 else None


def by_workbook(user, name, query):
    with scope_of(user):
        export = exports.ask(user, Listing(list_of(name), Asker(user), QueryDict(query)))
    exports.run(list(export.hospitals), export.pk)
    with scope(export.hospitals):
        book = load_workbook(io.BytesIO(exports.file_of(export).read()))
    return [row[0] for row in book.active.iter_rows(min_row=2, values_only=True)]


@pytest.mark.parametrize("people", [DAILY, pytest.param(PEOPLE, marks=pytest.mark.hammer)], ids=len)
@pytest.mark.parametrize("listed", ASKED, ids=lambda listed: listed[0])
def test_page_api_and_workbook_answer_alike(full, client, listed, people):
    name, address, resource, _key = listed
    for who in people:
        user = getattr(full, who)
        client.force_login(user)
        for query in ASKED[listed]:
            seen, titles = by_page(client, address, query)
            if seen is None:
                continue  # no such page for them; what the API then shows is in tests/api
            assert by_api(user, resource, query) == seen, (who, query)
            assert by_workbook(user, name, query) == titles, (who, query)
