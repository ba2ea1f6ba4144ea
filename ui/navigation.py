"""The menu: what each app offers, shown to those who hold the permission. Left on desks, five tabs on phones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from tenancy.access import permissions_of

# Groups follow a day's work, not the tables behind it; in this order.
GROUPS = {
    "today": _("Today"),
    "work": _("Work"),
    "departments": _("Departments"),
    "supply": _("Supply"),
    "results": _("Results"),
    "office": _("Office"),
}
TABS = 5


def address(name: str) -> str:
    """The address of a page that takes nothing; asked of the routes once."""
    return _address(name, settings.ROOT_URLCONF)


@lru_cache(maxsize=512)
def _address(name: str, routes: str) -> str:
    return reverse(name)


@dataclass(frozen=True)
class MenuItem:
    """One entry. `permission` empty: for everybody; `phone`: may stand in the phone's tab bar; `badge`: a count."""

    label: Any
    url_name: str
    icon: str
    permission: str = ""
    group: str = "work"
    order: int = 50
    phone: bool = False
    badge: Callable[[HttpRequest], int] | None = None
    shown: Callable[[HttpRequest], bool] | None = None  # a further condition; it must cost no statement


@dataclass(frozen=True)
class Entry:
    """A menu item as one person sees it now."""

    label: Any = field(compare=False)  # says the same wherever the address is the same
    url: str
    icon: str
    group: str
    phone: bool
    active: bool
    count: int


_items: dict[str, MenuItem] = {}


def register(*items: MenuItem) -> None:
    """Add entries; the same place registered twice stands once."""
    for item in items:
        if item.group not in GROUPS:
            raise ValueError(f"no menu group {item.group!r}")
        _items[item.url_name] = item


def items() -> list[MenuItem]:
    """Everything registered, in the order of the menu."""
    groups = list(GROUPS)
    return sorted(_items.values(), key=lambda item: (groups.index(item.group), item.order))


def menu_for(request: HttpRequest) -> list[Entry]:
    """What this person may open, in the order of the menu; the entry of the page they are on is marked."""
    held = permissions_of(request.user)
    mine = [item for item in items() if not item.permission or item.permission in held]
    allowed = [(item, address(item.url_name)) for item in mine if not item.shown or item.shown(request)]
    here = max((url for _item, url in allowed if request.path.startswith(url)), key=len, default="")
    return [
        Entry(
            item.label,
            url,
            item.icon,
            item.group,
            item.phone,
            url == here and (url != "/" or request.path == "/"),
            item.badge(request) if item.badge else 0,
        )
        for item, url in allowed
    ]


def grouped(shown: list[Entry]) -> list[tuple[Any, list[Entry]]]:
    """The entries by group, empty groups left out."""
    by_group = [(label, [entry for entry in shown if entry.group == group]) for group, label in GROUPS.items()]
    return [(label, members) for label, members in by_group if members]


def tabs(shown: list[Entry]) -> list[Entry]:
    """The phone's tab bar; its last place is kept for "more"."""
    return [entry for entry in shown if entry.phone][: TABS - 1]
