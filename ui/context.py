"""What every page's frame needs: the menu, the hospitals of the switch, theme and language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from tenancy import access
from ui import navigation, search

# What stands above every page: id of the person → what is remembered for them, without a statement; None: not known.
banner_sources: dict[str, Callable[[int], list[dict[str, Any]] | None]] = {}


class Shell:
    """Read only by pages that draw the frame; a part of a page costs nothing."""

    def __init__(self, request: HttpRequest):
        self.request = request
        self.user = getattr(request, "user", None)

    @cached_property
    def entries(self) -> list[navigation.Entry]:
        return navigation.menu_for(self.request)

    @property
    def side(self) -> SafeString:
        """The menu; the same for everybody who may open the same pages, in their language, on the same page."""
        draw = _side.__wrapped__ if settings.DEBUG else _side
        return draw(self.language, tuple(self.entries))

    @cached_property
    def tabs(self) -> list[navigation.Entry]:
        return navigation.tabs(self.entries)

    @property
    def searches(self) -> bool:
        """Is there anything the box in the head may find?"""
        return bool(search.kinds(self.user))

    @cached_property
    def hospitals(self) -> list[dict[str, Any]]:
        return access.hospitals(self.user)

    @cached_property
    def banners(self) -> list[dict[str, Any]]:
        pk = getattr(self.user, "pk", None)
        return [banner for source in banner_sources.values() for banner in source(pk) or ()] if pk else []

    @property
    def hospital(self) -> dict[str, Any] | None:
        return getattr(self.request, "hospital", None)

    @property
    def theme(self) -> str:
        chosen = getattr(self.user, "theme", "") or self.request.COOKIES.get("theme")
        return chosen if chosen in ("light", "dark") else "auto"

    @property
    def language(self) -> str:
        return get_language() or settings.LANGUAGE_CODE

    @property
    def languages(self) -> list[tuple[str, str]]:
        """Each named in itself: who reads only that one must find it."""
        return [("zh-hans", "简体中文"), ("zh-hant", "繁體中文"), ("en", "English")]


@lru_cache(maxsize=256)
def _side(language: str, entries: tuple[navigation.Entry, ...]) -> SafeString:
    return render_to_string("ui/partials/side.html", {"menu": navigation.grouped(list(entries))})


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
