"""The week of a team as the page shows it: one row a person, one cell a day, how many work each shift."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from people import queries
from people.models import Shift
from people.shifts import Planned, monday_of
from people.states import WEEK, WEEKDAYS, Reason
from tenancy.models import Membership, Team


@dataclass(frozen=True)
class Cell:
    """One person, one day: what is planned, what a tap makes of it."""

    member: Membership
    day: date
    shift: Any  # ShiftTimes or None
    extras: tuple[Any, ...]
    changed: bool  # differs from the standard week
    away: str  # reason of the absence
    next: str  # key of the shift that a tap sets; "" for free

    @property
    def key(self) -> str:
        return f"{self.member.pk}.{self.day}.{self.next}"

    @property
    def why(self) -> str:
        return str(Reason(self.away).label) if self.away else ""

    @property
    def crosses(self) -> bool:
        return bool(self.shift) and self.shift.ends <= self.shift.starts


@dataclass(frozen=True)
class Board:
    """The whole week. `standard`: what repeats, instead of one week's days."""

    team: Team
    days: list[date]
    shifts: list[Shift]
    rows: list[tuple[Membership, list[Cell]]]
    standard: bool

    @property
    def heads(self) -> list[tuple[date, Any]]:
        return heads(self.days)

    @property
    def counts(self) -> list[tuple[Shift, list[int]]]:
        """How many are there in each shift of each day; who is absent does not count."""
        found = []
        for shift in self.shifts:
            columns = zip(*(cells for _member, cells in self.rows), strict=True)
            found.append((shift, [sum(_works(cell, shift) for cell in column) for column in columns]))
        return found


def heads(days: Iterable[date]) -> list[tuple[date, Any]]:
    """Each day with the short name of its weekday."""
    return [(day, WEEKDAYS[day.weekday()]) for day in days]


def _works(cell: Cell, shift: Shift) -> bool:
    planned = [one.id for one in (cell.shift, *cell.extras) if one]
    return shift.pk in planned and not cell.away


def in_use(team: Team, day: date) -> list[Shift]:
    """The team's shifts that are not given up, in the order of the day."""
    found = Shift.objects.filter(team=team).order_by("starts", "pk")
    return [shift for shift in found if shift.last_day is None or shift.last_day >= day]


def week_of(team: Team, monday: date, *, standard: bool, today: date) -> Board:
    """A team's week from `monday` on, or its standard week as it is from today on. Three statements."""
    first = today if standard else monday
    days = [first + timedelta(days=n) for n in range(WEEK)]
    shifts = in_use(team, first)
    rows = []
    for row in queries.week(queries.crew(team, first, days[-1]), first):
        cells = [cell_of(row, n, day, shifts, standard=standard) for n, day in enumerate(days)]
        rows.append((row.member, sorted(cells, key=lambda cell: cell.day.weekday()) if standard else cells))
    shown = sorted(days, key=lambda day: day.weekday())
    return Board(team, shown, shifts, rows, standard)


def cell_of(row: queries.Row, number: int, day: date, shifts: Iterable[Shift], *, standard: bool) -> Cell:
    plan: Planned = row.days[number]
    absence = None if standard else row.absences[number]
    shift = plan.standard if standard else plan.shift
    ring = [shift.pk for shift in shifts] + [None]  # early → late → night → free → early
    at = ring.index(shift.id) if shift and shift.id in ring else len(ring) - 1
    following = ring[(at + 1) % len(ring)]
    return Cell(
        row.member,
        day,
        shift,
        () if standard else plan.extras,
        not standard and plan.changed,
        absence["reason"] if absence else "",
        str(following or ""),
    )


def week_asked(text: str, today: date) -> date:
    """The Monday of the week an address asks for; this week's for anything else somebody typed there."""
    try:
        asked = date.fromisoformat(text)
    except ValueError:
        asked = today
    return monday_of(asked if abs((asked - today).days) < 400 else today)
