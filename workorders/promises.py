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
