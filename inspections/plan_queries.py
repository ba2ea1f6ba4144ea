"""Reads of the plan's pages: what is chosen from, what is to do, how it was kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from inspections import permissions as perm
from inspections.models import Checklist, Plan, Round
from inspections.queries import checklists
from inspections.states import CURRENT, DONE, DROPPED, SKIPPED, UNDONE
from tenancy import access

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


def _planning(user: Any) -> list[access.Reach]:
    return [reach for reach in access.reaches(user) if perm.PLAN_CHANGE in reach.permissions]


def checklists_to_plan(user: Any) -> QuerySet[Checklist]:
    """The checklists in force of the departments for which a person plans."""
    departments = {reach.department for reach in _planning(user)}
    found = checklists(user).filter(active=True, editions__state=CURRENT).distinct()
    return found if "" in departments else found.filter(department__in=departments)


def teams_to_plan(user: Any) -> Q:
    """The teams whose rounds a person plans; at which places, the plan as a whole is asked."""
    found = access.NOTHING
    for reach in _planning(user):
        narrowed = {"department": reach.department, "contractor": reach.contractor, "pk": reach.team}
        found |= Q(hospital__in=reach.hospitals, **{name: value for name, value in narrowed.items() if value})
    return found
