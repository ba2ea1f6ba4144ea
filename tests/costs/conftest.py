"""What the tests of cost share: an order brought through, rates set by the manager, browsers."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tenancy.scope import scope
from workorders import catalogue, rates


@pytest.fixture
def act(world):
    """The scope of both hospitals is open inside."""
    return lambda: scope(world.hospitals())


@pytest.fixture
def services(world, act):
    """Both hospitals have their service catalogue."""
    with act():
        for site in (world.a, world.b):
            catalogue.install(site.hospital)


@pytest.fixture
def browse():
    """A browser of this person."""

    def signed_in(user):
        client = Client(headers={"accept-language": "en"})
        client.force_login(user, backend="tenancy.backends.SignInBackend")
        return client

    return signed_in


@pytest.fixture
def rate(world):
    """`rate("60")`: everybody's at hospital A since long ago; team, department and day as given."""

    def put(price, on=date(2020, 1, 1), by=None, site=None, **whose):
        hospital = (site or world.a).hospital
        return rates.set_rate(by or world.max, hospital=hospital, price=Decimal(price), valid_from=on, **whose)

    return put
