"""Parts of pages that cost more to draw than to look up: drawn once for all who see the same."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ui.parts import icon

STANDS = 30  # seconds that names, limits and ages on a drawn part may be behind


def kept(name: str, facts: Any, draw: Callable[[], str]) -> SafeString:
    """What `draw` makes of these facts: drawn anew when one of them changes, at the latest after half a minute.

    The facts say everything that tells two readers apart: what they may see, what they ask, the newest measure or mark.
    """
    key = f"{name}:{hashlib.sha256(repr((facts, get_language(), icon('check'))).encode()).hexdigest()}"
    if (found := cache.get(key)) is None:
        found = str(draw())
        cache.set(key, found, STANDS)
    return SafeString(found)
