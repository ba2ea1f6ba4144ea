from datetime import date, timedelta

import pytest
from django.utils import timezone

from kpi.days import next_month
from tenancy.scope import scope
from tests.ground import Layer
from tests.kpi import history
from workorders import catalogue


def month_before() -> date:
    today = timezone.localdate()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def last_month():
    return month_before()


def catalogues(world):
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)


def lives(world):
    """Random orders with ugly cases at both hospitals, many of them in the last month."""
    with scope([world.a.id, world.b.id]):
        history.write(world, 11, loop=False)


LIVED = Layer(lives, Layer(catalogues))
hospitals = LIVED.chain[0].fixture("hospitals", inside=True)
lived = LIVED.fixture("lived", inside=True)

__all__ = ["next_month"]
