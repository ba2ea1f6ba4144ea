"""What other rooms show on an asset's page: declared by them, drawn in order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from assets.models import Asset


@dataclass(frozen=True)
class Panel:
    """One part of the page. `context` answers what its template needs; the panel is left out where that is None."""

    key: str
    template: str
    context: Callable[[Any, Asset], dict[str, Any] | None]  # (user, asset)
    order: int = 50


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> Panel:
    _panels[panel.key] = panel
    return panel


def panels() -> list[Panel]:
    return sorted(_panels.values(), key=lambda panel: panel.order)
