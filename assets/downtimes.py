"""When an asset could not be used: from the step that says out of order until the one that takes it back."""

from __future__ import annotations

from typing import Any

from assets.models import Asset, Downtime
from assets.states import BROKEN


def follow(sender: Any, obj: Asset, event: Any, **_: Any) -> None:
    """A span begins with being out of order and ends with whatever comes next. One is open at a time."""
    if event.target == BROKEN:
        Downtime.objects.get_or_create(
            asset=obj, ended_at=None, defaults={"hospital_id": obj.hospital_id, "began_at": event.at}
        )
    elif event.source == BROKEN:
        Downtime.objects.filter(asset=obj, ended_at=None).update(ended_at=event.at)
