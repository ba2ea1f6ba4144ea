"""Lists and records: who sees what, in which form, at which cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from assets.models import Asset, Kind
from tenancy.scope import scope
from tests.api.conftest import ROOT, program, report
from workorders.models import Service

pytestmark = pytest.mark.django_db
RESOURCES = ("hospitals", "places", "units", "assets", "services", "work-orders")


@pytest.fixture
def things(world):
    """One row of each resource at hospital A, which the desk sees and nobody outside the consortium does."""
    order = report(world, world.a, world.rita)
    with scope(world.hospitals()):
        kind = Kind.objects.create(consortium=world.consortium, name="Pump", family="building")
        asset = Asset.objects.create(
            hospital=world.a.hospital, kind=kind, place=world.a.room, code="P-1", name="Pump 1", value="12.50"
        )
        service = Service.objects.get(hospital=world.a.hospital, key="maintenance.water")
    rows = (world.a.hospital, world.a.room, world.a.ward, asset, service, order)
    return dict(zip(RESOURCES, rows, strict=True))


def all_of(client, path):
    answer = client.get(f"{ROOT}/{path}")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("resource", RESOURCES)
def test_resource_without_token_asks_for_one(things, resource):
    for path in (f"{ROOT}/{resource}/", f"{ROOT}/{resource}/{things[resource].pk}/"):
        answer = APIClient().get(path)

        assert answer.status_code == 401
        assert answer["WWW-Authenticate"] == "Token"
        assert answer["Content-Type"] == "application/problem+json"
        assert answer.json()["status"] == 401


@pytest.mark.parametrize("resource", RESOURCES)
def test_resource_is_there_for_the_desk_and_not_for_strangers(world, things, resource):
    pk = things[resource].pk

    assert program(world.dan).get(f"{ROOT}/{resource}/{pk}/").json()["id"] == pk
    for stranger in (world.olga, world.dan_b, world.ada_b):
        assert program(stranger).get(f"{ROOT}/{resource}/{pk}/").status_code == 404
        found = all_of(program(stranger), f"{resource}/?page_size=200")
        assert pk not in [row["id"] for row in found["results"]]


def test_requester_sees_what_the_own_unit_reported(world, things):
    elsewhere = report(world, world.a, world.max)
    with scope(world.hospitals()):
        elsewhere.unit = world.a.other_ward
        elsewhere.save()

    assert [row["id"] for row in all_of(program(world.rita), "work-orders/")["results"]] == [things["work-orders"].pk]
    assert program(world.rita).get(f"{ROOT}/work-orders/{elsewhere.pk}/").status_code == 404


def statements(queries):
    return len([q for q in queries if "SAVEPOINT" not in q["sql"] and "set_config(" not in q["sql"]])


@pytest.mark.parametrize("resource", RESOURCES)
def test_list_takes_as_many_statements_for_three_rows_as_for_one(world, things, resource):
    client = program(world.dan)
    allowed = {"services": 4}.get(resource, 3)  # token, grants, page; the pictures of the services

    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as queries:
            all_of(client, f"{resource}/")
        counts.append(statements(queries))
        for _ in range(2):
            report(world, world.a, world.rita)

    assert counts == [allowed, allowed]


def test_list_of_several_pages_takes_one_statement_more_for_the_count(world, things):
    client = program(world.dan)
    report(world, world.a, world.rita)

    with CaptureQueriesContext(connection) as queries:
        found = all_of(client, "work-orders/?page_size=1&state=open")

    assert (statements(queries), found["count"]) == (4, 2)


def test_record_of_an_order_takes_at_most_ten_statements(world, things):
    client = program(world.dan)
    with CaptureQueriesContext(connection) as queries:
        client.get(f"{ROOT}/work-orders/{things['work-orders'].pk}/")

    assert statements(queries) <= 10


def test_pages_follow_each_other_without_gap(world):
    made = [report(world, world.a, world.rita).pk for _ in range(5)]
    client = program(world.dan)

    seen, url = [], f"{ROOT}/work-orders/?page_size=2"
    while url:
        page = client.get(url).json()
        seen += [row["id"] for row in page["results"]]
        url = page["next"]

    assert seen == made[::-1]
    assert (page["count"], page["count_capped"]) == (5, False)
    assert [r["id"] for r in client.get(page["previous"]).json()["results"]] == seen[2:4]


@pytest.mark.parametrize(
    "query", ["cursor=nonsense", "page_size=0", "page_size=x", "sort=name", "state=gone", "hospital=x"]
)
def test_list_names_the_wrong_parameter(world, query):
    answer = program(world.dan).get(f"{ROOT}/work-orders/?{query}")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == [query.partition("=")[0]]


def test_times_carry_their_offset_and_money_is_text(world, things):
    client = program(world.dan)

    order = client.get(f"{ROOT}/work-orders/{things['work-orders'].pk}/").json()
    asset = client.get(f"{ROOT}/assets/{things['assets'].pk}/").json()

    assert order["reported_at"].endswith("+08:00")
    assert (order["cost"], asset["value"]) == ("0.00", "12.50")


def test_cost_is_empty_for_who_may_not_see_it(world, things):
    assert all_of(program(world.rita), "work-orders/")["results"][0]["cost"] is None


def test_services_of_a_department_that_is_off_are_not_listed(world):
    client = program(world.dan)
    before = {row["department"] for row in all_of(client, "services/?page_size=200")["results"]}
    world.a.hospital.modules = ["cleaning"]
    world.a.hospital.save()

    after = {row["department"] for row in all_of(client, "services/?page_size=200")["results"]}

    assert {"maintenance", "cleaning"} <= before
    assert after == {"cleaning"}


def test_names_are_in_the_reader_s_language(world, things):
    names = []
    for language in ("en", "zh-hans"):
        world.dan.language = language
        world.dan.save()
        names.append(all_of(program(world.dan), "services/?key=maintenance.water")["results"][0]["name"])

    assert names[0] == "Water and drains"
    assert names[1] not in ("", names[0])


def test_record_shows_timeline_and_the_steps_one_may_take(world, things):
    client, pk = program(world.dan), things["work-orders"].pk

    order = client.get(f"{ROOT}/work-orders/{pk}/").json()

    assert [event["verb"] for event in order["timeline"]] == ["reported"]
    dispatch = next(move for move in order["moves"] if move["name"] == "dispatch")
    assert (dispatch["target"], dispatch["asks"]) == ("dispatched", ["team", "assignee"])
