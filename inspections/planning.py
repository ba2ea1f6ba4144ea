"""The verbs of plans: write, change, set the points of a route. Starting, pausing and ending are steps (`plan_machine`)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from assets.states import CONDEMNED
from flow import domain as flow
from flow.facts import believable
from inspections import forecast, generation
from inspections import permissions as perm
from inspections.models import Checklist, Plan, PlanPoint
from inspections.states import BY_DONE, CURRENT, ENDED, EVERY_ASSET, HOUR, MONTH, ONE_ASSET, ROUTE, RUNNING, WEEK, YEAR
from tenancy.access import can
from tenancy.models import Place, Team

RHYTHM = frozenset(
    {
        *("every", "step", "weekdays", "month_day", "nth", "weekday", "offset_days", "months", "on_holiday", "basis"),
        *("at", "until", "starts_on", "ends_on", "meter", "meter_every", "spread_days"),
    }
)
EDITABLE = RHYTHM | {
    *("name", "checklist", "team", "skill", "subject", "asset", "kind", "place", "unit"),
    *("opens_before", "grace", "minutes", "needs_signature", "ordered", "statutory"),
}
MOST_POINTS = 300


@transaction.atomic
def write(actor: Any, *, name: str, checklist: Checklist, team: Team, place: Place, **facts: Any) -> Plan:
    """Write a plan, as a draft. Raises PermissionDenied, or ValidationError by field."""
    if unknown := facts.keys() - EDITABLE:
        raise TypeError(f"a plan has no {unknown}")
    plan = Plan(
        hospital_id=place.hospital_id, department=team.department, name=name.strip(), checklist=checklist, team=team,
        place=place, **facts,
    )  # fmt: skip
    settle(plan)
    if not can(actor, perm.PLAN_CHANGE, plan):
        raise PermissionDenied(perm.PLAN_CHANGE)
    check(plan)
    plan.save(force_insert=True)
    flow.record(plan, "created", actor)
    return plan


@transaction.atomic
def change(actor: Any, plan: Plan, **new: Any) -> Plan:
    """Change a plan. Where it runs, its untouched rounds ahead are made anew; what was begun, done or missed stays.

    Raises PermissionDenied, or ValidationError by field.
    """
    if unknown := new.keys() - EDITABLE:
        raise TypeError(f"a plan has no {unknown}")
    related = ("place", "team", "checklist", "asset", "kind", "unit", "skill")
    row: Plan = Plan.objects.select_for_update(of=("self",)).select_related(*related).get(pk=plan.pk)
    if not can(actor, perm.PLAN_CHANGE, row):
        raise PermissionDenied(perm.PLAN_CHANGE)
    if row.state == ENDED:
        raise ValidationError(_("This plan has ended: write a new one."), code="stale")
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.department = row.team.department
    settle(row)
    check(row)
    if not can(actor, perm.PLAN_CHANGE, row):
        raise PermissionDenied("out of reach")
    row.save()
    event = flow.edited(row, actor, old, {name: getattr(row, name) for name in new})
    if row.state == RUNNING and event is not None:
        generation.plan_anew(row, timezone.now())
    return row


def settle(plan: Plan) -> None:
    """Leave out what does not go with what was chosen."""
    if plan.subject != ONE_ASSET:
        plan.asset = None
    elif plan.asset is not None:
        plan.place = plan.asset.place
    if plan.subject != EVERY_ASSET:
        plan.kind, plan.spread_days = None, 0
    if plan.step != WEEK:
        plan.weekdays = []
    if plan.step not in (MONTH, YEAR):
        plan.month_day = plan.nth = plan.weekday = None
    elif plan.nth is None or plan.weekday is None:
        plan.nth = plan.weekday = None
    else:
        plan.month_day = None
    if plan.step != HOUR:
        plan.until = None
    if plan.meter_every is None:
        plan.meter = ""
    else:
        plan.basis = BY_DONE
    plan.weekdays, plan.months = sorted(set(plan.weekdays)), sorted(set(plan.months))


def check(plan: Plan) -> None:
    """Raises ValidationError by field where something does not fit together."""
    wrong: dict[str, Any] = {}
    believable(starts_on=plan.starts_on, ends_on=plan.ends_on)
    hospital = plan.hospital_id
    if plan.team.hospital_id != hospital or plan.team.closed_on is not None:
        wrong["team"] = _("This team does not work at this hospital.")
    if plan.checklist.department != plan.department:
        wrong["checklist"] = _("This checklist is of another department than the team.")
    elif plan.checklist.home_id not in (None, hospital):
        wrong["checklist"] = _("This checklist is another hospital's.")
    elif not plan.checklist.active or not plan.checklist.editions.filter(state=CURRENT).exists():
        wrong["checklist"] = _("The checklist is not in force: publish it, or choose another.")
    wrong |= _wrong_subject(plan) | _wrong_rhythm(plan)
    if Plan.objects.filter(hospital=hospital, name=plan.name).exclude(state=ENDED).exclude(pk=plan.pk).exists():
        wrong["name"] = _("Another plan has this name.")
    if wrong:
        raise ValidationError(wrong)
    plan.full_clean(
        exclude=["hospital", "planned_from", "generated_until"], validate_unique=False, validate_constraints=False
    )
    if plan.step and not forecast.upcoming(plan, timezone.now(), 1):
        raise ValidationError({"step": _("There is not a single date in this rhythm.")})


def _wrong_subject(plan: Plan) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if plan.subject == ONE_ASSET:
        if plan.asset is None:
            wrong["asset"] = _("Please choose the asset.")
        elif plan.asset.hospital_id != plan.hospital_id:
            wrong["asset"] = _("This asset is in another hospital.")
        elif plan.asset.state == CONDEMNED:
            wrong["asset"] = _("This asset is condemned.")
    if plan.subject == EVERY_ASSET and plan.kind is None:
        wrong["kind"] = _("Please choose the kind of asset.")
    if plan.unit is not None and plan.unit.hospital_id != plan.hospital_id:
        wrong["unit"] = _("This unit is in another hospital.")
    if plan.skill is not None and plan.skill.hospital_id != plan.hospital_id:
        wrong["skill"] = _("This skill is another hospital's.")
    return wrong


def _wrong_rhythm(plan: Plan) -> dict[str, Any]:
    wrong: dict[str, Any] = {}
    if not plan.step and plan.meter_every is None:
        wrong["step"] = _("Please say how often, by the calendar or by a meter.")
    if plan.meter_every is not None and not plan.meter:
        wrong["meter"] = _("Please say which meter.")
    if plan.meter_every is not None and plan.subject not in (ONE_ASSET, EVERY_ASSET):
        wrong["meter_every"] = _("Only assets have meters.")
    if any(not 0 <= day <= 6 for day in plan.weekdays) or (plan.weekday is not None and not 0 <= plan.weekday <= 6):
        wrong["weekdays"] = _("There is no such weekday.")
    if any(not 1 <= month <= 12 for month in plan.months):
        wrong["months"] = _("There is no such month.")
    if plan.month_day is not None and plan.month_day not in (-1, *range(1, 32)):
        wrong["month_day"] = _("There is no such day.")
    if plan.nth is not None and plan.nth not in (-1, 1, 2, 3, 4, 5):
        wrong["nth"] = _("There is no such day.")
    if abs(plan.offset_days) > 60:
        wrong["offset_days"] = _("At most 60 days, please.")
    if plan.meter_every is not None and plan.meter_every <= 0:
        wrong["meter_every"] = _("More than 0, please.")
    if plan.ends_on is not None and plan.ends_on < plan.starts_on:
        wrong["ends_on"] = _("It ends before it begins.")
    return wrong


Stop = tuple[Place, Asset | None, int]  # where, which asset there, walking time in seconds from the one before


@transaction.atomic
def set_route(actor: Any, plan: Plan, stops: Sequence[Stop]) -> None:
    """Set the points of a route, in order. Rounds that have begun keep theirs. Raises PermissionDenied, ValidationError."""
    row: Plan = Plan.objects.select_for_update(of=("self",)).select_related("place", "team").get(pk=plan.pk)
    if not can(actor, perm.PLAN_CHANGE, row):
        raise PermissionDenied(perm.PLAN_CHANGE)
    if row.subject != ROUTE:
        raise ValidationError(_("Only a route has points."))
    if len(stops) > MOST_POINTS:
        raise ValidationError(_("At most 300 points, please."))
    if row.state == RUNNING and not stops:
        raise ValidationError(_("A route that is walked keeps at least one point."))
    for place, asset, walk in stops:
        if place.hospital_id != row.hospital_id or (asset is not None and asset.hospital_id != row.hospital_id):
            raise ValidationError(_("This place is in another hospital."))
        if not 0 <= walk <= 7200:
            raise ValidationError(_("The walking time is at most two hours."))
    row.points.all().delete()
    points = [
        PlanPoint(hospital_id=row.hospital_id, plan=row, order=number, place=place, asset=asset, walk=walk)
        for number, (place, asset, walk) in enumerate(stops, 1)
    ]
    PlanPoint.objects.bulk_create(points)
    flow.record(row, "route_set", actor, data={"points": len(points)})
