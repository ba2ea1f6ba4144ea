"""What the tests of the register share."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from hazards import domain
from tenancy.scope import scope
from workorders import catalogue


def photo(colour: str = "red") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return SimpleUploadedFile(f"{colour}.png", out.getvalue(), "image/png")


def report(world: Any, actor: Any = None, site: Any = None, **facts: Any) -> Any:
    """A blocked exit at hospital A, found by Rita of its ward; of maintenance, so that Tom, Lea and Hal reach it."""
    site = site or world.a
    facts = {"title": "消防通道堵塞", "department": "maintenance", "place": site.room, **facts}
    return domain.report(actor or (world.rita if site is world.a else world.rita_b), **facts)


@pytest.fixture
def act(world):
    """Inside: `with act(): …` the verbs may be called for both hospitals."""
    return lambda: scope(world.hospitals())


@pytest.fixture
def installed(world, act):
    with act():
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
    return world


@pytest.fixture
def browse():
    """A browser of this person."""

    def signed_in(user):
        client = Client()
        client.force_login(user, backend="tenancy.backends.SignInBackend")
        return client

    return signed_in
