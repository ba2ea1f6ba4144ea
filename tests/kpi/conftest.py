import pytest

from tenancy.scope import scope
from tests.kpi import history
from workorders import catalogue


@pytest.fixture
def hospitals(world):
    """The world with its service catalogues; the scope of both hospitals is open."""
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        yield world
