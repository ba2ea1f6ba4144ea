"""Checklists over the API: the same rule of sight as the pages, items in one statement for all."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tenancy.scope import scope
from tests.api.conftest import ROOT, program
from tests.factories import checklists as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(world):
    with scope(world.hospitals()):
        return make.checklist(world.a.hospital, name="A 表"), make.checklist(None, world.consortium, name="联合体表")


def test_rows_tell_the_edition_in_force_with_its_items(world, two):
    row = program(world.hal).get(f"{ROOT}/checklists/{two[0].pk}/").json()

    assert (row["name"], row["home"], row["edition"]) == ("A 表", world.a.id, 1)
    assert [(i["text"], i["low"], i["high"]) for i in row["items"]] == [
        ("机油液位", None, None), ("蓄电池电压", "24.000", "28.500"), ("冷却液颜色", None, None),
    ]  # fmt: skip


def test_own_checklists_of_others_are_not_there(world, two):
    assert program(world.hal_b).get(f"{ROOT}/checklists/{two[0].pk}/").status_code == 404
    names = [row["name"] for row in program(world.hal_b).get(f"{ROOT}/checklists/").json()["results"]]
    assert names == ["联合体表"]
    assert program(world.olga).get(f"{ROOT}/checklists/").json()["results"] == []


def test_more_checklists_ask_no_more_statements(world, two):
    client = program(world.hal)
    client.get(f"{ROOT}/checklists/")
    with CaptureQueriesContext(connection) as few:
        client.get(f"{ROOT}/checklists/")
    with scope(world.hospitals()):
        for n in range(3):
            make.checklist(world.a.hospital, name=f"又一份 {n}")
    with CaptureQueriesContext(connection) as many:
        client.get(f"{ROOT}/checklists/")

    assert len(many) == len(few)
