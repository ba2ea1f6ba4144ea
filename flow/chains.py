"""What rooms declare and each hospital may set otherwise: after how many days each level hears of what is late."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from flow.states import State

WHOLE = ""  # the only column of a chain that makes no difference between grades
WHO = pgettext_lazy("head of a column of levels", "Who hears")
Days = Mapping[str, Sequence[tuple[str, int]]]  # column → (level, days), the nearest level first


@dataclass(frozen=True)
class Chain:
    """Days by level and, where it has them, by grade. `defaults` hold until a hospital sets others.

    The levels stand in the order in which they hear: none before the one above it. The columns stand from the mildest
    to the gravest: a graver one is never later. A last day that depends on the grade is a chain of one level.
    """

    key: str  # "hazards.overdue"
    label: Any
    help: Any  # from when the days count
    levels: Mapping[str, State]
    defaults: Days
    columns: Mapping[str, State] | None = None
    head: Any = WHO
    least: int = 0
    most: int = 90

    def cells(self) -> Iterator[tuple[str, str, int]]:
        """Column, level and shipped days."""
        for column, steps in self.defaults.items():
            for level, days in steps:
                yield column, level, days

    @property
    def shipped(self) -> dict[str, int]:
        """Shipped days by `cell`."""
        return {cell(column, level): days for column, level, days in self.cells()}

    def with_days(self, days: Mapping[str, int]) -> Days:
        """The chain with a hospital's own days, by `cell`."""
        return {
            column: tuple((level, days.get(cell(column, level), shipped)) for level, shipped in steps)
            for column, steps in self.defaults.items()
        }

    def words(self, name: str) -> str:
        """What a cell is called."""
        column, level = next((c, row) for c, row, _days in self.cells() if cell(c, row) == name)
        parts = [str(self.levels[level].label)]
        return " · ".join([str(self.columns[column].label), *parts] if self.columns else parts)


def cell(column: str, level: str) -> str:
    """The name of one number, in forms and in history."""
    return f"{column}_{level}" if column else level


_declared: dict[str, Chain] = {}


def declare(chain: Chain) -> Chain:
    """Make a chain known; its room declares it once, among its states."""
    if chain.key in _declared:
        raise ValueError(f"chain {chain.key!r} declared twice")
    _declared[chain.key] = chain
    return chain


def known() -> dict[str, Chain]:
    """Every chain, by its key."""
    return dict(_declared)
