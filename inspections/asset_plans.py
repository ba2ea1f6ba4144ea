"""What is planned for an asset, and when next: the panel on its page. One statement, however many plans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery

from assets.models import Asset
from assets.states import CONDEMNED, SEALED
from flow.states import State
from inspections import permissions as perm
from inspections.models import Plan, PlanPoint, Round
from inspections.round_tables import standing
from inspections.states import EVERY_ASSET, ONE_ASSET, PAUSED, PLAN_STATES, ROUTE, RUNNING, UNDONE
from inspections.wording import rhythm

SHOWN = 12


@dataclass(frozen=True)
class Planned:
    """One plan that looks after the asset: how often, and the round that is to be done next."""

    plan: Plan
    state: State
    rhythm: str
    due_at: datetime | None
    standing: State | None
    round: int | None


def _covers(asset: Asset) -> Q:
    """The plans of this one asset; those of all assets of its kind at or above its place; routes that come by."""
    of_kind = Q(subject=EVERY_ASSET, kind=asset.kind_id, place__path__in=asset.place.paths_above)
    routes = Q(subject=ROUTE, pk__in=PlanPoint.objects.filter(asset=asset).values("plan"))
    return Q(subject=ONE_ASSET, asset=asset) | of_kind | routes


def of_asset(user: Any, asset: Asset) -> dict[str, Any] | None:
    """Its plans with their next round; nothing where there is none, or the asset is not looked after any more."""
    if asset.state in (CONDEMNED, SEALED):
        return None
    mine = Round.objects.filter(Q(asset=asset) | Q(asset=None), plan=OuterRef("pk"), state__in=UNDONE).order_by(
        "due_at", "pk"
    )
    plans = Plan.objects.for_user(user, perm.PLAN_VIEW).filter(_covers(asset), hospital=asset.hospital_id)
    plans = plans.filter(state__in=(RUNNING, PAUSED)).select_related("checklist", "team")
    plans = plans.annotate(**{name: Subquery(mine.values(name)[:1]) for name in ("due_at", "late_from")})
    plans = plans.annotate(next_round=Subquery(mine.values("pk")[:1]), next_state=Subquery(mine.values("state")[:1]))
    found = list(plans.order_by(F("due_at").asc(nulls_last=True), "name", "pk")[:SHOWN])
    return {"plans": [_told(plan) for plan in found]} if found else None


def _told(plan: Any) -> Planned:
    state = standing(plan.next_state, plan.late_from) if plan.next_round else None
    return Planned(plan, PLAN_STATES[plan.state], rhythm(plan), plan.due_at, state, plan.next_round)
