"""When an asset could not be used: from the step that says out of order until the one that takes it back. Its states change at
the moment of the step."""

from __future__ import annotations

from typing import Any

from assets.models import Asset, AssetState, Downtime
from assets.states import BROKEN


def follow(sender: Any, obj: Asset, event: Any, **_: Any) -> None:
    """A span begins with being out of order and ends with whatever comes next. One is open at a time."""
    if event.target == BROKEN:
        Downtime.objects.get_or_create(
            asset=obj, ended_at=None, defaults={"hospital_id": obj.hospital_id, "began_at": event.at}
        )
    elif event.source == BROKEN:
        Downtime.objects.filter(asset=obj, ended_at=None).update(ended_at=event.at)


def since(sender: Any, obj: Asset, event: Any, **_: Any) -> None:
    """The span the step began, and the one it ended, meet at the moment of the step, which may be earlier than its entry."""
    begun = AssetState.objects.filter(asset=obj, ended_at=None).first()
    before = AssetState.objects.filter(asset=obj, ended_at__isnull=False).order_by("ended_at").last()
    if begun is None or before is None or begun.began_at != before.ended_at:
        return
    if before.began_at < event.at < begun.began_at:
        AssetState.objects.filter(pk=before.pk).update(ended_at=event.at)
        AssetState.objects.filter(pk=begun.pk).update(began_at=event.at)
