"""A program of hospital A reads what is asked and hands it in; the walls and rules are those of the page."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from tenancy.scope import scope
from tests.api.conftest import ROOT, program
from tests.factories import requests as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(world):
    with scope(world.hospitals()):
        older, newer = make.dues(world, make.request(world, valid_from=timezone.localdate() - timedelta(days=62)))[:2]
        make.handed_in(world, older)
        return newer


def test_a_program_reads_the_form_and_hands_it_in(world, due):
    client, url = program(world.max), f"{ROOT}/returns-due/{due.pk}"

    form = client.get(f"{url}/form/").json()
    strange = client.post(f"{url}/hand-in/", {"values": {"power": 5000, "water": None}}, format="json")
    right = client.post(
        f"{url}/hand-in/", {"values": {"power": "5000", "water": None}, "notes": {"power": "新楼"}}, format="json"
    )
    again = client.post(f"{url}/hand-in/", {"values": {"power": 1, "water": 1}}, format="json")
    values = client.get(f"{ROOT}/returns/?quantity=power&first={due.first}").json()["results"]

    assert [(line["key"], line["before"], line["value"]) for line in form] == [
        ("power", "1000.0000", None), ("water", "50.0000", None),
    ]  # fmt: skip
    assert strange.status_code == 422 and list(strange.json()["errors"]) == ["note.power"]
    assert (right.status_code, right.json()["state"], right.json()["unknown"]) == (200, "handed", ["water"])
    assert again.status_code == 409
    assert [(row["hospital_code"], row["quantity_name"], row["unit"], row["value"]) for row in values] == [
        ("A", "用电量", "kWh", "5000.0000"),
    ]  # fmt: skip


@pytest.mark.parametrize("values", [{"power": -1, "water": 1}, {"power": "x", "water": 1}, {"power": 1}, {}, None])
def test_values_that_are_none_are_refused_by_field(world, due, values):
    answer = program(world.max).post(
        f"{ROOT}/returns-due/{due.pk}/hand-in/", {"values": values} if values is not None else {}, format="json"
    )

    assert answer.status_code == 422 and answer.json()["errors"]


def test_half_a_character_for_a_key_is_refused_as_one_that_is_not_asked(world, due):
    body = json.dumps({"values": {"power": 1, "water": 1, "\ud800": 1}})
    answer = program(world.max).post(f"{ROOT}/returns-due/{due.pk}/hand-in/", body, content_type="application/json")

    assert answer.status_code == 422 and answer.json()["errors"]


def test_others_do_not_see_it_and_the_office_sees_all(world, due):
    url = f"{ROOT}/returns-due/{due.pk}/"

    assert program(world.max_b).get(url).status_code == 404
    assert program(world.rita).get(f"{ROOT}/returns-due/").json()["results"] == []
    assert program(world.audrey).post(f"{url}hand-in/", {"values": {}}, format="json").status_code == 403
    codes = {row["hospital_code"] for row in program(world.kim).get(f"{ROOT}/returns-due/").json()["results"]}
    assert codes == {"A", "B"}
    asked = program(world.kim).get(f"{ROOT}/return-requests/").json()["results"]
    assert [line["key"] for line in asked[0]["quantities"]] == ["power", "water"]
    assert program(world.max).get(f"{ROOT}/return-requests/").json()["results"] == []
