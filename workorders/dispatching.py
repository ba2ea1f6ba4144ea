"""What the desk looks at: the queue of what nobody has been sent to, and the board of what is under way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from tenancy.models import ScopedQuerySet
from workorders.models import HELD
from workorders.states import (
    ACCEPTED,
    ARRIVED,
    CRITICAL,
    DISPATCHED,
    DONE,
    NORMAL,
    OPEN,
    REPORTED,
    URGENT,
    WAITING,
)

QUEUE = 200  # what a desk can look at; the rest moves up
RANK = {CRITICAL: 0, URGENT: 1, NORMAL: 2}
QUEUE_FIELDS = (
    *("pk", "number", "title", "urgency", "reported_at", "respond_by", "due_at", "department"),
    *("place__full_name", "unit__name", "hospital__short_name"),
)
CARD_FIELDS = (
    *("pk", "number", "title", "urgency", "state", "waiting_reason", "reported_at", "due_at", "finished_at"),
    "clock_runs_on",
    *("place__full_name", "assignee__name", "team__name"),
)


def queue(orders: ScopedQuerySet, at: Any) -> list[dict[str, Any]]:
    """What nobody has been sent to: unanswered beyond its limit first, then the more urgent, then the older."""
    waiting = orders.filter(state=REPORTED).order_by("respond_by", "pk")
    rows = list(waiting.values(*QUEUE_FIELDS)[:QUEUE])
    for row in rows:
        row["late"] = row["respond_by"] < at
    return sorted(rows, key=lambda row: (not row["late"], RANK[row["urgency"]], row["reported_at"], row["pk"]))


COLUMNS = (REPORTED, DISPATCHED, ACCEPTED, ARRIVED, WAITING, DONE)
CARDS = 50


@dataclass(frozen=True)
class Column:
    """One state of the board: its cards, what is due first on top, and how many there are and overdue."""

    state: str
    cards: list[dict[str, Any]]
    count: int
    late: int


def _late(row: dict[str, Any], at: Any) -> bool:
    held = row["state"] == WAITING and not row["clock_runs_on"]
    return row["state"] in OPEN and row["due_at"] < at and not held


def board(orders: ScopedQuerySet, at: Any) -> list[Column]:
    """All columns in two statements."""
    parts = [orders.filter(state=state).order_by("due_at", "pk").values(*CARD_FIELDS)[: CARDS + 1] for state in COLUMNS]
    cards: dict[str, list[dict[str, Any]]] = {state: [] for state in COLUMNS}
    for row in parts[0].union(*parts[1:], all=True):
        cards[row["state"]].append({**row, "late": _late(row, at)})
    late = Count("pk", filter=Q(state__in=OPEN, due_at__lt=at) & ~HELD)
    counts = orders.filter(state__in=COLUMNS).order_by().values("state").annotate(n=Count("pk"), late=late)
    by_state = {row["state"]: row for row in counts}
    none = {"n": 0, "late": 0}
    return [
        Column(
            state,
            sorted(cards[state], key=lambda c: (c["due_at"], c["pk"]))[:CARDS],
            by_state.get(state, none)["n"],
            by_state.get(state, none)["late"],
        )
        for state in COLUMNS
    ]
