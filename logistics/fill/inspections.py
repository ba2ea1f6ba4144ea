"""Inspection plans of a hospital: one of each shipped checklist, with the rounds of the next weeks."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from assets.models import Asset, Kind
from inspections import generation
from inspections.catalogue import ChecklistDef, shipped
from inspections.models import Checklist, Plan
from inspections.states import CURRENT, EVERY_ASSET, KEEP, LATER, PLACE, RUNNING
from tenancy.models import Hospital, Team
from tenancy.models import Place as Spot
from workorders.limits import calendar_of

HOURS = (8, 9, 10, 14, 15)


def arrange(hospital: Hospital, now: datetime) -> int:
    """Running plans as the templates propose them, and their rounds of the next 35 days. Answers how many plans."""
    teams = {team.department: team for team in Team.objects.filter(hospital=hospital, closed_on=None).order_by("-id")}
    root = Spot.objects.get(hospital=hospital, parent=None)
    kept = Asset.objects.filter(hospital=hospital).values("kind")
    kinds = list(Kind.objects.filter(pk__in=kept).order_by("id"))
    lists = Checklist.objects.filter(home=None, active=True, editions__state=CURRENT).order_by("key").distinct()
    plans = [
        plan_of(checklist, shipped()[checklist.key], teams[checklist.department], root, kinds, number, now)
        for number, checklist in enumerate(lists)
        if checklist.key in shipped() and checklist.department in teams and checklist.department in hospital.modules
    ]
    made = Plan.objects.bulk_create(plans)
    generation.make(made, calendar_of(hospital.pk), now)
    return len(made)


def plan_of(
    checklist: Checklist, known: ChecklistDef, team: Team, root: Spot, kinds: list[Kind], number: int, now: datetime
) -> Plan:
    """What the template proposes; for every asset of its kind where the register has some, spread over the month."""
    rhythm = known.rhythm
    kind = next((kind for kind in kinds if any(word in kind.name for word in known.kinds)), None)
    spread = 28 if kind and rhythm.step in ("month", "year") else 0
    return Plan(
        hospital_id=team.hospital_id, name=str(checklist)[:60], department=team.department, checklist=checklist, team=team,
        place=root, subject=EVERY_ASSET if kind else PLACE, kind=kind, state=RUNNING, planned_from=now,
        every=rhythm.every, step=rhythm.step, weekdays=list(rhythm.weekdays), months=list(rhythm.months),
        starts_on=now.date() - timedelta(days=number * 5 % 28), at=time(HOURS[number % len(HOURS)]),
        spread_days=spread, on_holiday=LATER if spread else KEEP, opens_before=rhythm.opens_before, grace=rhythm.grace,
        minutes=rhythm.minutes, needs_signature=rhythm.needs_signature, statutory=known.statutory,
    )  # fmt: skip
