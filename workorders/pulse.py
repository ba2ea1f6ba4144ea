"""A number per hospital that moves with whatever happens to its orders: pages that ask "anything new?" compare it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

WEEK = 7 * 24 * 3600
GROWS_OLD = 300  # seconds: "12 min left" is drawn anew even when nothing moved


def _key(hospital: int) -> str:
    return f"orders:{hospital}"


def beat(sender: Any, obj: Any, **kwargs: Any) -> None:
    """An order moved: once that is saved, the number of its hospital does too."""
    transaction.on_commit(lambda: _count(obj.hospital_id))


def _count(hospital: int) -> None:
    if not cache.add(_key(hospital), 1, timeout=WEEK):
        cache.incr(_key(hospital))


def version(hospitals: Iterable[int]) -> str:
    """What a page remembers: it changes when something moved in one of these hospitals, and every five minutes."""
    clock = int(timezone.now().timestamp()) // GROWS_OLD
    return f"{moves(hospitals)}-{clock}"


def moves(hospitals: Iterable[int]) -> str:
    """Changes when something moved in one of these hospitals."""
    keys = [_key(hospital) for hospital in sorted(hospitals)]
    known = cache.get_many(keys)
    return "-".join(str(known.get(key, 0)) for key in keys)
