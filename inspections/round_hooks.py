"""What rounds plug into the rooms below: the menu, who may open their files, what a scanned label means, panels."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from administration import events
from assets import panels
from assets.models import Asset
from flow import files
from hazards import timeline as hazards
from inspections import asset_plans, today
from inspections import permissions as perm
from inspections.machine import ROUNDS
from inspections.models import Answer, Round
from inspections.round_tables import standing
from tenancy.access import can
from ui import history
from ui.navigation import MenuItem, register
from workorders import scans, timeline

SHOWN = 5


def of_round(user: Any, pk: int) -> bool:
    round = Round.objects.filter(pk=pk).first()
    return round is not None and can(user, perm.ROUND_VIEW, round)


def of_answer(user: Any, pk: int) -> bool:
    answer = Answer.objects.filter(pk=pk).select_related("point__round").first()
    return answer is not None and can(user, perm.ROUND_VIEW, answer.point.round)


def of_asset(user: Any, asset: Asset) -> dict[str, Any] | None:
    """The last rounds of an asset, and the next."""
    found = list(
        Round.objects.for_user(user, perm.ROUND_VIEW)
        .filter(asset=asset)
        .select_related("plan")
        .order_by("-due_at", "-id")[:SHOWN]
    )
    if not found:
        return None
    return {"rounds": [(round, standing(round.state, round.late_from)) for round in found]}


def page_for(event: Any, reader: Any) -> str:
    """The round in which an order or a hazard began, for who may see it: the ward knows the order, but not every round."""
    pk = event.data["round"]
    return reverse("inspections:round", args=[pk]) if of_round(reader, pk) else ""


def plug_in() -> None:
    register(
        MenuItem(_("My rounds"), "inspections:today", "route", perm.ROUND_WORK, "today", 25, phone=True),
        MenuItem(_("Inspection rounds"), "inspections:round_list", "list-check", perm.ROUND_VIEW, "work", 40),
    )
    events.register("inspections.round", _("Inspection round"), "inspections:round", ROUNDS.words)
    files.subject_checks["inspections.round"] = of_round
    files.subject_checks["inspections.answer"] = of_answer
    panels.register(panels.Panel("inspections.plans", "inspections/asset_plans.html", asset_plans.of_asset, 19))
    panels.register(panels.Panel("inspections.rounds", "inspections/asset_panel.html", of_asset, 20))
    scans.meanings.append(today.at_door)
    for told in (timeline, hazards):
        told.LEADS["from_round"] = page_for
    history.WORDS.update({"found": _("Something found"), "left_over": _("Stayed due from an earlier part")})
