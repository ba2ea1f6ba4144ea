"""A pump on a ward and a lift in a building, at A; the pump's namesake at B."""

import pytest

from assets import domain
from tenancy.scope import scope
from tests.factories import tenancy as make
from workorders import catalogue


@pytest.fixture
def register(world):
    actor = make.setup()
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        pump = domain.add_kind(actor, consortium=world.consortium, name="Infusion pump", family="medical")
        lift = domain.add_kind(actor, consortium=world.consortium, name="Lift", family="building")
        facts = {"code": "P-1", "name": "输液泵", "serial": "SN-77"}
        world.pump = domain.add_asset(actor, kind=pump, place=world.a.room, custodian=world.a.ward, **facts)
        world.lift = domain.add_asset(actor, kind=lift, place=world.a.building, code="L-1", name="1 号客梯")
        world.pump_b = domain.add_asset(actor, kind=pump, place=world.b.room, code="P-1", name="秘密泵")
    return world
