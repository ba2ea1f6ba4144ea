"""Counting orders: a figure's sums and the list of orders behind it, from one declaration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from django.db.models import Q
from django.utils import timezone

from kpi import counting
from kpi.counting import Book, counted, counting_of, declare, records
from workorders.models import WorkOrder

__all__ = ["DIMENSIONS", "Counting", "Snapshot", "counted", "counting_of", "declare", "records"]
DIMENSIONS = {
    "unit": "unit_id",
    "service": "service_id",
    "team": "team_id",
    "place": "place_id",
    "contractor": "contractor_id",
    "person": "assignee_id",
}
ORDERS = Book(WorkOrder, "workorders:order_list", DIMENSIONS)


@dataclass(frozen=True)
class Counting(counting.Counting):
    """How a figure counts orders."""

    book: ClassVar[Book] = ORDERS


@dataclass(frozen=True)
class Snapshot(counting.Standing):
    """How many orders stand like this at this moment, whenever they were reported."""

    book: ClassVar[Book] = ORDERS
    overdue: bool = False

    def condition(self) -> Q:
        return self.among & Q(due_at__lt=timezone.now()) if self.overdue else self.among
