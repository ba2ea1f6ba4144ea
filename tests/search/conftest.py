"""Orders at A and B to be searched, and how a person's search is asked: by the list they see."""

from types import SimpleNamespace

import pytest

from assets import domain as assets
from tenancy.scope import scope, scope_of
from tests.factories import tenancy as make
from tests.factories.orders import order
from workorders import catalogue
from workorders.filters import OrderFilters
from workorders.models import Service, WorkOrder
from workorders.permissions import ORDER_VIEW


@pytest.fixture
def site(world):
    """The world with its catalogues, a pump at A and its namesake at B."""
    actor = make.setup()
    with scope(world.hospitals()):
        for place in (world.a, world.b):
            catalogue.install(place.hospital)
        kind = assets.add_kind(actor, consortium=world.consortium, name="Infusion pump", family="medical")
        facts = {"kind": kind, "code": "P-7731", "maker": "迈瑞", "model": "VP5", "serial": "SN-40"}
        world.pump = assets.add_asset(actor, name="输液泵", place=world.a.room, **facts)
        world.pump_b = assets.add_asset(actor, name="输液泵", place=world.b.room, **facts)
    return world


@pytest.fixture
def make_order(site):
    """An order written straight into the table, at A unless told."""

    def made(title="水龙头滴水", at=None, **fields):
        at = at or site.a
        with scope(site.hospitals()):
            service = Service.objects.get(hospital=at.hospital, key="maintenance.water")
            fields.setdefault("place", at.room)
            return order(at.hospital, service, title=title, **fields)

    return made


@pytest.fixture
def search():
    """Titles that the list shows this person for these words, with its other filters."""

    def titles(user, words, **filters):
        with scope_of(user):
            rows = WorkOrder.objects.for_user(user, ORDER_VIEW)
            request = SimpleNamespace(user=user, GET={})
            found = OrderFilters({"search": words, **filters}, rows, request=request).qs
            return sorted(found.values_list("title", flat=True))

    return titles
