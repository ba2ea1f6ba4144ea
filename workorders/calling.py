"""A telephone call: what is known of where it comes from, what is open there, and what the caller reported lately."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone

from tenancy.models import Place, Unit
from workorders import permissions as perm
from workorders import queries, reporting
from workorders.models import WorkOrder

LATELY = timedelta(days=90)
LAST = 5
BESIDE = 8
SEPARATORS = str.maketrans("", "", " -()（）")


@dataclass
class Caller:
    """Who is on the line: the place, its unit, the open orders there, and the caller's last orders, the newest first."""

    place: Place | None = None
    unit: Unit | None = None
    phone: str = ""
    also: list[WorkOrder] = field(default_factory=list)
    last: list[WorkOrder] = field(default_factory=list)
    of_unit: bool = False  # nothing of this number: those are the unit's


def caller_of(user: Any, hospital: int, place: Place | None, phone: str) -> Caller:
    """By the number typed, else the known number of the place or its unit; where there is nothing, by the unit."""
    found = Caller(place)
    mine = WorkOrder.objects.for_user(user, perm.ORDER_VIEW).filter(hospital=hospital)
    if place:
        found.unit = reporting.unit_at(place)
        also = queries.open_at(place).filter(pk__in=mine.values("pk")).select_related("place")
        found.also = list(also[:BESIDE])
    found.phone = phone.strip() or (place.phone if place else "") or (found.unit.phone if found.unit else "")
    lately = mine.filter(reported_at__gte=timezone.now() - LATELY).exclude(pk__in=[order.pk for order in found.also])
    lately = lately.select_related("place").order_by("-reported_at", "-pk")
    numbers = {found.phone, found.phone.translate(SEPARATORS)} - {""}
    found.last = list(lately.filter(phone__in=numbers)[:LAST]) if numbers else []
    if not found.last and found.unit:
        found.last, found.of_unit = list(lately.filter(unit=found.unit)[:LAST]), True
    return found
