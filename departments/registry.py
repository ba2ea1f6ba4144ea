"""Finding the departments and handing their parts to the engines."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import apps
from django.utils.module_loading import module_has_submodule

from departments.contract import Department
from flow import deadlines
from hazards import catalogue as hazards
from inspections import catalogue
from kpi import registry as kpis
from tenancy import modules, roles
from ui import navigation
from workorders import work_types

_departments: dict[str, Department] = {}


def discover() -> None:
    """Read each app's DEPARTMENT. Called once, when the applications are ready."""
    for config in apps.get_app_configs():
        if module_has_submodule(config.module, "department"):
            department: Department = import_module(f"{config.name}.department").DEPARTMENT
            _departments[department.slug] = department
            modules.name(department.slug, department.label)
            work_types.name_department(department.slug, department.label, department.icon)
            for service in (*department.services, work_types.complaint_service(department.slug)):
                work_types.register(service)
            catalogue.register(*department.checklists)
            hazards.register(*department.hazards)
            deadlines.register(*department.deadlines)
            for role in department.roles:
                roles.ship(role)
            kpis.register(*department.kpis)
            navigation.register(*department.menu)


def departments() -> dict[str, Department]:
    return dict(_departments)


def label_of(slug: str) -> Any:
    return _departments[slug].label if slug in _departments else slug
