"""Which shifts need a certificate, and who worked them with one: judged when the day is over, and kept as it was then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from flow import domain as flow
from people import permissions as perm
from people import queries
from people.domain._common import need, same_hospital
from people.models import PersonSkill, Shift, ShiftSkill, Skill, WorkedShift
from people.shifts import DAY
from tenancy.models import Hospital, Membership

BACK = timedelta(days=31)  # how far back a roster may still be put right
Key = tuple[int, int, date]  # membership, shift, day


@transaction.atomic
def need_certificates(actor: Any, shift: Shift, skills: Iterable[Skill]) -> None:
    """Say which certificates who works this shift needs, from today on. What was asked before stays asked for the days before."""
    need(actor, perm.ROSTER_CHANGE, shift)
    wanted, today = {skill.pk: skill for skill in skills}, timezone.localdate()
    same_hospital("skills", shift, *wanted.values())
    asked = ShiftSkill.objects.select_for_update().filter(shift=shift, last_day=None)
    kept = set(asked.values_list("skill_id", flat=True))
    if kept == wanted.keys():
        return
    asked.exclude(skill__in=wanted).filter(first_day=today).delete()
    asked.exclude(skill__in=wanted).update(last_day=today - DAY)
    for pk in wanted.keys() - kept:
        again = ShiftSkill.objects.filter(shift=shift, skill_id=pk, last_day=today - DAY)
        if not again.update(last_day=None):
            ShiftSkill.objects.create(hospital_id=shift.hospital_id, shift=shift, skill_id=pk, first_day=today)
    said = ", ".join(sorted(str(skill) for skill in wanted.values())) or "—"
    flow.record(shift.team, "certificates_needed", actor, data={"text": f"{shift}: {said}"})


@transaction.atomic
def judge(hospital: Hospital, first: date, last: date) -> int:
    """Write down who worked which shift that needs a certificate on these days, both included, and whether with one.

    A shift that was judged keeps its judgement; one that the corrected roster no longer says goes. Answers how many are new.
    """
    asked: dict[int, list[ShiftSkill]] = defaultdict(list)
    within = Q(last_day=None) | Q(last_day__gte=first)
    for row in ShiftSkill.objects.filter(within, hospital=hospital, first_day__lte=last).select_related(
        "skill", "shift"
    ):
        asked[row.shift_id].append(row)
    there = Q(ends_on=None) | Q(ends_on__gte=first)
    teams = {row.shift.team_id for rows in asked.values() for row in rows}
    members = Membership.objects.filter(there, hospital=hospital, team__in=teams, starts_on__lte=last).select_related(
        "team"
    )
    held = _held(members)
    worked: dict[Key, WorkedShift] = {}
    for row in queries.week(members, first, (last - first).days + 1):
        for one in _of_person(row, first, asked, held[row.member.pk]):
            worked[one.member_id, one.shift_id, one.worked_on] = one
    teams_now = dict(members.values_list("pk", "team_id"))
    known, gone = set(), []
    kept = WorkedShift.objects.filter(hospital=hospital, worked_on__range=(first, last))
    for pk, team, *key in kept.values_list("pk", "team_id", "member_id", "shift_id", "worked_on"):
        known.add(tuple(key))
        if (
            tuple(key) not in worked and teams_now.get(key[0]) == team
        ):  # who changed teams has worked there all the same
            gone.append(pk)
    WorkedShift.objects.filter(pk__in=gone).delete()
    new = [one for key, one in sorted(worked.items()) if key not in known]
    WorkedShift.objects.bulk_create(new)
    return len(new)


def _held(members: Any) -> dict[int, dict[int, date]]:
    """membership → skill → the last day of its certificate."""
    found: dict[int, dict[int, date]] = defaultdict(dict)
    rows = PersonSkill.objects.filter(member__in=members).values_list("member_id", "skill_id", "valid_until")
    for member, skill, until in rows:
        found[member][skill] = until or date.max
    return found


def _of_person(
    row: queries.Row, first: date, asked: dict[int, list[ShiftSkill]], held: dict[int, date]
) -> Iterable[WorkedShift]:
    """The shifts of one person that needed a certificate. Who is absent, not yet here or gone works none."""
    member: Any = row.member
    for number, (plan, absence) in enumerate(zip(row.days, row.absences, strict=True)):
        day = first + number * DAY
        if absence or day < member.starts_on or (member.ends_on and day > member.ends_on):
            continue
        for shift in plan.all:
            needs = [need for need in asked.get(shift.id, ()) if need.first_day <= day <= (need.last_day or date.max)]
            if needs:
                lacks = [str(need.skill) for need in needs if held.get(need.skill_id, date.min) < day]
                yield WorkedShift(
                    hospital_id=member.hospital_id, member=member, person_id=member.user_id, shift_id=shift.id, worked_on=day,
                    team_id=member.team_id, department=member.team.department, contractor_id=member.contractor_id,
                    certified=not lacks, lacks="、".join(sorted(lacks))[:200],
                )  # fmt: skip


def judge_lately(hospital: Hospital, today: date) -> int:
    """Every day that is over and whose roster may still be put right."""
    return judge(hospital, today - BACK, today - DAY)
