"""Steer: the day plan: who of a team does what when, who has too much, and what nobody has yet."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from tenancy.access import can
from tenancy.models import Team
from tenancy.permissions import TEAM_VIEW
from ui.pages import whole
from workorders import dayplan, work_types, working
from workorders import permissions as perm
from workorders.models import WorkOrder

RELATED = ("service", "place", "team")


@login_required
@require_GET
def day(request: HttpRequest) -> HttpResponse:
    """A team's day for whoever dispatches; one's own for who only works."""
    now = timezone.now()
    if not can(request.user, perm.ORDER_DISPATCH):
        return own(request, now)
    orders = WorkOrder.objects.for_user(request.user, perm.ORDER_DISPATCH).select_related(*RELATED)
    teams = teams_of(request)
    chosen = shown(request, teams)
    keys = [team.pk for team in chosen]
    orders = orders.filter(hospital__in={team.hospital_id for team in chosen})
    days = dayplan.days(keys, orders, now)
    facts = {
        "days": days,
        "free": dayplan.free(keys, (team.department for team in chosen), orders, now) if chosen else [],
        "departments": [(d, work_types.department_of(d).label) for d in dict.fromkeys(t.department for t in teams)],
        "department": request.GET.get("department", ""),
        "teams": teams,
        "chosen": chosen,
        "names": {team.pk: team for team in chosen},
        "now": now,
        "too_much": sum(day.load == dayplan.FULL for day in days),
    }
    return render(request, "workorders/day.html", facts)


def own(request: HttpRequest, now: Any) -> HttpResponse:
    if not can(request.user, perm.ORDER_WORK):
        raise PermissionDenied(perm.ORDER_WORK)
    orders = working.work_for(request.user)
    found = (dayplan.own_day(team, request.user, orders, now) for team in working.teams_of(request.user)[:1])
    facts = {"days": [day for day in found if day], "own": True, "now": now}
    return render(request, "workorders/day.html", facts)


def teams_of(request: HttpRequest) -> list[Team]:
    """The teams this person may see, of the hospital of the switch, whose department they dispatch for."""
    hospital = getattr(request, "hospital", None)
    teams = Team.objects.for_user(request.user, TEAM_VIEW).filter(closed_on=None)
    teams = teams.filter(hospital=hospital["id"]) if hospital else teams.none()
    return [team for team in teams.order_by("department", "name") if team.department in work_types.departments()]


def shown(request: HttpRequest, teams: list[Team]) -> list[Team]:
    """The team asked for, or those of the department asked for; else one's own team, else the first."""
    asked, department = whole(request.GET.get("team")), request.GET.get("department", "")
    if asked:
        return [team for team in teams if team.pk == asked]
    if department:
        return [team for team in teams if team.department == department]
    mine = working.teams_of(request.user)
    return sorted(teams, key=lambda team: team.pk not in mine)[:1]


urls = [path("desk/day/", day, name="desk_day")]
