"""On-call duty of teams and departments, and the hospital's duty officer, night by night."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import permissions as perm
from people.domain._common import need, same_hospital
from people.models import Duty
from people.states import NIGHT, WHOLE_DAY
from tenancy.models import Hospital, Membership, Team

SATURDAY = 5
NOBODY = "—"


def usual_times(day: date) -> tuple[time, time]:
    """After work until the morning; Saturdays and Sundays round the clock."""
    return WHOLE_DAY if day.weekday() >= SATURDAY else NIGHT


@transaction.atomic
def set_duty(
    actor: Any,
    hospital: Hospital,
    *,
    day: date,
    line: str,
    member: Membership | None,
    department: str = "",
    team: Team | None = None,
    starts: time | None = None,
    ends: time | None = None,
) -> Duty | None:
    """Enter who is called in the night of a day, in place of whoever was entered; nobody: the entry is taken out.

    Raises PermissionDenied, or ValidationError by field.
    """
    usual = usual_times(day)
    duty = Duty(
        hospital=hospital, day=day, line=line, department=team.department if team else department, team=team,
        starts=starts or usual[0], ends=ends or usual[1],
    )  # fmt: skip
    need(actor, perm.ROSTER_CHANGE, duty)
    same_hospital("team", duty, team)
    where = {"hospital": hospital, "day": day, "line": line, "department": duty.department, "team": team}
    Hospital.objects.select_for_update().get(pk=hospital.pk)
    before = Duty.objects.filter(**where).select_related("member").first()
    if before:
        before.delete()
    if member is not None:
        _check(duty, member)
        duty.save()
    names = (before.member.name if before else NOBODY, member.name if member else NOBODY)
    said = {"text": f"{day} {team or department}: {names[0]} → {names[1]}", "line": line}
    flow.note(hospital.pk, team or hospital, "duty_set", actor, said)
    return duty if member else None


def _check(duty: Duty, member: Membership) -> None:
    same_hospital("member", duty, member)
    if member.starts_on > duty.day or (member.ends_on and member.ends_on < duty.day):
        raise ValidationError({"member": _("This person does not work here on that day.")})
    if duty.team_id and member.team_id != duty.team_id:
        raise ValidationError({"member": _("This person is not in the team.")})
    if member.absences.filter(withdrawn=False, first_day__lte=duty.day, last_day__gte=duty.day).exists():
        raise ValidationError({"member": _("%(name)s is absent on that day.") % {"name": member.name}})
    duty.member = member
    duty.full_clean(exclude=["hospital", "team", "member"], validate_constraints=False)
