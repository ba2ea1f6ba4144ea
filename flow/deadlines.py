"""What the law sets a last day for: declared by rooms and departments, shown in one red list."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST = 300  # lines of one kind that are shown; the most urgent ones


@dataclass(frozen=True)
class Line:
    """One thing with a last day: what, where, by which law, and where one acts."""

    what: str
    where: str
    hospital: str
    department: str  # slug; empty: of the whole hospital
    law: str
    clause: str
    due_on: date  # that day included
    url: str  # empty where this person can do nothing about it

    def left(self, today: date) -> int:
        """Days left; -1 since it has been overdue for a day."""
        return (self.due_on - today).days


@dataclass(frozen=True)
class Deadline:
    """A kind of last day. `lines(user, until, hospital)`: what this person may see and what is due by then, in one statement."""

    key: str
    label: Any
    icon: str
    lines: Callable[[Any, date, int | None], Iterable[Line]]
    order: int = 50


_deadlines: dict[str, Deadline] = {}


def register(*deadlines: Deadline) -> None:
    """Make kinds known. A key registered twice is a programming error."""
    for one in deadlines:
        if one.key in _deadlines and _deadlines[one.key] is not one:
            raise ValueError(f"deadline {one.key!r} registered twice")
        _deadlines[one.key] = one


def deadlines() -> list[Deadline]:
    return sorted(_deadlines.values(), key=lambda one: (one.order, one.key))


def due(user: Any, until: date, hospital: int | None = None, kind: str = "") -> list[tuple[Deadline, Line]]:
    """Everything this person may see that is overdue or runs out by `until`, the oldest first."""
    kinds = [one for one in deadlines() if kind in ("", one.key)]
    found = [(one, line) for one in kinds for line in one.lines(user, until, hospital)]
    return sorted(found, key=lambda pair: (pair[1].due_on, pair[1].hospital, pair[0].order, pair[1].what))
