"""How the crews of a made-up hospital are arranged: skills, weekly rosters, duties at night, absences, what an hour costs.

Both the demonstration and `manage.py fill` use it. The rows are those the verbs of `people` would have written; they are laid
down at once, a handful of statements a hospital.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q
from django.utils import timezone

from people.domain.duties import usual_times
from people.domain.worked import judge
from people.models import (
    Absence,
    DayChange,
    Duty,
    Pattern,
    PersonSkill,
    ServiceSkill,
    Shift,
    ShiftSkill,
    Skill,
    SkillTerm,
)
from people.states import LAWS, Level, Line, Reason
from tenancy.models import Hospital, Membership, Team
from workorders.models import LabourRate, Service

DAY = timedelta(days=1)
EARLY, LATE, NIGHT = range(3)
SHIFTS: dict[str, tuple[tuple[str, time, time], ...]] = {
    "maintenance": (
        ("早班", time(7, 30), time(16)),
        ("晚班", time(15, 30), time(23, 30)),
        ("夜班", time(23, 30), time(7, 30)),
    ),
    "cleaning": (("早班", time(6, 30), time(14, 30)), ("晚班", time(13), time(21))),
    "catering": (("早班", time(5, 30), time(13, 30)), ("晚班", time(10, 30), time(19))),
    "procurement": (("白班", time(8), time(17)),),
    "security": (("早班", time(8), time(16)), ("中班", time(16), time(0)), ("夜班", time(0), time(8))),
}
NEEDED = {  # service → the skill it cannot be done without
    "maintenance.power": "electrician_low", "maintenance.water": "plumber", "maintenance.climate": "refrigeration",
    "maintenance.lift": "lift", "maintenance.gas": "medical_gas", "maintenance.device": "medical_device",
    "cleaning.waste": "waste", "catering.meal": "food", "security.fire": "fire_control",
}  # fmt: skip
BEYOND = ("electrician_high", "welder", "heights", "network")  # what a few know besides
HEADS = ("主任", "科长", "班长", "组长", "主管", "调度员")
DUTY_BACK, DUTY_AHEAD = 21, 14  # days
ABSENT_BACK, ABSENT_AHEAD = 45, 20  # days
ROSTER_BACK, JUDGED_BACK, HELD_SINCE = 400, 95, 700  # days
RATE, DEAR = Decimal(38), {"maintenance": Decimal(46)}  # yuan an hour in the first year; two more each year

BUSY = """
SELECT actor_id, (at AT TIME ZONE %(zone)s)::date FROM flow_event
WHERE at >= %(since)s AND actor_id IS NOT NULL AND subject IN ('workorders.workorder', 'inspections.round', 'hazards.hazard')
    GROUP BY 1, 2
"""

Busy = Mapping[int, Collection[date]]  # user → the days on which they did something


@dataclass
class Crews:
    """The people of one hospital's teams, and what was arranged for them."""

    hospital: Hospital
    members: list[Membership]
    dice: Random
    today: date
    shifts: dict[int, list[Shift]] = field(default_factory=dict)  # by team
    week: dict[int, dict[int, Shift | None]] = field(default_factory=dict)  # by membership: weekday → shift
    absent: list[Absence] = field(default_factory=list)
    needed: dict[int, list[Skill]] = field(default_factory=dict)  # by team: what the law asks a certificate for

    def teams(self) -> Iterator[tuple[Team, list[Membership]]]:
        found: dict[int, list[Membership]] = {}
        for member in self.members:
            if member.team is not None:
                found.setdefault(member.team.pk, []).append(member)
        for crew in found.values():
            assert crew[0].team is not None
            yield crew[0].team, crew

    def is_absent(self, member: Membership, day: date) -> bool:
        return any(row.member_id == member.pk and row.first_day <= day <= row.last_day for row in self.absent)

    def at_work(self, at: datetime) -> list[str]:
        """Who is there by the roster, as a handover names them: 张伟 (早班)."""
        here, found = timezone.localtime(at), []
        for member in self.members:
            for day in (here.date(), here.date() - DAY):
                shift = self.week.get(member.pk, {}).get(day.weekday())
                if shift and not self.is_absent(member, day) and _runs(shift, day, here):
                    found.append(f"{member.name} ({shift.name})")
        return found


def _runs(shift: Shift, day: date, here: datetime) -> bool:
    begins = datetime.combine(day, shift.starts, here.tzinfo)
    ends = datetime.combine(day + DAY * shift.crosses_midnight, shift.ends, here.tzinfo)
    return begins <= here < ends


def arrange(hospital: Hospital, now: datetime, dice: Random) -> Crews:
    """Skills and rosters of one hospital's people."""
    today = timezone.localdate(now)
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), hospital=hospital, unit=None)
    crews = Crews(hospital, list(here.select_related("team", "user").order_by("pk")), dice, today)
    _skills(crews)
    _rosters(crews)
    return crews


def lately(crews: Crews, busy: Busy) -> None:
    """Absences and duties, once it is known who worked when: nobody is absent on a day on which they did something. Then who
    worked which shift with the certificate it needs."""
    _absences(crews, busy)
    _duties(crews)
    judge(crews.hospital, crews.today - JUDGED_BACK * DAY, crews.today - DAY)


def busy_days(now: datetime) -> Busy:
    """Who did something on which day of late, in the hospitals of the scope."""
    found: dict[int, set[date]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(BUSY, {"zone": settings.TIME_ZONE, "since": now - (ABSENT_BACK + 1) * DAY})
        for user, day in cursor.fetchall():
            found[user].add(day)
    return found


def rates(hospital: Hospital, since: date, today: date) -> None:
    """What an hour of our own people costs, dearer every year; firms are paid by their bills."""
    days = [since, *(date(year, 1, 1) for year in range(since.year + 1, today.year + 1))]
    LabourRate.objects.bulk_create(
        LabourRate(hospital=hospital, department=department, price=price + 2 * number, valid_from=day)
        for department, price in {"": RATE, **DEAR}.items()
        for number, day in enumerate(days)
    )


def _skills(crews: Crews) -> None:
    hospital, dice = crews.hospital, crews.dice
    kinds = {key: Skill(hospital=hospital, key=key) for key in sorted({*NEEDED.values(), *BEYOND})}
    Skill.objects.bulk_create(kinds.values())
    services = {s.key: s for s in Service.objects.filter(hospital=hospital, key__in=NEEDED)}
    ServiceSkill.objects.bulk_create(
        ServiceSkill(hospital=hospital, service_key=key, department=service.department, skill=kinds[NEEDED[key]])
        for key, service in services.items()
    )
    usual: dict[int, set[str]] = {}
    for key, service in services.items():
        usual.setdefault(service.team_id, set()).add(NEEDED[key])
    given = []
    for member in crews.members:
        known = sorted(usual.get(member.team_id or 0, ()))
        if member.team and member.team.department == "maintenance" and dice.random() < 0.3:
            known.append(dice.choice(BEYOND))
        given += [_given(crews, member, kinds[key]) for key in known]
    PersonSkill.objects.bulk_create(given)
    since = crews.today - HELD_SINCE * DAY
    SkillTerm.objects.bulk_create(
        SkillTerm(hospital=hospital, member=one.member, skill=one.skill, valid_from=since, valid_until=one.valid_until)
        for one in given
    )
    crews.needed = {team: [kinds[key] for key in sorted(keys) if key in LAWS] for team, keys in usual.items()}


def _given(crews: Crews, member: Membership, skill: Skill) -> PersonSkill:
    """Most certificates hold for years; a few run out within weeks, one in thirty has run out."""
    chance = crews.dice.random()
    last = -20 if chance < 0.03 else crews.dice.randrange(5, 40) if chance < 0.12 else crews.dice.randrange(200, 1400)
    level = Level.EXPERT if member.is_leader else crews.dice.choice((Level.LEARNER, Level.SKILLED, Level.SKILLED))
    until = crews.today + last * DAY
    return PersonSkill(hospital=crews.hospital, member=member, skill=skill, level=level, valid_until=until)


def _rosters(crews: Crews) -> None:
    patterns, changes = [], []
    for team, people in crews.teams():
        crews.shifts[team.pk] = [
            Shift(hospital=crews.hospital, team=team, name=name, starts=starts, ends=ends)
            for name, starts, ends in SHIFTS.get(team.department, SHIFTS["procurement"])
        ]
        Shift.objects.bulk_create(crews.shifts[team.pk])
        ShiftSkill.objects.bulk_create(
            ShiftSkill(hospital=crews.hospital, shift=shift, skill=skill, first_day=crews.today - ROSTER_BACK * DAY)
            for shift in crews.shifts[team.pk]
            for skill in crews.needed.get(team.pk, ())
        )
        weeks = _week(crews.shifts[team.pk], len(people))
        for member, week in zip(people, weeks, strict=True):
            crews.week[member.pk] = week
            begins = max(member.starts_on, crews.today - ROSTER_BACK * DAY)
            patterns += [
                Pattern(hospital=crews.hospital, member=member, weekday=day, starts_on=begins, shift=shift)
                for day, shift in week.items()
            ]
        member, day = crews.dice.choice(people), crews.today + crews.dice.randrange(1, 7) * DAY
        other = crews.shifts[team.pk][-1] if crews.week[member.pk][day.weekday()] is None else None
        changes.append(DayChange(hospital=crews.hospital, member=member, day=day, shift=other))
    Pattern.objects.bulk_create(patterns)
    DayChange.objects.bulk_create(changes)


def _week(shifts: list[Shift], crew: int) -> list[dict[int, Shift | None]]:
    """Each one's week: five days, the free ones spread; on every day somebody late and, in crews of four and more, at night.

    Who was there at night is free the next day, or late.
    """
    free = [{2 * number % 7, (2 * number + 1) % 7} if crew > 1 else {6} for number in range(crew)]
    weeks: list[dict[int, Shift | None]] = [dict.fromkeys(range(7)) for _ in range(crew)]
    slept = -1
    for day in range(7):
        here = [number for number in range(crew) if day not in free[number]]
        here.sort(key=lambda number: (number - day) % crew)
        night = -1
        if len(shifts) > NIGHT and crew >= 4 and len(here) > 2:
            rested = [number for number in here if number != slept]
            night = next((number for number in rested if (day + 1) % 7 in free[number]), rested[0])
        rest = sorted((number for number in here if number != night), key=lambda number: number != slept)
        for place, number in enumerate(rest):
            weeks[number][day] = shifts[LATE if len(shifts) > LATE and len(rest) > 1 and place == 0 else EARLY]
        if night >= 0:
            weeks[night][day] = shifts[NIGHT]
        slept = night
    return weeks


def _absences(crews: Crews, busy: Busy) -> None:
    dice = crews.dice
    crew = [member for member in crews.members if member.team_id and not member.user.email]  # who signs in is there
    for member in crew:
        if dice.random() < 0.35:
            reason, longest = dice.choice(((Reason.ILL, 4), (Reason.ILL, 2), (Reason.LEAVE, 9), (Reason.TRAINING, 3)))
            for _try in range(4):
                first = crews.today + dice.randrange(-ABSENT_BACK, ABSENT_AHEAD) * DAY
                if _away(crews, member, reason, first, first + dice.randrange(longest) * DAY, busy):
                    break
    for member in dice.sample(crew, len(crew)):  # somebody is ill today
        if crews.is_absent(member, crews.today):
            break
        if _away(crews, member, Reason.ILL, crews.today, crews.today + 2 * DAY, busy):
            break
    Absence.objects.bulk_create(crews.absent)


def _away(crews: Crews, member: Membership, reason: str, first: date, last: date, busy: Busy) -> bool:
    days = [first + n * DAY for n in range((last - first).days + 1)]
    acted = busy.get(member.user_id, ())
    if first < member.starts_on or any(day in acted or crews.is_absent(member, day) for day in days):
        return False
    crews.absent.append(Absence(hospital=crews.hospital, member=member, reason=reason, first_day=first, last_day=last))
    return True


def _duties(crews: Crews) -> None:
    """Each night and free day: the hospital's duty officer, and somebody of every department that has people of its own."""
    heads = [member for member in crews.members if member.contractor_id is None and member.post.endswith(HEADS)]
    lines: list[tuple[dict[str, Any], list[Membership]]] = [({"line": Line.OFFICER}, heads)]
    own: dict[str, list[Membership]] = {}
    for team, people in crews.teams():
        if team.contractor_id is None:
            own.setdefault(team.department, []).extend(people)
    lines += [({"line": Line.FIRST, "department": department}, people) for department, people in sorted(own.items())]
    made = []
    for back in range(-DUTY_BACK, DUTY_AHEAD + 1):
        day = crews.today + back * DAY
        starts, ends = usual_times(day)
        for number, (facts, people) in enumerate(lines):
            if member := _next(crews, people, day, day.toordinal() + number):
                made.append(Duty(hospital=crews.hospital, day=day, starts=starts, ends=ends, member=member, **facts))
    Duty.objects.bulk_create(made)


def _next(crews: Crews, people: Iterable[Membership], day: date, turn: int) -> Membership | None:
    """They take turns; who is absent that night or the morning after is passed over."""
    able = [
        member
        for member in people
        if member.starts_on <= day and not crews.is_absent(member, day) and not crews.is_absent(member, day + DAY)
    ]
    return able[turn % len(able)] if able else None
