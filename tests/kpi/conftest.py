from tenancy.scope import scope
from tests.ground import Layer
from tests.kpi import history
from workorders import catalogue


def catalogues(world):
    """The service catalogues of both hospitals."""
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)


hospitals = Layer(catalogues).fixture("hospitals", inside=True)
