from datetime import timedelta

import pytest
from django.utils import timezone

from kpi.days import next_month
from tenancy.scope import scope
from tests.kpi import history
from workorders import catalogue


@pytest.fixture
def last_month():
    today = timezone.localdate()
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


@pytest.fixture
def hospitals(world):
    """The world with its service catalogues; the scope of both hospitals is open."""
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        yield world


@pytest.fixture
def lived(hospitals, last_month):
    """Random orders with ugly cases at both hospitals, many of them in the last month."""
    history.write(hospitals, 11, loop=False)
    return hospitals


__all__ = ["next_month"]
