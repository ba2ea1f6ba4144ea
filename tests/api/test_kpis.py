"""Figures in the API agree with the pages, for whoever may see them."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from rest_framework.test import APIClient

from tests.api.conftest import ROOT, program, report
from tests.api.test_resources import statements
from tests.api.test_schema import fits, schema  # noqa: F401  the fixture

pytestmark = pytest.mark.django_db
URL = f"{ROOT}/kpis/"


def of(rows, key):
    return {row["hospital_code"]: row for row in rows if row["kpi"] == key}


def figures(user, query=""):
    answer = program(user).get(f"{URL}?{query}")
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def test_what_was_reported_today_counts_at_its_hospital(world):
    report(world, world.a, world.rita)
    report(world, world.a, world.rita)
    report(world, world.b, world.rita_b)

    received = of(figures(world.kim), "workorders.received")

    assert {code: row["numerator"] for code, row in received.items()} == {"A": "2.0000", "B": "1.0000"}
    assert received["A"]["period"] == f"{timezone.localdate():%Y-%m}"


def test_link_of_a_figure_opens_as_many_records(world, client):
    report(world, world.a, world.rita)
    client.force_login(world.max, backend="tenancy.backends.SignInBackend")
    [row] = figures(world.max, f"kpi=workorders.received&hospital={world.a.id}")

    path = row["numerator_records"].partition("testserver")[2]

    assert program(world.max).get(f"{ROOT}/work-orders/?{path.partition('?')[2]}").json()["count"] == 1
    assert client.get(path).status_code == 200


def test_ratio_of_nothing_has_no_value(world):
    on_time = of(figures(world.max, "period=2020"), "workorders.on_time")["A"]

    assert (on_time["value"], on_time["target"]) == (None, "95.0000")


def test_manager_of_another_hospital_sees_only_that_one(world):
    report(world, world.a, world.rita)

    rows = figures(world.max_b)

    assert {row["hospital_code"] for row in rows} == {"B"}
    assert figures(world.max_b, f"hospital={world.a.id}") == []


def test_head_sees_the_own_department(world):
    assert {tuple(row["departments"]) for row in figures(world.hal)} == {("maintenance",)}


@pytest.mark.parametrize(("who", "status"), [("rita", 403), ("tom", 403), ("max", 200), ("audrey", 200)])
def test_figures_are_for_who_may_see_them(world, who, status):
    assert program(getattr(world, who)).get(URL).status_code == status
    assert APIClient().get(URL).status_code == 401


@pytest.mark.parametrize("period", ["2020-13", "x", "2999", "2020-Q5"])
def test_period_that_is_none_is_told(world, period):
    answer = program(world.max).get(f"{URL}?period={period}")

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["period"])


def test_figures_fit_the_schema_and_take_few_statements(world, schema):  # noqa: F811
    client = program(world.kim)
    with CaptureQueriesContext(connection) as queries:
        body = client.get(URL).json()

    fits(schema, URL, "get", 200, body)
    assert statements(queries) <= 6
