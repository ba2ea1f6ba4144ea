"""Work that needs several departments: parts of an order and what follows from it, each an order of its own."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.machine import moved
from tenancy.access import can
from workorders import domain
from workorders import permissions as perm
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder
from workorders.states import SYSTEM


def may_add(actor: Any, order: WorkOrder) -> bool:
    """Who steers or does the work, and may report at all."""
    steers = can(actor, perm.ORDER_DISPATCH, order) or can(actor, perm.ORDER_WORK, order)
    return steers and order.duplicate_of_id is None and can(actor, perm.ORDER_REPORT)


@transaction.atomic
def add(
    actor: Any, order: WorkOrder, *, service: Service, title: str, description: str = "", urgency: str = ""
) -> WorkOrder:
    """Open an order for another department, or for what has to follow (WO-9), at the same place for the same reporter.

    It belongs to the order, or to the one that order belongs to: a family has one level. Raises PermissionDenied, or
    ValidationError by field.
    """
    row: WorkOrder = ORDERS.lock(order)
    if not may_add(actor, row):
        raise PermissionDenied(perm.ORDER_DISPATCH)
    if service.hospital_id != row.hospital_id:
        raise ValidationError({"service": _("This service is not offered.")})
    made = domain.open_order(
        actor,
        place=row.place,
        service=service,
        asset=row.asset,
        unit=row.unit,
        title=title,
        description=description,
        urgency=urgency,
        channel=SYSTEM,
        reporter=row.reporter,
        reporter_name=row.reporter_name,
        phone=row.phone,
        parent=row.parent or row,
    )
    said = {"text": f"{made.number} {made.title}", "service": str(service)}
    event = flow.record(row, "part_added", actor, at=made.reported_at, data=said)
    moved.send(WorkOrder, obj=row, event=event)
    return made
