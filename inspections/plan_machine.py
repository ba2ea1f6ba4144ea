"""What becomes of a plan: draft, running, paused, ended. Its rounds follow (`generation`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.machine import Machine, Transition, sources
from inspections import generation
from inspections import permissions as perm
from inspections.models import Plan
from inspections.states import CURRENT, DRAFT, ENDED, PAUSED, PLAN_STATES, ROUTE, RUNNING


def _begin(plan: Plan, actor: Any, at: datetime) -> None:
    """From now on rounds are made. Raises ValidationError where there is nothing to go by or to go to."""
    if not plan.checklist.active or not plan.checklist.editions.filter(state=CURRENT).exists():
        raise ValidationError(_("The checklist is not in force: publish it, or choose another."))
    if plan.team.closed_on is not None:
        raise ValidationError(_("The team is closed: choose another."))
    if plan.subject == ROUTE and not plan.points.exists():
        raise ValidationError(_("The route has no points yet."))
    plan.planned_from, plan.generated_until = at, None


def _stop(plan: Plan, actor: Any, at: datetime) -> None:
    """The untouched rounds ahead go; what somebody was given, began, did or missed stays."""
    generation.clear(plan, at)


PLANS = Machine(
    states=PLAN_STATES,
    select=("place", "team", "checklist"),
    transitions=(
        Transition(
            "start", sources(DRAFT), RUNNING, perm.PLAN_CHANGE, pgettext_lazy("a plan", "Start"), "player-play",
            prepare=_begin, main=True,
        ),
        Transition(
            "resume", sources(PAUSED), RUNNING, perm.PLAN_CHANGE, pgettext_lazy("a plan", "Resume"), "player-play",
            prepare=_begin, main=True,
        ),
        Transition(
            "pause", sources(RUNNING), PAUSED, perm.PLAN_CHANGE, pgettext_lazy("a plan", "Pause"), "player-pause",
            prepare=_stop,
        ),
        Transition(
            "end", sources(DRAFT, RUNNING, PAUSED), ENDED, perm.PLAN_CHANGE, pgettext_lazy("a plan", "End"), "archive", "red",
            prepare=_stop,
        ),
    ),
)  # fmt: skip


def follow(sender: Any, obj: Plan, event: Any, **_: Any) -> None:
    """A plan that runs from now on has its rounds made at once, or by the worker where they are many."""
    if event.target == RUNNING:
        generation.begin(obj, event.at)
