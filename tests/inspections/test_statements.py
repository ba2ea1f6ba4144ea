"""Pages of rounds ask the database as often for three rounds, points and answers as for thirty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inspections import working
from inspections.models import Item, Point
from tenancy.scope import scope
from tests.factories import rounds as make
from workorders import catalogue

MOST = {"list": 12, "record": 20, "today": 12, "my": 22, "api": 10}  # with session, person, grants, menu and bell


def fill(world, count, name):
    """A route of so many points, all answered but the last, half of them failed; and as many rounds that are due."""
    edition = make.edition(world, key=f"maintenance.{name}")
    made = make.plan(world, edition.checklist, f"巡检 {name}", subject="route")
    for n in range(1, count + 1):
        pump = make.asset(world, f"{name}{n:02}")
        made.points.create(hospital=made.hospital, order=n, place=pump.place, asset=pump)
    now = timezone.now()
    for n in range(count):
        make.due(world, made, due_at=now + timedelta(minutes=2 + n))
    going = working.start(world.tom, make.due(world, made, due_at=now + timedelta(minutes=1)))
    one, two = Item.objects.filter(edition=edition).order_by("order")
    for point in Point.objects.filter(round=going).select_related("round").order_by("order")[: count - 1]:
        working.answer(world.tom, point, {one.pk: str(point.order % 2), two.pk: "0.4"}, at=now)
    return going


def counted(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize("page", ["list", "record", "today", "my", "api"])
def test_statements_do_not_grow_with_rows(world, client, page):
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        few = fill(world, 3, "A")
    client.force_login(world.tom, backend="tenancy.backends.SignInBackend")
    addresses = {
        "list": lambda round: "/inspections/rounds/",
        "record": lambda round: f"/inspections/rounds/{round.pk}/",
        "today": lambda round: "/inspections/my/",
        "my": lambda round: f"/inspections/my/{round.pk}/",
        "api": lambda round: "/inspections/rounds/?state=undone",
    }
    first = counted(client, addresses[page](few))
    with scope(world.hospitals()):
        many = fill(world, 12, "B")
    second = counted(client, addresses[page](many))

    assert second <= first
    assert second <= MOST[page]
