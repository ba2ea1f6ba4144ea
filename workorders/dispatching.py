"""What the desk looks at: the queue of what nobody has been sent to, and the board of what is under way."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy as _

from tenancy.models import ScopedQuerySet, Team
from workorders.machine import ORDERS
from workorders.models import HELD, WorkOrder, held
from workorders.states import (
    ACCEPTED,
    ARRIVED,
    CRITICAL,
    DISPATCHED,
    DONE,
    IN_HAND,
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
CARDS, TEAM_CARDS = 50, 20  # of a column; a hospital has many teams


@dataclass(frozen=True)
class Column:
    """One lane of the board, a state or a team: its cards, what is due first on top, how many there are and overdue."""

    key: str
    cards: list[dict[str, Any]]
    count: int
    late: int


def _late(row: dict[str, Any], at: Any) -> bool:
    return row["state"] in OPEN and row["due_at"] < at and not held(row["state"], row["clock_runs_on"])


def board(orders: ScopedQuerySet, at: Any) -> list[Column]:
    """One column a state, in two statements."""
    return _columns(orders, "state", {state: Q(state=state) for state in COLUMNS}, at)


def board_by_team(orders: ScopedQuerySet, teams: Iterable[int], at: Any) -> list[Column]:
    """What nobody has been sent to, then one column a team with its open work, in two statements."""
    lane = Case(When(state=REPORTED, then=Value("")), default=Cast("team_id", CharField()))
    lanes = {"": Q(state=REPORTED), **{str(team): Q(state__in=IN_HAND, team=team) for team in teams}}
    return _columns(orders.annotate(lane=lane), "lane", lanes, at, most=TEAM_CARDS)


def _columns(orders: Any, lane: str, lanes: dict[str, Q], at: Any, most: int = CARDS) -> list[Column]:
    fields = list(dict.fromkeys((*CARD_FIELDS, lane)))
    parts = [orders.filter(rule).order_by("due_at", "pk").values(*fields)[: most + 1] for rule in lanes.values()]
    cards: dict[str, list[dict[str, Any]]] = {key: [] for key in lanes}
    for row in parts[0].union(*parts[1:], all=True):
        cards[row[lane]].append({**row, "late": _late(row, at)})
    late = Count("pk", filter=Q(state__in=OPEN, due_at__lt=at) & ~HELD)
    shown = orders.filter(state__in=COLUMNS if lane == "state" else OPEN).order_by()
    totals = {row[lane]: (row["n"], row["n_late"]) for row in shown.values(lane).annotate(n=Count("pk"), n_late=late)}
    return [
        Column(key, sorted(cards[key], key=lambda c: (c["due_at"], c["pk"]))[:most], *totals.get(key, (0, 0)))
        for key in lanes
    ]


@dataclass(frozen=True)
class Sent:
    """What became of several orders that were sent to one crew at once."""

    sent: list[WorkOrder]
    refused: list[tuple[WorkOrder, str]]  # with the reason


def send_several(actor: Any, orders: Iterable[WorkOrder], team: Team, assignee: Any = None) -> Sent:
    """Dispatch each order by itself: what somebody else was faster with is told, and stops none of the others."""
    outcome = Sent([], [])
    for order in orders:
        try:
            outcome.sent.append(ORDERS.move(order, "dispatch", actor, team=team, assignee=assignee))
        except ValidationError as error:
            outcome.refused.append((order, error.messages[0]))
        except PermissionDenied:
            outcome.refused.append((order, str(_("You may not dispatch this order."))))
    return outcome
