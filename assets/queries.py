"""Reads that are shared."""

from __future__ import annotations

from typing import Any

from assets.models import Asset
from assets.permissions import ASSET_VIEW


def may_see(user: Any, pk: int) -> bool:
    """Files of an asset are for those who see the asset."""
    return bool(Asset.objects.for_user(user, ASSET_VIEW).filter(pk=pk).exists())
