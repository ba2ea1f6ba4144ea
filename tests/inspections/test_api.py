"""Rounds through the API."""

from __future__ import annotations

import uuid

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from accounts.domain import give_token
from inspections.models import Answer, Item, Point
from tenancy.scope import scope
from tests.factories import rounds as make
from workorders import catalogue


@pytest.fixture
def round(world):
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        return make.route(world, 2)


@pytest.fixture
def program():
    def of(user):
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {give_token(user, 'test')}")
        return client

    return of


def test_rounds_are_listed_and_filtered_for_who_may_see_them(world, round, program):
    assert [row["id"] for row in program(world.tom).get("/api/v1/rounds/?state=undone").data["results"]] == [round.pk]
    assert program(world.tom).get("/api/v1/rounds/?state=missed").data["results"] == []
    assert program(world.tom_b).get("/api/v1/rounds/").data["results"] == []
    assert program(world.tom_b).get(f"/api/v1/rounds/{round.pk}/").status_code == 404


def test_round_is_started_and_answered_and_a_batch_sent_again_changes_nothing(world, round, program):
    tom, at = program(world.tom), timezone.now().isoformat()
    assert tom.post(f"/api/v1/rounds/{round.pk}/start/").data["state"] == "started"
    seen = tom.get(f"/api/v1/rounds/{round.pk}/sheet/").data
    batch = [
        {"key": str(uuid.uuid4()), "kind": "answer", "at": at, "point": point["id"], "item": item["id"], "raw": raw}
        for point in seen["points"]
        for item, raw in zip(seen["items"], ("1", "0.4"), strict=True)
    ] + [{"key": str(uuid.uuid4()), "kind": "finish", "at": at}]
    for _time in range(2):
        told = tom.post(f"/api/v1/rounds/{round.pk}/answers/", {"entries": batch}, format="json")
        assert [one["taken"] for one in told.data] == [True] * 5

    record = tom.get(f"/api/v1/rounds/{round.pk}/").data
    assert (record["state"], record["points_done"], record["done_name"]) == ("done", 2, "Tom")
    with scope([world.a.id]):
        assert Answer.objects.count() == 4
        assert Point.objects.filter(state="done").count() == 2
        assert Item.objects.count() == 2


@pytest.mark.parametrize("body", [{}, {"entries": "x"}, {"entries": {"a": 1}}, [], {"entries": [None] * 201}])
def test_batch_that_is_none_is_refused(world, round, program, body):
    program(world.tom).post(f"/api/v1/rounds/{round.pk}/start/")

    assert program(world.tom).post(f"/api/v1/rounds/{round.pk}/answers/", body, format="json").status_code == 422


def test_who_does_no_rounds_sends_nothing(world, round, program):
    assert program(world.dan).post(f"/api/v1/rounds/{round.pk}/start/").status_code == 403
    assert (
        program(world.dan).post(f"/api/v1/rounds/{round.pk}/answers/", {"entries": []}, format="json").status_code
        == 403
    )
