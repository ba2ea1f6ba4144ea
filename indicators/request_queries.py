"""Reads of requested returns that pages, programs and figures share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.utils import timezone

from accounts.models import User
from indicators import permissions as perm
from indicators import spans
from indicators.models import ReturnDue, ReturnRequest
from indicators.request_states import DUE_STATES, TO_FILL
from tenancy.access import can
from tenancy.holders import by_name
from tenancy.models import Grant, Membership

Span = tuple[date, date]
MISSING = "missing"  # to be filled in, and the last day is over


def missing(day: date | None = None) -> Q:
    """Not handed in, and the last day is over."""
    return Q(state__in=TO_FILL, due_on__lt=day or timezone.localdate())


def may_fill(due: ReturnDue) -> list[User]:
    """The people of the hospital who may fill it in."""
    today = timezone.localdate()
    grants = Grant.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=today), hospital=due.hospital_id, starts_on__lte=today,
        role__permissions__contains=[perm.RETURN_FILL], own=False,
    )  # fmt: skip
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), hospital=due.hospital_id)
    at_work = set(here.values_list("user", flat=True))
    people = by_name(grant.user for grant in grants.select_related("user") if grant.user_id in at_work)
    return [person for person in people if can(person, perm.RETURN_FILL, due)]


def dues(user: Any) -> QuerySet[ReturnDue]:
    return ReturnDue.objects.for_user(user, perm.RETURN_VIEW).select_related("hospital", "request")


@dataclass
class Round:
    """One period of a request: every hospital that is asked, and how far they have come together."""

    request: ReturnRequest
    span: Span
    rows: list[ReturnDue]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def period(self) -> str:
        return spans.written(*self.span)

    @property
    def key(self) -> str:
        return f"{self.span[0]}"

    def of(self, state: str) -> list[ReturnDue]:
        """The hospitals in a state; `missing`: late with it; empty: all."""
        today = timezone.localdate()
        if state == MISSING:
            return [row for row in self.rows if row.late(today)]
        return [row for row in self.rows if row.state == state] if state in DUE_STATES else self.rows


def periods(user: Any, request: ReturnRequest) -> list[Span]:
    """The periods of a request, the newest first."""
    rows = dues(user).filter(request=request).order_by("-first")
    return list(rows.values_list("first", "last").distinct())


def round_of(user: Any, request: ReturnRequest, span: Span) -> Round:
    """One period with every hospital, in one statement: the latest first, those that are through last."""
    today, ranks = timezone.localdate(), {"returned": 0, "open": 1, "handed": 2, "accepted": 3}
    rows = list(dues(user).filter(request=request, first=span[0]).select_related("handed_in_by"))
    rows.sort(key=lambda row: (ranks[row.state], -row.late(today), row.hospital.code))
    counts = Counter(row.state for row in rows)
    counts[MISSING] = sum(1 for row in rows if row.late(today))
    return Round(request, span, rows, counts)


def summaries(user: Any, requests: list[ReturnRequest]) -> dict[int, dict[str, int]]:
    """Request → states of its newest period, in two statements."""
    pks = [request.pk for request in requests]
    newest = dict(dues(user).filter(request__in=pks).order_by().values_list("request").annotate(day=Max("first")))
    found: dict[int, Counter[str]] = {pk: Counter() for pk in pks}
    q = Q(pk__in=[])
    for pk, first in newest.items():
        q |= Q(request=pk, first=first)
    today = timezone.localdate()
    for pk, state, due_on in dues(user).filter(q).values_list("request", "state", "due_on"):
        found[pk]["of"] += 1
        found[pk][state] += 1
        found[pk][MISSING] += state in TO_FILL and due_on < today
    return {pk: dict(counts) for pk, counts in found.items()}
