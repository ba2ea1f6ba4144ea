"""A hospital whose catalogue is there, and the history file of three machines."""

import json
from pathlib import Path

import pytest

from assets import domain as assets
from tenancy.scope import scope
from tests.factories import tenancy as make
from workorders import catalogue

DATA = Path(__file__).parent.parent / "data"
HISTORY = DATA / "work-order-history.csv"
TYPES = dict.fromkeys(("PM01", "PM02", "PM04", "PM05", "PM06", "PM13"), "maintenance.other")
MAPPING = {
    "columns": {
        "reported_at": "BscStartDate",
        "asset": "Asset",
        "title": "OriginalShorttext",
        "type": "PMType",
        "cost": "Cost",
    },
    "options": {"services": TYPES, "make_assets": "Excavator"},
}


@pytest.fixture
def ready(world):
    """The world with a catalogue at A and B and a kind of machine."""
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        assets.add_kind(make.setup(), consortium=world.consortium, name="Excavator", family="other")
    return world


@pytest.fixture
def mapping(tmp_path):
    path = tmp_path / "mapping.json"
    path.write_text(json.dumps(MAPPING))
    return path
