"""Which shifts need a certificate, and who worked them with one: judged when the day is over, and anew when certificates or
rosters are put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import override

from flow import domain as flow
from people import permissions as perm
from people import queries
from people.domain._common import need, same_hospital
from people.models import Shift, ShiftSkill, Skill, SkillTerm, WorkedShift
from people.shifts import DAY
from tenancy.models import Hospital, Membership

BACK = timedelta(days=62)  # how far back a roster may still be put right: every day of a month that is not closed
Key = tuple[int, int, date]  # membership, shift, day
Terms = dict[tuple[int, int], list[tuple[date, date]]]  # membership and skill → first and last days of its certificates
Asked = dict[int, list[ShiftSkill]]  # shift → what it needs, or needed


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

    Shifts that were judged before are judged anew; what the corrected roster no longer says goes. Answers how many are new.
    """
    within = Q(last_day=None) | Q(last_day__gte=first)
    asked = _asked(ShiftSkill.objects.filter(within, hospital=hospital, first_day__lte=last))
    there = Q(ends_on=None) | Q(ends_on__gte=first)
    teams = {row.shift.team_id for rows in asked.values() for row in rows}
    members = Membership.objects.filter(there, hospital=hospital, team__in=teams, starts_on__lte=last).select_related(
        "team"
    )
    held = _held(SkillTerm.objects.filter(member__in=members))
    worked: dict[Key, WorkedShift] = {}
    for row in queries.week(members, first, (last - first).days + 1):
        for one in _of_person(row, first, asked, held):
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
    _anew(kept, asked)
    WorkedShift.objects.bulk_create(new)
    return len(new)


@transaction.atomic
def judge_anew(member: Membership) -> int:
    """Look again at everything somebody worked that needs a certificate, once theirs have been put right. Answers how many
    judgements are others now."""
    rows = WorkedShift.objects.filter(member=member)
    return _anew(rows, _asked(ShiftSkill.objects.filter(shift__in=rows.values("shift"))))


def _anew(rows: QuerySet[WorkedShift], asked: Asked) -> int:
    """Write down what is another now, and only that: every change has the day counted anew."""
    held, others = _held(SkillTerm.objects.filter(member__in=rows.values("member"))), []
    for row in rows.order_by("pk"):
        needs = _needs(asked, row.shift_id, row.worked_on)
        lacks = _lacking(needs, row.member_id, row.worked_on, held)
        if needs and (row.certified, row.lacks) != (not lacks, lacks):
            row.certified, row.lacks = not lacks, lacks
            others.append(row)
    WorkedShift.objects.bulk_update(others, ["certified", "lacks"], batch_size=1000)
    return len(others)


def _asked(rows: QuerySet[ShiftSkill]) -> Asked:
    found: Asked = defaultdict(list)
    for row in rows.select_related("skill", "shift"):
        found[row.shift_id].append(row)
    return found


def _needs(asked: Asked, shift: int, day: date) -> list[ShiftSkill]:
    return [need for need in asked.get(shift, ()) if need.first_day <= day <= (need.last_day or date.max)]


def _lacking(needs: Iterable[ShiftSkill], member: int, day: date, held: Terms) -> str:
    """The needed certificates of which none was valid that day."""
    lacking = [
        need.skill
        for need in needs
        if not any(first <= day <= last for first, last in held.get((member, need.skill_id), ()))
    ]
    with override(settings.LANGUAGE_CODE):  # whoever has it judged, the same is written down
        return "、".join(sorted(map(str, lacking)))[:200]


def _held(rows: QuerySet[SkillTerm]) -> Terms:
    found: Terms = defaultdict(list)
    for member, skill, first, last in rows.values_list("member_id", "skill_id", "valid_from", "valid_until"):
        found[member, skill].append((first, last or date.max))
    return found


def _of_person(row: queries.Row, first: date, asked: Asked, held: Terms) -> Iterable[WorkedShift]:
    """The shifts of one person that needed a certificate. Who is absent, not yet here or gone works none."""
    member: Any = row.member
    for number, (plan, absence) in enumerate(zip(row.days, row.absences, strict=True)):
        day = first + number * DAY
        if absence or day < member.starts_on or (member.ends_on and day > member.ends_on):
            continue
        for shift in plan.all:
            if needs := _needs(asked, shift.id, day):
                lacks = _lacking(needs, member.pk, day, held)
                yield WorkedShift(
                    hospital_id=member.hospital_id, member=member, person_id=member.user_id, shift_id=shift.id, worked_on=day,
                    team_id=member.team_id, department=member.team.department, contractor_id=member.contractor_id,
                    certified=not lacks, lacks=lacks,
                )  # fmt: skip


def judge_lately(hospital: Hospital, today: date) -> int:
    """Every day that is over and whose roster may still be put right."""
    return judge(hospital, today - BACK, today - DAY)
