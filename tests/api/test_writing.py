"""Reporting and moving orders through the API; what is refused, and how it is told."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from flow.models import Event
from tenancy.scope import scope
from tests.api.conftest import ROOT, program, report
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder

pytestmark = pytest.mark.django_db
ORDERS_URL = f"{ROOT}/work-orders/"


def asked(world, **facts):
    with scope(world.hospitals()):
        service = Service.objects.get(hospital=world.a.hospital, key="maintenance.water")
    return {"place": world.a.room.pk, "service": service.pk, "title": "Tap drips", **facts}


def orders(world):
    with scope(world.hospitals()):
        return list(WorkOrder.objects.order_by("id"))


def dispatched(world):
    order = report(world, world.a, world.rita)
    with scope(world.hospitals()):
        return ORDERS.move(order, "dispatch", world.dan, team=world.a.team, assignee=world.tom)


def test_report_makes_an_order(world):
    answer = program(world.rita).post(ORDERS_URL, asked(world, unit=world.a.ward.pk), format="json")

    assert answer.status_code == 201
    [order] = orders(world)
    assert (answer.json()["number"], order.reporter, order.state) == (order.number, world.rita, "reported")


@pytest.mark.parametrize("by_header", [True, False])
def test_report_sent_twice_makes_one_order(world, by_header):
    client, key = program(world.rita), str(uuid.uuid4())
    body, headers = (asked(world), {"Idempotency-Key": key}) if by_header else (asked(world, form_key=key), {})

    first = client.post(ORDERS_URL, body, format="json", headers=headers)
    second = client.post(ORDERS_URL, body, format="json", headers=headers)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    assert len(orders(world)) == 1


def test_key_of_somebody_else_shows_nothing(world):
    key = str(uuid.uuid4())
    program(world.rita).post(ORDERS_URL, asked(world, form_key=key), format="json")

    answer = program(world.max).post(ORDERS_URL, asked(world, form_key=key), format="json")

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["form_key"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": "x" * 81}, "title"),
        ({"description": "x" * 2001}, "description"),
        ({"place": 10**30}, "place"),
        ({"place": "no"}, "place"),
        ({"place": None}, "place"),
        ({"service": 0}, "service"),
        ({"urgency": "soon"}, "urgency"),
        ({"title": "\x00"}, "title"),
        ({"title": "\ud800"}, "title"),
        ({"form_key": "no"}, "form_key"),
        ({"unit": [1]}, "unit"),
        ({"title": {"a": 1}}, "title"),
    ],
)
def test_report_that_is_wrong_names_the_field_and_saves_nothing(world, wrong, field):
    body = json.dumps({**asked(world), **wrong})

    answer = program(world.rita).post(ORDERS_URL, body, content_type="application/json")

    assert answer.status_code == 422, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    assert list(answer.json()["errors"]) == [field]
    assert orders(world) == []


def test_place_of_another_hospital_is_unknown(world):
    answer = program(world.rita).post(ORDERS_URL, asked(world, place=world.b.room.pk), format="json")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["place"])


def test_report_by_who_may_not_is_refused(world):
    answer = program(world.audrey).post(ORDERS_URL, asked(world), format="json")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("{", "application/json", 400),
        ("[]", "application/json", 422),
        ("\xff", "application/json", 400),
        ("<a/>", "text/xml", 415),
    ],
)
def test_body_that_cannot_be_read_is_told(world, body, kind, status):
    answer = program(world.rita).post(ORDERS_URL, body.encode("latin-1"), content_type=kind)

    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_body_too_large_is_told(world):
    answer = program(world.rita).post(ORDERS_URL, "x" * 3_000_000, content_type="application/json")

    assert answer.status_code == 413


def test_move_takes_the_step_and_says_how_it_stands(world):
    order = dispatched(world)

    answer = program(world.tom).post(f"{ORDERS_URL}{order.pk}/moves/accept/", {}, format="json")

    assert (answer.status_code, answer.json()["state"]) == (200, "accepted")
    assert [o.state for o in orders(world)] == ["accepted"]


def test_dispatch_names_team_and_person(world):
    order = report(world, world.a, world.rita)
    facts = {"team": world.a.team.pk, "assignee": world.tom.pk}

    answer = program(world.dan).post(f"{ORDERS_URL}{order.pk}/moves/dispatch/", facts, format="json")

    assert answer.status_code == 200, answer.content
    assert (answer.json()["team"], answer.json()["assignee"]) == (world.a.team.pk, world.tom.pk)


@pytest.mark.parametrize("facts", [{}, {"team": 0}, {"team": "\x00"}, {"team": [1, 2]}, {"team": None}, {"team": {}}])
def test_dispatch_to_nobody_is_refused(world, facts):
    order = report(world, world.a, world.rita)

    answer = program(world.dan).post(f"{ORDERS_URL}{order.pk}/moves/dispatch/", facts, format="json")

    assert answer.status_code == 422
    assert [o.state for o in orders(world)] == ["reported"]


def test_finish_asks_for_the_musts(world):
    order, client = dispatched(world), program(world.tom)
    for name in ("accept", "arrive"):
        client.post(f"{ORDERS_URL}{order.pk}/moves/{name}/", {}, format="json")
    url, musts = f"{ORDERS_URL}{order.pk}/moves/finish/", order.service.musts

    assert client.post(url, {"musts": musts[:1]}, format="json").status_code == 422
    assert client.post(url, {"musts": musts, "minutes": 20}, format="json").json()["minutes"] == 20


@pytest.mark.parametrize(
    ("who", "status"),
    [("rita", 403), ("dan", 403), ("audrey", 403), ("tom_b", 404), ("dan_b", 404), ("olga", 404), ("cleo", 404)],
)
def test_move_by_who_may_not(world, who, status):
    order = dispatched(world)

    answer = program(getattr(world, who)).post(f"{ORDERS_URL}{order.pk}/moves/accept/", {}, format="json")

    assert answer.status_code == status
    assert [o.state for o in orders(world)] == ["dispatched"]


def test_move_that_does_not_exist_is_unknown(world):
    order = dispatched(world)

    assert program(world.tom).post(f"{ORDERS_URL}{order.pk}/moves/fly/", {}, format="json").status_code == 404


def test_move_that_is_too_late_says_who_was_faster(world):
    order = dispatched(world)
    client = program(world.tom)
    client.post(f"{ORDERS_URL}{order.pk}/moves/accept/", {}, format="json")

    answer = client.post(f"{ORDERS_URL}{order.pk}/moves/accept/", {}, format="json")

    assert answer.status_code == 409
    assert "Tom" in answer.json()["detail"]


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_orders_are_neither_replaced_nor_deleted(world, method):
    order = dispatched(world)

    answer = getattr(program(world.ada), method)(f"{ORDERS_URL}{order.pk}/", {}, format="json")

    assert answer.status_code == 405
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing/", "/api/v2/places/", f"{ROOT}/work-orders/abc/"])
def test_unknown_address_is_a_problem_document(world, path):
    answer = program(world.dan).get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


def test_breakdown_is_a_problem_document_and_commits_nothing(world, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("broken")

    monkeypatch.setattr("workorders.api.WorkOrders.now", broken)

    answer = program(world.rita).post(ORDERS_URL, asked(world), format="json")

    assert (answer.status_code, answer["Content-Type"]) == (500, "application/problem+json")
    assert orders(world) == []


@pytest.mark.django_db(transaction=True)
def test_twelve_programs_move_one_order_and_one_wins(world):
    order = dispatched(world)
    clients = [program(world.tom) for _ in range(12)]

    def accept(client):
        try:
            return client.post(f"{ORDERS_URL}{order.pk}/moves/accept/", {}, format="json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as threads:
        statuses = sorted(threads.map(accept, clients))

    assert statuses == [200] + [409] * 11
    with scope(world.hospitals()):
        assert Event.objects.filter(subject_id=order.pk, verb="accept").count() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_programs_send_one_report_and_one_order_is_made(world):
    body = asked(world, form_key=str(uuid.uuid4()))
    clients = [program(world.rita) for _ in range(8)]

    def send(client):
        try:
            return client.post(ORDERS_URL, body, format="json").status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(send, clients))

    assert statuses == [200] * 7 + [201]
    assert len(orders(world)) == 1
