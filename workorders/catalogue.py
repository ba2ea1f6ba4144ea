"""Putting the shipped services into a hospital's catalogue, and arranging it there."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from tenancy.access import can
from tenancy.models import Hospital
from workorders import permissions as perm
from workorders import work_types
from workorders.models import Problem, Service, WorkOrder
from workorders.states import FINAL

URGENCY_ORDER = ("normal", "urgent", "critical")


@transaction.atomic
def install(hospital: Hospital) -> int:
    """Add what is shipped and not yet there; what the hospital changed stays. Answers how many services were added."""
    have = set(Service.objects.filter(hospital=hospital).values_list("key", flat=True))
    added = [s for s in work_types.services().values() if s.key not in have and s.department in hospital.modules]
    for shipped in added:
        limits = {
            f"{name}_{urgency}": minutes
            for name, values in (("respond", shipped.respond), ("complete", shipped.complete))
            for urgency, minutes in zip(URGENCY_ORDER, values, strict=True)
        }
        service = Service.objects.create(
            hospital=hospital, key=shipped.key, department=shipped.department, icon=shipped.icon, urgency=shipped.urgency,
            needs_signature=shipped.needs_signature, is_safety=shipped.is_safety, points=shipped.points,
            internal=shipped.internal, **limits,
        )  # fmt: skip
        Problem.objects.bulk_create(
            Problem(
                hospital=hospital,
                service=service,
                key=f"{shipped.key}.{p.key}",
                icon=p.icon,
                urgency=p.urgency,
                order=i,
            )
            for i, p in enumerate(shipped.problems)
        )
    return len(added)


@transaction.atomic
def edit_service(service: Service, actor: Any, **new: Any) -> Service:
    """Change what the hospital promises for a service. Open orders keep the limits they were promised."""
    if not can(actor, perm.SERVICE_CHANGE, service):
        raise PermissionDenied(perm.SERVICE_CHANGE)
    old = {name: getattr(service, name) for name in new}
    for name, value in new.items():
        setattr(service, name, value)
    for urgency in URGENCY_ORDER:
        if getattr(service, f"respond_{urgency}") > getattr(service, f"complete_{urgency}"):
            raise ValidationError({f"respond_{urgency}": _("Nobody can answer later than the work is due.")})
    service.full_clean(exclude=["hospital", "team", "merged_into"])
    service.save()
    flow.edited(service, actor, old, new)
    return service


@transaction.atomic
def merge_services(service: Service, into: Service, actor: Any) -> Service:
    """Stop offering a service; its open orders go on under the other one, finished ones keep what they were.

    A safety service goes only into another: its orders must never be closed unsigned.
    """
    if not (can(actor, perm.SERVICE_CHANGE, service) and can(actor, perm.SERVICE_CHANGE, into)):
        raise PermissionDenied(perm.SERVICE_CHANGE)
    if service.pk == into.pk or service.hospital_id != into.hospital_id or service.department != into.department:
        raise ValidationError({"into": _("Please choose another service of the same department.")})
    if service.is_safety and not into.is_safety:
        raise ValidationError({"into": _("Safety work can only go on as safety work.")})
    WorkOrder.objects.filter(service=service).exclude(state__in=FINAL).update(service=into, problem=None)
    service.active, service.merged_into = False, into
    service.save()
    flow.record(service, "merged", actor, at=timezone.now(), data={"into": str(into)})
    return service


def _need(actor: Any, service: Service) -> None:
    if not can(actor, perm.SERVICE_CHANGE, service):
        raise PermissionDenied(perm.SERVICE_CHANGE)


@transaction.atomic
def add_problem(
    service: Service, actor: Any, *, own_name: str, icon: str, urgency: str = "", order: int = 50
) -> Problem:
    """Put a picture of the hospital's own on the report page."""
    _need(actor, service)
    number = Problem.objects.filter(service=service).count() + 1
    key = f"{service.key}.own{number}"
    problem = Problem(
        hospital_id=service.hospital_id, service=service, key=key, own_name=own_name.strip(), icon=icon,
        urgency=urgency, order=order,
    )  # fmt: skip
    if not problem.own_name:
        raise ValidationError({"own_name": _("Please give it a name.")})
    problem.full_clean(exclude=["hospital", "service"])
    problem.save()
    flow.record(service, "problem_added", actor, data={"text": problem.own_name})
    return problem


@transaction.atomic
def edit_problem(problem: Problem, actor: Any, **new: Any) -> Problem:
    """Rename a picture, move it, change its drawing or urgency, hide it."""
    _need(actor, problem.service)
    old = {name: getattr(problem, name) for name in new}
    for name, value in new.items():
        setattr(problem, name, value)
    problem.full_clean(exclude=["hospital", "service"])
    problem.save()
    flow.edited(problem, actor, old, new)
    return problem
