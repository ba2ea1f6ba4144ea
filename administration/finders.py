"""Finding a record by what is printed on it. Rooms above add their own finders at start-up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from tenancy import permissions as perm
from tenancy.models import Membership, Place, Team, Unit

Finder = Callable[[Any, str], Any]  # (user, text) -> a row the asking user may see, or None


def _by(model: Any, permission: str, field: str) -> Finder:
    return lambda user, text: model.objects.for_user(user, permission).filter(**{field: text}).first()


finders: list[Finder] = [
    _by(Place, perm.PLACE_VIEW, "code"),
    _by(Unit, perm.UNIT_VIEW, "code"),
    _by(Unit, perm.UNIT_VIEW, "name"),
    _by(Team, perm.TEAM_VIEW, "name"),
    _by(Membership, perm.PERSON_VIEW, "staff_number"),
]


def find(user: Any, text: str) -> Any:
    """The record with this number, code or name, as far as the asking person may see it; None otherwise."""
    return next(_found(user, text.strip()), None)


def _found(user: Any, text: str) -> Iterator[Any]:
    for finder in finders:
        if (row := finder(user, text)) is not None:
            yield row
