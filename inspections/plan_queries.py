"""Reads of the plan's page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q

from inspections.models import Plan, Round
from inspections.states import DONE, DROPPED, SKIPPED, UNDONE

LOOK_BACK = timedelta(days=365)
SHOWN = 15


def next_rounds(plan: Plan, now: datetime) -> list[Round]:
    """What is to do, the longest overdue first."""
    rows = Round.objects.filter(plan=plan, state__in=UNDONE).select_related("asset", "place", "assignee", "hospital")
    return list(rows.order_by("due_at", "pk")[:SHOWN])


@dataclass(frozen=True)
class Kept:
    """How the rounds of a year were kept: those whose window is over, without the skipped ones."""

    planned: int
    done: int
    in_time: int
    skipped: int

    @property
    def missed(self) -> int:
        return self.planned - self.done

    @property
    def share(self) -> float | None:
        return self.in_time / self.planned if self.planned else None


def compliance(plan: Plan, now: datetime) -> Kept:
    """Over the last year up to now."""
    over = Round.objects.filter(plan=plan, part=0, due_at__gte=now - LOOK_BACK, due_at__lt=now)
    over = over.filter(Q(late_from__lt=now) | Q(state__in=(DONE, SKIPPED))).exclude(state=DROPPED)
    counted: dict[str, Any] = over.aggregate(
        planned=Count("pk", filter=~Q(state=SKIPPED)),
        done=Count("pk", filter=Q(state=DONE)),
        in_time=Count("pk", filter=Q(state=DONE, done_at__lte=F("late_from"))),
        skipped=Count("pk", filter=Q(state=SKIPPED)),
    )
    return Kept(**counted)
