"""Whom to send: who can do it, who is there, who has least to do, who is nearest. Pure; the reasons are told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

ON, CALL, OFF = 0, 1, 2  # on duty (or nobody keeps a roster), may be called, neither
FAR = 99  # nobody knows where they are


@dataclass(frozen=True)
class Candidate:
    """Somebody of a team that does this work, as they stand now."""

    user_id: int
    name: str
    team_id: int
    skills: frozenset[str] = frozenset()
    duty: int = ON
    rostered: bool = False
    until: datetime | None = None  # when the shift ends
    usual: bool = False  # in the team that usually does this work
    absent: bool = False
    open: int = 0  # orders in hand
    minutes: int = 0  # what those will take, by the usual minutes of their services
    place: str = ""  # path of the place they are at work at, or were last sent to


@dataclass(frozen=True)
class Suggestion:
    """One candidate with what speaks for and against them."""

    who: Candidate
    missing: frozenset[str]  # skills the service needs and the person lacks or let run out
    steps: int  # between their place and the order's in the tree of places; 0: the same


def distance(one: str, other: str) -> int:
    """Steps between two places in the tree, up to what holds both and down again; FAR when one is not known."""
    if not one or not other:
        return FAR
    up, down = one.strip(".").split("."), other.strip(".").split(".")
    shared = 0
    for left, right in zip(up, down, strict=False):
        if left != right:
            break
        shared += 1
    return len(up) + len(down) - 2 * shared


def rank(candidates: Iterable[Candidate], needed: frozenset[str], place: str) -> list[Suggestion]:
    """The best first: has the skills, is on duty (else on call), is of the team that usually does it, has the fewest
    minutes before them, is nearest.

    The usual team stands for the skill where a hospital keeps no list of skills. Who is absent today is not suggested.
    """
    found = [Suggestion(who, needed - who.skills, distance(who.place, place)) for who in candidates if not who.absent]
    return sorted(found, key=_order)


def _order(one: Suggestion) -> tuple[object, ...]:
    who = one.who
    return bool(one.missing), who.duty, not who.usual, who.minutes, one.steps, who.name, who.user_id
