"""Everything a department contributes, on one page. See maintenance/department.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flow.deadlines import Deadline
from hazards.catalogue import HazardDef
from inspections.catalogue import ChecklistDef
from tenancy.roles import RoleDef
from ui.navigation import MenuItem
from workorders.work_types import ServiceDef


@dataclass(frozen=True)
class Department:
    """One logistics department as the engines see it."""

    slug: str
    label: Any  # str or a lazy translation
    icon: str
    services: tuple[ServiceDef, ...] = ()
    checklists: tuple[ChecklistDef, ...] = ()
    hazards: tuple[HazardDef, ...] = ()  # what staff choose from when they report one
    deadlines: tuple[Deadline, ...] = ()  # last days that the law sets, for the red list
    kpis: tuple[Any, ...] = ()  # kpi.registry.Kpi
    roles: tuple[RoleDef, ...] = ()
    menu: tuple[MenuItem, ...] = ()
