"""Whose department is it: for menus and for the department's own page."""

from __future__ import annotations

from typing import Any

from tenancy import access
from workorders.permissions import ORDER_DISPATCH, ORDER_WORK


def departments_of(user: Any) -> set[str]:
    """The departments this person works for or steers. Costs no statement: what a team's grant reaches is left out."""
    modules = {hospital["id"]: set(hospital["modules"]) for hospital in access.hospitals(user)}
    found: set[str] = set()
    for reach in access.reaches(user):
        if not {ORDER_DISPATCH, ORDER_WORK} & reach.permissions or reach.team or reach.own:
            continue
        on = set().union(*(modules.get(hospital, set()) for hospital in reach.hospitals))
        found |= on & {reach.department} if reach.department else on
    return found
