"""Counting orders: a figure's sums and the list of orders behind it, from one declaration."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, DecimalField, F, Q, QuerySet, Sum, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from kpi.measure import midnight
from kpi.registry import NUMERATOR, Figure
from tenancy.models import Place
from ui.navigation import address
from workorders.models import WorkOrder

DIMENSIONS = {
    "unit": "unit_id",
    "service": "service_id",
    "team": "team_id",
    "place": "place_id",
    "contractor": "contractor_id",
    "person": "assignee_id",
}
ALL = Q()
NOTHING = Value(None, output_field=DecimalField())


@dataclass(frozen=True)
class Counting:
    """How a figure counts orders: which time decides the day, which orders count, which of them are hits or what is
    summed over them. Without `ratio` there is no denominator."""

    at: Any
    among: Q = ALL
    hits: Q | None = None
    total: Any = None
    ratio: bool = False
    limit_over: bool = False  # only orders whose time limit has ended

    def orders(self, orders: QuerySet[Any]) -> QuerySet[Any]:
        """The orders that count."""
        if self.limit_over:
            orders = orders.filter(due_at__lte=timezone.now())
        return orders.filter(self.among)

    def part(self, orders: QuerySet[Any], part: str) -> QuerySet[Any]:
        """The orders behind the numerator or the denominator."""
        counted = self.orders(orders)
        return counted.filter(self.hits) if part == NUMERATOR and self.hits is not None else counted

    def within(self, orders: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
        return orders.alias(moment=self.at).filter(moment__gte=start, moment__lt=end)

    def rows(self, start: datetime, end: datetime, kinds: Collection[str] | None = None) -> QuerySet[Any]:
        orders = self.orders(self.within(WorkOrder.objects.all(), start, end))
        return self.sums(orders.annotate(day=TruncDate(self.at)), kinds)

    def sums(self, orders: QuerySet[Any], kinds: Collection[str] | None) -> QuerySet[Any]:
        numerator = Sum(self.total) if self.total is not None else Count("pk", filter=self.hits)
        columns = [column for kind, column in DIMENSIONS.items() if kinds is None or kind in kinds]
        if "place_id" in columns:
            orders, columns = orders.annotate(place_path=F("place__path")), ["place_path", *columns]
        grouped = orders.values("hospital_id", "department", "day", *columns)
        return grouped.annotate(numerator=numerator, denominator=Count("pk") if self.ratio else NOTHING)


@dataclass(frozen=True)
class Snapshot(Counting):
    """How many orders stand like this at this moment, whenever they were reported."""

    overdue: bool = False

    def orders(self, orders: QuerySet[Any]) -> QuerySet[Any]:
        return super().orders(orders.filter(due_at__lt=timezone.now()) if self.overdue else orders)

    def within(self, orders: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
        return orders

    def rows(self, start: datetime, end: datetime, kinds: Collection[str] | None = None) -> QuerySet[Any]:
        today = Value(timezone.localdate())
        return self.sums(self.orders(WorkOrder.objects.all()).annotate(day=today), kinds)


_countings: dict[str, Counting] = {}


def declare(key: str, counting: Counting) -> None:
    """Make known how a figure counts, for the lists behind it."""
    _countings[key] = counting


def counting_of(key: str) -> Counting:
    return _countings[key]


def records(figure: Figure, part: str) -> str:
    """The list of exactly the orders that a figure counts."""
    stand = figure.stand
    asked: dict[str, Any] = {"figure": figure.kpi.key, "part": part, "first": figure.first, "last": figure.last}
    asked |= {"at": ",".join(map(str, stand.hospitals))}
    asked |= {"of": ",".join(stand.departments)} if stand.departments else {}
    asked |= {"only": stand.kind, "those": ",".join(map(str, stand.refs))} if stand.kind else {}
    asked |= {"by": figure.by, "ref": figure.ref} if figure.by else {}
    return f"{address('workorders:order_list')}?{urlencode(asked)}"


def counted(orders: QuerySet[Any], asked: Mapping[str, str]) -> QuerySet[Any]:
    """The orders an address made by `records` stands for; none where it is broken."""
    try:
        if any("\0" in value for value in asked.values()):
            raise ValueError("no address of ours")
        counting = counting_of(asked["figure"])
        first, last = date.fromisoformat(asked.get("first", "")), date.fromisoformat(asked.get("last", ""))
        orders = counting.within(orders, midnight(first), midnight(last + timedelta(days=1)))
        orders = orders.filter(hospital_id__in=[int(pk) for pk in asked.get("at", "").split(",") if pk])
        if asked.get("of"):
            orders = orders.filter(department__in=asked["of"].split(","))
        for kind, refs in ((asked.get("only"), asked.get("those", "")), (asked.get("by"), asked.get("ref", ""))):
            if kind:
                orders = orders.filter(_of(kind, refs.split(",")))
        return counting.part(orders, asked.get("part", NUMERATOR))
    except (KeyError, ValueError, OverflowError):
        return orders.none()


def _of(kind: str, refs: list[str]) -> Q:
    """Orders of these units, teams, …; "-": of none. A place's path means everything below it, its id only itself."""
    if kind == "department":
        return Q(department__in=refs)
    found = Q(pk__in=[])
    column = {**DIMENSIONS, "hospital": "hospital_id"}[kind]
    for ref in refs:
        if ref == "-":
            found |= Q(**{f"{column}__isnull": True})
        elif kind == "place" and ref.endswith("."):
            found |= Place.within(ref, "place__path")
        else:
            found |= Q(**{column: int(ref)})
    return found
