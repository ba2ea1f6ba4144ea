"""Reads that are shared."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from tenancy.models import Place, ScopedQuerySet
from workorders.models import WorkOrder
from workorders.states import OPEN


def open_at(place: Place) -> QuerySet[WorkOrder]:
    """What is already reported at this place or inside it; for "already reported?"."""
    return WorkOrder.objects.filter(Place.within(place.path, "place__path"), state__in=OPEN).order_by("-reported_at")


def overdue(orders: ScopedQuerySet, at: Any) -> QuerySet[WorkOrder]:
    """Open orders past their limit; what is on hold for a coded reason is not."""
    return orders.filter(state__in=OPEN, due_at__lt=at).exclude(state="waiting")
