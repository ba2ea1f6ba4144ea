"""A menu entry for each department, shown to those who work for it where its module is on."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from departments.access import departments_of
from departments.permissions import DEADLINE_VIEW
from departments.registry import departments
from ui.navigation import MenuItem, register
from workorders.permissions import ORDER_VIEW


def plug_in() -> None:
    """Called once, when the departments are found."""
    register(MenuItem(_("Legal deadlines"), "departments:deadlines", "calendar-due", DEADLINE_VIEW, "work", 35))
    for place, found in enumerate(departments().values()):
        entry = f"departments:{found.slug}"
        register(
            MenuItem(found.label, entry, found.icon, ORDER_VIEW, "departments", 10 + place, shown=_for(found.slug))
        )


def _for(slug: str) -> Callable[[HttpRequest], bool]:
    def shown(request: HttpRequest) -> bool:
        hospital = getattr(request, "hospital", None)
        return slug in departments_of(request.user) and (not hospital or slug in hospital["modules"])

    return shown
