"""The dangers that staff choose from by picture, as departments declare them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils import translation

from tenancy.models import Hospital


@dataclass(frozen=True)
class HazardDef:
    """A usual danger: its picture on the report page, and through its key the department that answers for it."""

    key: str  # "security.exit"
    label: Any
    icon: str
    major: bool = False  # the grade it is usually given

    @property
    def department(self) -> str:
        return self.key.partition(".")[0]

    @property
    def title(self) -> str:
        """What is written down stands in the hospital's language, whoever reports it."""
        with translation.override("zh-hans"):
            return str(self.label)


_defs: dict[str, HazardDef] = {}


def register(*defs: HazardDef) -> None:
    """Make dangers known. A key registered twice is a programming error."""
    for one in defs:
        if one.key in _defs and _defs[one.key] is not one:
            raise ValueError(f"hazard {one.key!r} registered twice")
        _defs[one.key] = one


def known() -> list[HazardDef]:
    """All of them, whoever uses them."""
    return list(_defs.values())


def offered(hospital: Hospital) -> list[HazardDef]:
    """The dangers of the departments that are switched on, the most serious first."""
    shown = [one for one in _defs.values() if one.department in hospital.modules]
    return sorted(shown, key=lambda one: not one.major)


def get(hospital: Hospital, key: str) -> HazardDef | None:
    found = _defs.get(key)
    return found if found and found.department in hospital.modules else None
