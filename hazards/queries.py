"""Reads of the register that are shared."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import User
from flow.chains import Days
from flow.climbing import days_at
from hazards import permissions as perm
from hazards.models import Hazard
from hazards.states import ASSIGNED, DEADLINE, HEAD, MANAGER, OPEN, RECTIFIED
from tenancy import access
from tenancy.holders import by_name, holders
from tenancy.models import Membership, Team

TO_RECTIFY = (OPEN, ASSIGNED)


def overdue(day: date | None = None) -> Q:
    """Not rectified, and its last day is over."""
    return Q(state__in=TO_RECTIFY, due_on__lt=day or timezone.localdate())


def mine(user: Any) -> Q:
    """What this person has to rectify."""
    return Q(state=ASSIGNED, responsible_id=user.pk)


def to_verify(user: Any) -> Q:
    """What this person may verify: rectified by somebody else."""
    may = access.where(user, perm.HAZARD_VERIFY, Hazard)
    return Q(may, state=RECTIFIED) & ~Q(rectified_by_id=user.pk)


def may_see(user: Any, pk: int) -> bool:
    """Photos of a hazard are for those who see the hazard."""
    return bool(Hazard.objects.for_user(user, perm.HAZARD_VIEW).filter(pk=pk).exists())


def last_day(hospital_id: int, grade: str, found_on: date) -> date:
    """Until when a hazard of this grade is to be rectified at the hospital."""
    ((_what, days),) = days_at(hospital_id, DEADLINE)[grade]
    return found_on + timedelta(days=days)


def to_escalate(hospital_id: int, today: date, chains: Days) -> QuerySet[Hazard]:
    """Overdue hazards of which a further level has to hear by now."""
    due = Q(pk__in=[])
    for grade, chain in chains.items():
        for level, (_who, after) in enumerate(chain):
            due |= Q(grade=grade, level=level, due_on__lte=today - timedelta(days=after))
    return Hazard.objects.filter(due, hospital_id=hospital_id, state__in=TO_RECTIFY).order_by("due_on", "id")


def crews(hazard: Hazard) -> list[tuple[Team, list[Membership]]]:
    """The teams of the department at the hospital, each with its people of today."""
    today = timezone.localdate()
    teams = list(Team.objects.filter(hospital=hazard.hospital_id, department=hazard.department, closed_on=None))
    at_work = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), team__in=teams, starts_on__lte=today)
    people = list(at_work.filter(user__is_active=True).select_related("user").order_by("name"))
    return [(team, [one for one in people if one.team_id == team.pk]) for team in sorted(teams, key=lambda t: t.name)]


def leaders(hazard: Hazard) -> list[User]:
    """Who leads the team that answers for it."""
    today = timezone.localdate()
    at_work = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), team=hazard.team_id, is_leader=True)
    return by_name(member.user for member in at_work.select_related("user")) if hazard.team_id else []


def of_role(role: str, hazard: Hazard) -> list[User]:
    """Who holds a role for this hazard."""
    team = hazard.team
    return by_name(
        holders(
            role, hazard.hospital, department=hazard.department, place=hazard.place, unit=hazard.unit_id,
            team=hazard.team_id, contractor=team.contractor_id if team else None,
        )
    )  # fmt: skip


def steering(hazard: Hazard) -> list[User]:
    """Head of the department and logistics manager."""
    return by_name([*of_role(HEAD, hazard), *of_role(MANAGER, hazard)])


def at_work(hospital_id: int, people: Iterable[int | None]) -> set[int]:
    """Those of these people who still work at the hospital."""
    today = timezone.localdate()
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), hospital_id=hospital_id)
    wanted = {person for person in people if person}
    return (
        set(here.filter(user__in=wanted, user__is_active=True).values_list("user_id", flat=True)) if wanted else set()
    )
