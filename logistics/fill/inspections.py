"""Inspection plans of a hospital: one of each shipped checklist, with all rounds from some months ago to the next weeks."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from assets.models import Asset, Kind
from inspections import generation
from inspections.catalogue import ChecklistDef, shipped
from inspections.models import Checklist, PlanPoint
from inspections.models import Plan as InspectionPlan
from inspections.states import CURRENT, EVERY_ASSET, KEEP, LATER, PLACE, ROUTE, RUNNING
from inspections.subjects import Date
from logistics.fill.organisation import Built, keys_for
from logistics.fill.plan import Plan
from tenancy.models import Place as Spot
from tenancy.models import Team, Unit
from workorders.limits import calendar_of

HOURS = (8, 9, 10, 14, 15)
BACK = 90  # days for which rounds lie behind
VISITED, WARDS = "maintenance.ward_round", 4  # one plan for each of so many wards
PATROL, POINTS, WALK = "security.fire_patrol", 8, 30  # a route over the floors; seconds from one to the next


def since(plan: Plan) -> datetime:
    """From when on rounds were planned."""
    first = max(plan.since, timezone.localdate(plan.until) - timedelta(days=BACK))
    return timezone.make_aware(datetime.combine(first, time()))


def arrange(plan: Plan, built: Built) -> list[Date]:
    """Running plans as the templates propose them; answers the dates of their rounds, past and of the next 35 days."""
    hospital, began = built.hospital, since(plan)
    teams = {team.department: team for team in Team.objects.filter(hospital=hospital, closed_on=None).order_by("-id")}
    root = Spot.objects.get(hospital=hospital, parent=None)
    kept = Asset.objects.filter(hospital=hospital).values("kind")
    kinds = list(Kind.objects.filter(pk__in=kept).order_by("id"))
    lists = Checklist.objects.filter(home=None, active=True, editions__state=CURRENT).order_by("key").distinct()
    plans: list[InspectionPlan] = []
    for number, checklist in enumerate(lists):
        known, team = shipped().get(checklist.key), teams.get(checklist.department)
        if known is None or team is None or checklist.department not in hospital.modules:
            continue
        kind = next((kind for kind in kinds if any(word in kind.name for word in known.kinds)), None)
        for unit in _visited(built, checklist.key, number):
            plans.append(_plan_of(checklist, known, team, root, kind, unit, number, began.date()))
            plans[-1].planned_from = began
    for row, key in zip(plans, keys_for(InspectionPlan, len(plans)), strict=True):
        row.pk = key
    made = InspectionPlan.objects.bulk_create(plans)
    PlanPoint.objects.bulk_create(point for row in made if row.subject == ROUTE for point in _route(row, built.units))
    calendar = calendar_of(hospital.pk)
    until = generation.horizon(calendar, plan.until)
    InspectionPlan.objects.filter(hospital=hospital).update(generated_until=until)
    return [due for row in made for due in generation.dates_of(row, calendar, until)]


def _visited(built: Built, key: str, number: int) -> list[Unit]:
    """Where the plans of a checklist lead: to some wards, or to the floor of one unit."""
    wards = [unit for unit in built.units if unit.kind == "clinical"]
    return wards[:WARDS] if key == VISITED else [built.units[number * 7 % len(built.units)]]


def _plan_of(
    checklist: Checklist, known: ChecklistDef, team: Team, root: Spot, kind: Kind | None, unit: Unit, number: int, began: date
) -> InspectionPlan:  # fmt: skip
    """What the template proposes; for every asset of its kind where the register has some, spread over the month."""
    rhythm, visits = known.rhythm, checklist.key == VISITED
    spread = 28 if kind and rhythm.step in ("month", "year") else 0
    subject: dict[str, Any] = {"subject": PLACE, "place": unit.place, "unit": unit if visits else None}
    if kind:
        subject = {"subject": EVERY_ASSET, "place": root, "kind": kind}
    elif checklist.key == PATROL:
        subject["subject"] = ROUTE
    return InspectionPlan(
        hospital_id=team.hospital_id, name=f"{checklist} · {unit.name}"[:60] if visits else str(checklist)[:60],
        department=team.department, checklist=checklist, team=team, state=RUNNING, **subject,
        every=rhythm.every, step=rhythm.step, weekdays=list(rhythm.weekdays), months=list(rhythm.months),
        starts_on=began - timedelta(days=number * 5 % 28), at=time(HOURS[number % len(HOURS)]),
        spread_days=spread, on_holiday=LATER if spread else KEEP, opens_before=rhythm.opens_before, grace=rhythm.grace,
        minutes=rhythm.minutes, needs_signature=rhythm.needs_signature, statutory=known.statutory,
    )  # fmt: skip


def _route(plan: InspectionPlan, units: list[Unit]) -> list[PlanPoint]:
    return [
        PlanPoint(hospital_id=plan.hospital_id, plan=plan, order=order, place=unit.place, walk=WALK if order > 1 else 0)
        for order, unit in enumerate(units[:POINTS], 1)
    ]
