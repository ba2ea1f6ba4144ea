"""What a department offers, as it is shipped: services with their limits, and the pictures of what is usually wrong."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

Label = Any  # str or a lazy translation
COMPLAINT = "work_complaint"  # every department has this service

# The four musts of the technicians (S0): come at once, greet on arrival, clean up, write it down.
MUSTS: tuple[Label, ...] = (
    _("Came as soon as the report was received"),
    _("Greeted the ward on arrival"),
    _("Cleaned up after the work"),
    _("Filled in the repair record"),
)


@dataclass(frozen=True)
class ProblemDef:
    """A picture: what is usually wrong."""

    key: str  # within the service: "leak"
    label: Label
    icon: str
    urgency: str = ""  # empty: the service's


@dataclass(frozen=True)
class ServiceDef:
    """A service as it is shipped. Limits: minutes by urgency (normal, urgent, emergency)."""

    key: str  # "maintenance.water"; the prefix is the department
    label: Label
    icon: str
    respond: tuple[int, int, int] = (120, 30, 10)
    complete: tuple[int, int, int] = (2880, 480, 120)
    urgency: str = "normal"
    needs_signature: bool = True
    is_safety: bool = False
    points: Decimal = Decimal(1)
    musts: tuple[Label, ...] = ()
    question: Label = ""
    for_patients: bool = False  # patients and visitors may ask for it at a door
    repairs: tuple[str, ...] = ()  # the families of assets it repairs; offered first when an asset's code was scanned
    problems: tuple[ProblemDef, ...] = ()
    internal: bool = False  # nobody asks for it: the platform opens such orders by itself

    @property
    def department(self) -> str:
        return self.key.partition(".")[0]


@dataclass(frozen=True)
class DepartmentName:
    """How people call a department, and its drawing."""

    label: Label
    icon: str


_departments: dict[str, DepartmentName] = {}
_services: dict[str, ServiceDef] = {}
_problems: dict[str, ProblemDef] = {}


def register(service: ServiceDef) -> None:
    if service.key in _services:
        raise ValueError(f"service {service.key!r} registered twice")
    _services[service.key] = service
    _problems.update({f"{service.key}.{problem.key}": problem for problem in service.problems})


def name_department(slug: str, label: Label, icon: str) -> None:
    _departments[slug] = DepartmentName(label, icon)


def complaint_service(slug: str) -> ServiceDef:
    """What a department answers for bad work (WO-7): first words within half a day, the answer within three."""
    return ServiceDef(
        key=f"{slug}.{COMPLAINT}",
        label=_("Complaint about work"),
        icon="thumb-down",
        respond=(720, 240, 60),
        complete=(4320, 1440, 480),
        needs_signature=False,
        internal=True,
    )


def department_of(slug: str) -> DepartmentName:
    """A department's words and drawing, in the order the departments were found."""
    return _departments.get(slug) or DepartmentName(slug, "tool")


def departments() -> dict[str, DepartmentName]:
    return dict(_departments)


def services() -> dict[str, ServiceDef]:
    return dict(_services)


def label_of(key: str) -> Label:
    return _services[key].label if key in _services else key


def musts_of(key: str) -> tuple[Label, ...]:
    return _services[key].musts if key in _services and _services[key].musts else MUSTS


def question_of(key: str) -> Label:
    return _services[key].question if key in _services else ""


def is_for_patients(key: str) -> bool:
    return key in _services and _services[key].for_patients


def repairs(key: str, family: str) -> bool:
    """Does the service repair assets of this family?"""
    return key in _services and family in _services[key].repairs


def problem_label(key: str) -> Label:
    return _problems[key].label if key in _problems else key
