"""Programs that ask on behalf of the cast."""

import pytest
from rest_framework.test import APIClient

from accounts.domain import give_token
from tenancy.scope import scope
from workorders import catalogue, domain
from workorders.models import Service

ROOT = "/api/v1"


def program(user) -> APIClient:
    """A client that signs each request with a token of this person."""
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Token {give_token(user, 'test')}")
    return client


def report(world, site, reporter, **facts):
    """An order at the site, reported from its ward."""
    with scope(world.hospitals()):
        service = facts.pop("service", None) or Service.objects.get(hospital=site.hospital, key="maintenance.water")
        return domain.open_order(reporter, place=site.room, service=service, unit=site.ward, **facts)


@pytest.fixture
def world(world):
    """The cast, with the service catalogue of each hospital."""
    with scope(world.hospitals()):
        for site in (world.a, world.b, world.outside):
            catalogue.install(site.hospital)
    return world
