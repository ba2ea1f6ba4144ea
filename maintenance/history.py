"""An asset's life in repairs: how often, of which kind, what it cost."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, F, Q, QuerySet, Sum, When
from django.db.models.functions import ExtractYear

from assets.models import Asset
from flow.domain import subject_of
from flow.models import Event
from tenancy.access import can, where
from workorders.models import Service, WorkOrder
from workorders.permissions import COST_VIEW, ORDER_VIEW
from workorders.states import CANCELLED, CHANNELS, IMPORTED, LIVE, STATES

LATEST = 8


def repairs(user: Any, asset: Asset) -> dict[str, Any] | None:
    """Counts and cost of the orders on this asset that the person may see; None for who sees no orders."""
    if not can(user, ORDER_VIEW):
        return None
    seen = where(user, COST_VIEW, WorkOrder)
    orders = WorkOrder.objects.for_user(user, ORDER_VIEW).filter(asset=asset).exclude(state=CANCELLED)
    parts = list(
        orders.annotate(year=ExtractYear("reported_at"))
        .values("year", "service")
        .annotate(
            orders=Count("pk"), cost=Sum("cost", filter=seen, default=0), open=Count("pk", filter=Q(state__in=LIVE)),
            brought=Count("pk", filter=Q(channel=IMPORTED)),
        )
        .order_by("-year", "service")
    )  # fmt: skip
    with_cost = can(user, COST_VIEW)
    return {
        "years": _years(parts),
        "total": _sum(parts, "orders"),
        "open": _sum(parts, "open"),
        "cost": _sum(parts, "cost") if with_cost else None,
        "with_cost": with_cost,
        "kinds": _kinds(parts),
        "old_kinds": _old_kinds(asset, orders) if _sum(parts, "brought") else [],
        "latest": _latest(orders.annotate(seen_cost=Case(When(seen, then=F("cost"))))),
    }


Parts = list[dict[str, Any]]  # orders, cost and what is open, by year and service


def _sum(parts: Parts, name: str) -> Any:
    return sum(part[name] for part in parts)


def _by(parts: Parts, name: str) -> dict[Any, Parts]:
    found: dict[Any, Parts] = {}
    for part in parts:
        found.setdefault(part[name], []).append(part)
    return found


def _years(parts: Parts) -> list[dict[str, Any]]:
    """Orders, cost as far as it is seen, and what is open; the last year first."""
    return [
        {"year": year, **{name: _sum(of, name) for name in ("orders", "cost", "open")}}
        for year, of in _by(parts, "year").items()
    ]


def _kinds(parts: Parts) -> list[tuple[str, int, Any]]:
    """(service, orders, cost as far as it is seen), the most frequent first."""
    found = {service: (_sum(of, "orders"), _sum(of, "cost")) for service, of in _by(parts, "service").items()}
    names = Service.objects.in_bulk(found)
    return [
        (str(names[service]), n, cost)
        for service, (n, cost) in sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    ]


def _old_kinds(asset: Asset, orders: QuerySet[WorkOrder]) -> list[tuple[str, int]]:
    """The kinds an older system knew, of the orders that came from it."""
    ids = orders.filter(channel=IMPORTED).order_by().values("pk")
    events = Event.objects.filter(subject=subject_of(WorkOrder()), verb="imported", subject_id__in=ids)
    found = events.exclude(data__type=None).values_list("data__type").annotate(n=Count("pk")).order_by("-n")
    return [(str(kind), count) for kind, count in found]


def _latest(orders: QuerySet[WorkOrder]) -> list[dict[str, Any]]:
    """What is open first, then the last failures."""
    fields = ("pk", "number", "title", "state", "reported_at", "seen_cost", "channel")
    found = list(orders.filter(state__in=LIVE).order_by("-reported_at", "-pk").values(*fields)[:LATEST])
    done = orders.exclude(state__in=LIVE).order_by("-reported_at", "-pk").values(*fields)
    found += done[: max(0, LATEST - len(found))]
    words = [{"state": STATES[row["state"]], "channel": CHANNELS[row["channel"]]} for row in found]
    return [{**row, **said, "cost": row["seen_cost"]} for row, said in zip(found, words, strict=True)]
