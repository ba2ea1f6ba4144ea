"""The service promise 服务承诺 as wards read it: a line per service and urgency, by department."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flow.states import State
from tenancy.models import Hospital
from workorders import work_types
from workorders.models import Service
from workorders.queries import offered_to
from workorders.states import RUNNINGS, URGENCIES


def spoken_week(days: list[tuple[Any, str]]) -> list[tuple[str, str]]:
    """Days that follow each other with the same hours are said together: Monday–Friday. Days without hours are left out."""
    found: list[tuple[list[str], str]] = []
    for day, hours in days:
        if found and found[-1][1] == hours:
            found[-1][0].append(str(day))
        else:
            found.append(([str(day)], hours))
    return [(names[0] if len(names) == 1 else f"{names[0]}–{names[-1]}", hours) for names, hours in found if hours]


@dataclass(frozen=True)
class Line:
    """One urgency of a service: seconds to answer and to finish, and on which clock."""

    urgency: State
    respond: int
    complete: int
    clock: State


def lines(service: Service) -> list[Line]:
    return [
        Line(
            state,
            getattr(service, f"respond_{value}") * 60,
            getattr(service, f"complete_{value}") * 60,
            RUNNINGS[getattr(service, f"clock_{value}")],
        )
        for value, state in URGENCIES.items()
    ]


def by_department(user: Any, hospital: Hospital) -> list[tuple[Any, list[tuple[Service, list[Line]]]]]:
    """What this hospital offers, department by department."""
    offered = list(offered_to(user).filter(hospital=hospital).order_by("department", "key"))
    return [
        (name, [(service, lines(service)) for service in offered if service.department == slug])
        for slug, name in work_types.departments().items()
        if any(service.department == slug for service in offered)
    ]
