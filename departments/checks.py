"""Mistakes in a department's page, named at start-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error, register

from departments.registry import departments
from tenancy.permissions import declared
from ui.icons import NAMES
from workorders.states import URGENCIES


@register()
def contracts(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    return list(_mistakes())


def _mistakes() -> Iterator[CheckMessage]:
    for department in departments().values():
        for part in (*department.services, *department.kpis, *department.checklists):
            if not part.key.startswith(f"{department.slug}."):
                yield Error(f"{part.key} must start with {department.slug!r}", id="departments.E001")
        for role in department.roles:
            for permission in role.permissions - declared().keys():
                yield Error(f"{role.key}: permission {permission} is not declared", id="departments.E002")
        for service in department.services:
            for icon in (service.icon, *(p.icon for p in service.problems)):
                if icon not in NAMES:
                    yield Error(f"{service.key}: no icon {icon}", id="departments.E003")
            for urgency in (service.urgency, *(p.urgency for p in service.problems if p.urgency)):
                if urgency not in URGENCIES:
                    yield Error(f"{service.key}: no urgency {urgency}", id="departments.E004")
