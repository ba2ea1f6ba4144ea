"""Orders that belong together: one fault reported twice, and work that several departments share."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import OperationalError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.machine import moved
from flow.models import Event
from flow.queries import told
from workorders.models import WorkOrder
from workorders.states import LIVE

FAMILY = 40  # orders shown together
BESIDE = ("number", "title", "state", "parent", "duplicate_of")  # what is shown of them
# What a reporter whose report was put together with another one hears of that other one.
PASSED_ON = ("accept", "arrive", "wait", "finish", "void", "close_unsigned", "transfer")


def lock_beside(order: WorkOrder, into: WorkOrder) -> WorkOrder:
    """The order that the locked `order` is put together with, locked as well.

    Does not wait: two who put A into B and B into A at the same moment would wait for each other. Raises ValidationError.
    """
    try:
        with transaction.atomic():
            target = WorkOrder.objects.select_for_update(nowait=True).get(pk=into.pk)
    except OperationalError as error:
        raise ValidationError({"into": _("Somebody is working on that order just now. Please try again.")}) from error
    if target.pk == order.pk or target.hospital_id != order.hospital_id:
        raise ValidationError({"into": _("Please choose another order of this hospital.")})
    if target.state not in LIVE:
        raise ValidationError({"into": _("That order is not open any more.")})
    return target


def tie(order: WorkOrder, target: WorkOrder, actor: Any, at: datetime) -> None:
    """From now on `order`, and whatever was put together with it before, is a second report of `target`."""
    WorkOrder.objects.filter(duplicate_of=order).update(duplicate_of=target)
    order.duplicate_of, order.merged = target, 0
    _count(target, and_now=1)
    said = {"text": f"{order.number} {order.title}", "reporter": order.reporter_name}
    event = flow.record(target, "joined_by", actor, at=at, data=said)
    moved.send(WorkOrder, obj=target, event=event)


def untie(order: WorkOrder) -> WorkOrder:
    """`order` is no second report any more; answers with the order it was put together with."""
    assert order.duplicate_of_id is not None
    target = WorkOrder.objects.select_for_update().get(pk=order.duplicate_of_id)
    order.duplicate_of = None
    _count(target, and_now=-1)
    return target


def _count(target: WorkOrder, and_now: int) -> None:
    """How often it was reported again: what the table says, and the report that is just being moved."""
    target.merged = max(0, target.duplicates.count() + and_now)
    WorkOrder.objects.filter(pk=target.pk).update(merged=target.merged)


def pass_on(sender: Any, obj: WorkOrder, event: Event, **kwargs: Any) -> None:
    """Who reported the same hears how far it is: in the history of their own report, which they can open."""
    if not obj.merged or event.verb not in PASSED_ON:
        return
    said = {key: event.data[key] for key in ("reason", "waiting_reason") if event.data.get(key)}
    said |= {"passed": event.verb, "number": obj.number}
    for report in obj.duplicates.order_by("id"):
        passed = Event.objects.create(
            hospital_id=report.hospital_id, subject=event.subject, subject_id=report.pk, verb="progress", at=event.at,
            actor_id=event.actor_id, actor_kind=event.actor_kind, actor_name=event.actor_name, data=said,
            channel=event.channel, address=event.address,
        )  # fmt: skip
        moved.send(WorkOrder, obj=report, event=passed)


def family(orders: QuerySet[WorkOrder], order: WorkOrder) -> list[WorkOrder]:
    """What belongs to an order, of what `orders` shows: its parent, parts, sisters, and reports of the same fault."""
    root, one = order.parent_id or order.pk, order.duplicate_of_id or order.pk
    beside = Q(pk__in={root, one}) | Q(parent__in={root, order.pk}) | Q(duplicate_of=one)
    shown = orders.filter(beside).exclude(pk=order.pk).select_related(None).only(*BESIDE)
    return list(shown.order_by("reported_at", "id")[:FAMILY])


def candidates(orders: QuerySet[WorkOrder], order: WorkOrder) -> QuerySet[WorkOrder]:
    """Open orders that may be the same fault: at the same place or of the same unit, newest first."""
    same = Q(place=order.place_id) | (Q(unit=order.unit_id) if order.unit_id else Q(pk__in=()))
    return orders.filter(same, state__in=LIVE, hospital=order.hospital_id).exclude(pk=order.pk).order_by("-reported_at")


def history(order: WorkOrder, beside: Iterable[WorkOrder]) -> QuerySet[Event]:
    """What happened to an order and to those beside it, oldest first: one timeline across departments."""
    keys = [order.pk, *(other.pk for other in beside)]
    return told().filter(subject=flow.subject_of(order), subject_id__in=keys).order_by("at", "id")
