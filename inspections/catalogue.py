"""What checklists are shipped: declared by departments, in code; made rows of by `editions.ship`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from inspections.states import ASK, CHECK, MINOR, ON_FAIL

Label = Any  # str or a lazy translation


@dataclass(frozen=True)
class ItemDef:
    """One line of a shipped checklist; see `Item`. Limits are strings, so that they stay exact."""

    key: str
    text: Label
    kind: str = CHECK
    section: Label = ""
    hint: Label = ""
    unit: str = ""
    low: str | None = None
    high: str | None = None
    options: tuple[Label, ...] = ()
    passing: tuple[Label, ...] = ()
    meter: str = ""
    required: bool = True
    photo: str = ON_FAIL
    weight: str = MINOR
    points: str = "0"
    on_fail: str = ASK
    service_key: str = ""
    standard: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Rhythm:
    """What a plan made from a template is set to: see `Plan`. None of it binds: the hospital decides."""

    every: int = 1
    step: str = "month"
    weekdays: tuple[int, ...] = ()
    months: tuple[int, ...] = ()
    grace: int = 24  # hours
    opens_before: int = 24
    minutes: int = 30
    needs_signature: bool = False
    meter: str = ""
    meter_every: str = ""


@dataclass(frozen=True)
class ChecklistDef:
    """A checklist as it is shipped. `edition` counts up when its items change. Standards stay in Chinese: they are citations."""

    key: str  # "maintenance.generator"; the prefix is the department
    label: Label
    items: tuple[ItemDef, ...]
    edition: int = 1
    standard: str = ""
    clause: str = ""
    standard_edition: str = ""
    valid_from: date | None = None
    valid_until: date | None = None
    statutory: bool = False
    to_confirm: bool = False  # a figure in it is not verified: the responsible office confirms before use
    assesses: bool = False
    rhythm: Rhythm = field(default_factory=Rhythm)
    kinds: tuple[str, ...] = ()  # key words of the kinds of assets it is offered for

    @property
    def department(self) -> str:
        return self.key.partition(".")[0]


_checklists: dict[str, ChecklistDef] = {}


def register(*checklists: ChecklistDef) -> None:
    """Make shipped checklists known. A key registered twice is a programming error."""
    for checklist in checklists:
        if checklist.key in _checklists:
            raise ValueError(f"checklist {checklist.key!r} registered twice")
        _checklists[checklist.key] = checklist


def shipped() -> dict[str, ChecklistDef]:
    return dict(_checklists)


def label_of(key: str) -> Label:
    return _checklists[key].label if key in _checklists else key
