"""Bringing in finished orders of an older system.

They come as closed orders of the channel "import", never signed because nobody was asked to sign: the signing rate leaves
this channel out. Where the old system knows only a day, noon of that day is taken; where it knows no end, the order ended
when it was reported. The cost is one line, so that it adds up like all other cost; a credit (a negative cost) stands on
the order alone. One event "imported" per order says from which file and line it came and which kind it was there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from assets.models import Asset
from flow import origin
from flow.domain import subject_of
from flow.models import Event
from tenancy.access import can
from tenancy.actors import kind_of
from tenancy.models import Hospital, Place, Unit
from workorders import permissions as perm
from workorders.limits import calendar_of, promised
from workorders.models import Line, Service, WorkOrder
from workorders.numbers import next_numbers
from workorders.states import CLOSED, IMPORTED, NORMAL

BATCH = 1000


@dataclass
class Old:
    """One finished order as an older system tells it."""

    reported_at: datetime
    title: str
    service: Service
    place: Place
    finished_at: datetime | None = None
    description: str = ""
    asset: Asset | None = None
    unit: Unit | None = None
    cost: Decimal = Decimal(0)
    reporter_name: str = ""
    origin: dict[str, Any] = field(default_factory=dict)  # what the event remembers: file, line, type, number


@transaction.atomic
def bring_in_orders(actor: Any, hospital: Hospital, entries: Iterable[Old]) -> int:
    """Write closed orders with their cost and one event each, in batches. Answers how many.

    Raises PermissionDenied when the actor may not bring orders of one of these services or places in.
    """
    asked: set[tuple[str, int]] = set()
    rest, count = iter(entries), 0
    while batch := list(islice(rest, BATCH)):
        orders = list(_orders(hospital, batch))
        for order in orders:
            if (key := (order.department, order.place_id)) not in asked:
                if not can(actor, perm.ORDER_IMPORT, order):
                    raise PermissionDenied(perm.ORDER_IMPORT)
                asked.add(key)
        WorkOrder.objects.bulk_create(orders)
        _write_costs(actor, orders)
        _write_events(actor, batch, orders)
        count += len(orders)
    return count


def _orders(hospital: Hospital, batch: list[Old]) -> Iterator[WorkOrder]:
    calendars = cache(calendar_of)
    numbers = next_numbers(hospital.pk, hospital.code, (old.reported_at for old in batch))
    for old, number in zip(batch, numbers, strict=True):
        finished = max(old.finished_at or old.reported_at, old.reported_at)
        respond_by, due_at = promised(old.service, NORMAL, old.reported_at, calendars=calendars)
        title = old.title.strip() or str(old.service)
        yield WorkOrder(
            hospital=hospital, number=number, title=title[:80],
            description=old.description or (title if len(title) > 80 else ""),
            service=old.service, department=old.service.department, place=old.place, asset=old.asset, unit=old.unit,
            reporter_name=old.reporter_name, channel=IMPORTED, urgency=NORMAL, state=CLOSED, cost=old.cost,
            reported_at=old.reported_at, respond_by=respond_by, due_at=due_at, finished_at=finished, closed_at=finished,
        )  # fmt: skip


def _write_costs(actor: Any, orders: list[WorkOrder]) -> None:
    with translation.override("zh-hans"):  # what is written down is in the hospital's language
        words = _("Cost from the older system")
    Line.objects.bulk_create(
        Line(
            hospital_id=order.hospital_id, order=order, kind=Line.Kind.OTHER, text=words, price=order.cost,
            amount=order.cost, at=order.finished_at, by_id=actor.pk,
        )
        for order in orders
        if order.cost > 0
    )  # fmt: skip


def _write_events(actor: Any, batch: list[Old], orders: list[WorkOrder]) -> None:
    now, subject = timezone.now(), subject_of(orders[0])
    came = origin.current().facts(kind_of(actor))
    Event.objects.bulk_create(
        Event(
            hospital_id=order.hospital_id, subject=subject, subject_id=order.pk, verb="imported", at=now,
            actor_id=actor.pk, actor_kind=kind_of(actor), actor_name=actor.name, data=old.origin,
            **came,
        )
        for old, order in zip(batch, orders, strict=True)
    )  # fmt: skip
