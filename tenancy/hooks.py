"""What the rooms above plug into the verbs of the organisation. Registered at start-up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from tenancy.models import Hospital, Place, Team, Unit

Part = Place | Unit | Team


@dataclass(frozen=True)
class Leavers:
    """One kind of open work: how much of it a person has at a hospital, and how it goes to somebody else."""

    count: Callable[[User, int], int]  # (user, hospital_id)
    hand_over: Callable[[Any, User, int, User], object]  # (actor, user, hospital_id, to)


on_open_hospital: list[Callable[[Any, Hospital], object]] = []  # (actor, hospital): catalogue and other defaults
leavers: list[Leavers] = []
references: list[Callable[[Any, Part, Part], object]] = []  # (actor, merged, into): open work follows
open_work_at: list[Callable[[Part], int]] = []  # how much open work a place, unit or team has


def open_work_here(part: Part) -> int:
    """How much open work stands at a place (and inside it), in a unit, or with a team."""
    return sum(count(part) for count in open_work_at)


def open_work_of(user: User, hospital_id: int) -> int:
    """How much open work the person has at the hospital, of all kinds."""
    return sum(kind.count(user, hospital_id) for kind in leavers)
