"""QR labels: the doors of places and assets, and what is printed on them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from assets.models import Asset
from tenancy.models import Door, Place
from ui.pdf import Label, labels_40x30, labels_a4

MOST = 1000
SIZES = {"a4": labels_a4, "40x30": labels_40x30}


def address(token: str) -> str:
    """What the phone's camera opens."""
    return f"{settings.BASE_URL.rstrip('/')}/d/{token}/"


def place_labels(places: list[Place]) -> list[Label]:
    """One label per place: its name large, the way to it below."""
    doors = _doors([Door(hospital_id=p.hospital_id, place_id=p.pk) for p in places], "place_id")
    return [Label(p.name, p.full_name or p.name, address(doors[p.pk])) for p in places]


def asset_labels(assets: list[Asset]) -> list[Label]:
    """One label per asset: its name, and its code."""
    doors = _doors([Door(hospital_id=a.hospital_id, place_id=a.place_id, asset_id=a.pk) for a in assets], "asset_id")
    return [Label(a.name, a.code, address(doors[a.pk])) for a in assets]


def _doors(wanted: list[Door], key: str) -> dict[int, str]:
    """The token that stands on each label; doors that were never printed are made now."""
    Door.objects.bulk_create(_new(wanted, key), ignore_conflicts=True)
    return dict(_open(wanted, key).values_list(key, "token"))


def _new(wanted: list[Door], key: str) -> list[Door]:
    have = set(_open(wanted, key).values_list(key, flat=True))
    return [door for door in wanted if getattr(door, key) not in have]


def _open(wanted: list[Door], key: str) -> Any:
    ids, hospitals = {getattr(door, key) for door in wanted}, {door.hospital_id for door in wanted}
    found = Door.objects.filter(hospital_id__in=hospitals, revoked_at=None, **{f"{key}__in": ids})
    return found.filter(asset_id=None) if key == "place_id" else found
