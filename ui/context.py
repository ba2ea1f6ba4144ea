"""What every page's frame needs: the menu, the hospitals of the switch, theme and language."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
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
    def entries(self) -> tuple[navigation.Entry, ...]:
        """The menu; the same for everybody who may open the same pages, on the same page."""
        return tuple(navigation.menu_for(self.request))

    @property
    def menu(self) -> list[tuple[Any, list[navigation.Entry]]]:
        return navigation.grouped(list(self.entries))

    @cached_property
    def tabs(self) -> tuple[navigation.Entry, ...]:
        return tuple(navigation.tabs(list(self.entries)))

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

    @cached_property
    def switch(self) -> tuple[Any, ...]:
        """What the switch shows: the hospital that is chosen, and those there are."""
        chosen = self.hospital
        return (chosen and chosen["id"], *[(h["id"], h["name"], h["short_name"]) for h in self.hospitals])

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


def shell(request: HttpRequest) -> dict[str, Shell]:
    return {"shell": Shell(request)}
