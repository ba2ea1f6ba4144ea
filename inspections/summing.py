"""What a round begins with and what it comes to: its points, its sums, and the rest that stays due."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max, Sum
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from inspections.models import Answer, Finding, PlanPoint, Point, Round
from inspections.states import DONE, DUE, FIXED, NOT_COUNTED, OPEN, ROUTE

INHERITED = (
    *("hospital_id", "plan_id", "checklist_id", "department", "team_id", "skill_id", "place_id", "asset_id", "unit_id"),
    *("by_meter", "minutes", "needs_signature", "statutory", "due_at", "opens_at", "late_from", "assignee_id"),
)


def lay_points(round: Round) -> int:
    """Write down where the round leads: what an earlier part left open, the plan's route, or its one asset or place."""
    rows: list[Any]
    if round.rest_of_id is not None:
        rows = list(Point.objects.filter(round=round.rest_of_id, state=OPEN).order_by("order"))
    elif round.plan.subject == ROUTE:
        rows = list(PlanPoint.objects.filter(plan=round.plan_id).order_by("order"))
        if not rows:
            raise ValidationError(_("The route of this plan has no points."))
    else:
        rows = [Point(order=1, place_id=round.place_id, asset_id=round.asset_id)]
    Point.objects.bulk_create(
        Point(
            hospital_id=round.hospital_id,
            round=round,
            order=row.order,
            place_id=row.place_id,
            asset_id=row.asset_id,
            walk=row.walk,
        )
        for row in rows
    )
    round.points = len(rows)
    return len(rows)


def close(round: Round, actor: Any) -> dict[str, Any]:
    """Sum the round up; with points still open, put the rest beside it. Raises ValidationError when nothing was done."""
    stops = list(Point.objects.filter(round=round).order_by("order"))
    still = [stop for stop in stops if stop.state == OPEN]
    if len(still) == len(stops):
        raise ValidationError(_("No point is done yet. If it cannot be done at all, ask to skip it."))
    skipped = sum(stop.state in NOT_COUNTED for stop in stops)
    found = list(Finding.objects.filter(round=round).values_list("became", flat=True))
    round.points, round.not_counted = len(stops) - skipped, skipped
    round.points_done = sum(stop.state == DONE for stop in stops)
    round.found, round.fixed = len(found), found.count(FIXED)
    round.too_fast = sum(stop.too_fast for stop in stops)
    round.score, round.full_score = _scores(round)
    facts: dict[str, Any] = {"points": round.points, "done": round.points_done, "found": round.found}
    if still:
        facts["rest"] = _put_rest(round, actor, len(still)).pk
    return facts


def _scores(round: Round) -> tuple[Decimal | None, Decimal | None]:
    """Points won and points there were, of what was judged at points that count; None where nothing gives points."""
    judged = Answer.objects.filter(point__round=round, points__isnull=False).exclude(point__state__in=NOT_COUNTED)
    sums = judged.aggregate(won=Sum("points"), full=Sum("item__points"))
    return sums["won"], sums["full"]


def _put_rest(round: Round, actor: Any, count: int) -> Round:
    """The same round again, for the points nobody reached; due as the first part was."""
    parts = Round.objects.filter(plan=round.plan_id, asset=round.asset_id, due_at=round.due_at)
    part = (parts.aggregate(last=Max("part"))["last"] or 0) + 1
    same = {name: getattr(round, name) for name in INHERITED}
    rest = Round.objects.create(**same, rest_of=round, part=part, state=DUE, points=count)
    flow.record(rest, "left_over", actor, data={"round": round.pk, "points": count})
    return rest
