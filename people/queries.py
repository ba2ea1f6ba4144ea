"""Who is there, who may be called, who can do it. What the desk, dispatching and escalation ask.

A team without a roster is "unknown": everybody in it counts as on duty, so a small hospital needs no roster. Who has left,
or is absent on that calendar day or on the day the shift began, is never on duty and never called.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, DateField, Exists, F, OuterRef, Prefetch, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject

from people import permissions as perm
from people import shifts
from people.models import Absence, DayChange, Duty, Pattern, PersonSkill, ServiceSkill, ShiftSkill, Skill
from people.shifts import DAY, Line, Planned, ShiftTimes
from people.states import WEEK, WEEKDAYS, Reason
from people.states import Line as OnCallLine
from tenancy.access import hospitals_with
from tenancy.models import Hospital, Membership, Team

ON, OFF, UNKNOWN = "on", "off", "unknown"


@dataclass(frozen=True)
class Standing:
    """How somebody stands at one moment: on duty by the roster, on call, absent, with which valid skills."""

    user_id: int
    member_id: int
    name: str
    phone: str
    team_id: int | None
    roster: str  # ON, OFF, or UNKNOWN where the team has no roster
    shift: str  # the name of the shift that is going on
    until: datetime | None  # when it ends
    on_call: str  # FIRST, SECOND or "officer" while such a duty is going on
    absent: str  # the reason, while absent
    skills: frozenset[str]  # keys, valid that day

    @property
    def on_duty(self) -> bool:
        return self.roster != OFF and not self.absent


@dataclass(frozen=True)
class Contact:
    """Somebody who may be called now."""

    user_id: int
    name: str
    phone: str
    line: str
    until: datetime


def working(hospital: Hospital | int, day: date) -> QuerySet[Membership]:
    """Who belongs to the hospital on this day. A leaver does until the last day."""
    there = Q(ends_on=None) | Q(ends_on__gte=day)
    return Membership.objects.filter(there, hospital=hospital, starts_on__lte=day, user__is_active=True)


def rostered(day: date, team: str = "team_id") -> Q:
    """Does the team have a roster? A shift still in use in somebody's standard week, or in the days around."""
    in_use = Q(shift__last_day=None) | Q(shift__last_day__gte=day)
    of_team = {"shift__team_id": OuterRef(team)}
    around = (day - timedelta(days=WEEK), day + timedelta(days=WEEK))
    return Q(Exists(Pattern.objects.filter(in_use, starts_on__lte=day, **of_team))) | Q(
        Exists(DayChange.objects.filter(in_use, day__range=around, **of_team))
    )


_SHIFT = {
    "shift": "shift_id",
    "team": "shift__team_id",
    "name": "shift__name",
    "starts": "shift__starts",
    "ends": "shift__ends",
    "last_day": "shift__last_day",
}


def plans(first: date, last: date) -> dict[str, ArraySubquery]:
    """For a query of memberships: the lines of the standard week and the changes that decide the days first … last."""
    mine = {"member": OuterRef("pk")}
    weekdays = {(first + timedelta(days=n)).weekday() for n in range(min(WEEK, (last - first).days + 1))}
    weekly = Pattern.objects.filter(weekday__in=sorted(weekdays), starts_on__lte=last, **mine)
    daily = DayChange.objects.filter(day__range=(first, last), **mine).order_by("shift__starts", "pk")
    return {
        "weekly": ArraySubquery(weekly.values_list(JSONObject(weekday="weekday", since="starts_on", **_SHIFT))),
        "daily": ArraySubquery(daily.values_list(JSONObject(day="day", extra="extra", **_SHIFT))),
    }


def lines(member: Any) -> list[Line]:
    """What `plans` brought along with a membership."""

    def shift(row: dict[str, Any]) -> ShiftTimes | None:
        return ShiftTimes.read(row) if row["shift"] else None

    weekly = [Line(shift(r), weekday=r["weekday"], since=date.fromisoformat(r["since"])) for r in member.weekly]
    return weekly + [Line(shift(r), day=date.fromisoformat(r["day"]), extra=r["extra"]) for r in member.daily]


def away(first: date, last: date) -> ArraySubquery:
    """For a query of memberships: the absences that touch the days first … last."""
    found = Absence.objects.filter(member=OuterRef("pk"), withdrawn=False, first_day__lte=last, last_day__gte=first)
    facts = JSONObject(id="pk", reason="reason", first="first_day", last="last_day")
    return ArraySubquery(found.order_by("first_day", "pk").values_list(facts))


def absence_on(member: Any, day: date) -> dict[str, Any] | None:
    """The absence of a day, of those `away` brought along: id, reason, first, last."""
    text = day.isoformat()
    return next((row for row in member.away if row["first"] <= text <= row["last"]), None)


def _asked(members: QuerySet[Membership], at: datetime) -> QuerySet[Membership]:
    """Everything `standing` needs, in one statement."""
    day = shifts.local_day(at)
    valid = Q(valid_until=None) | Q(valid_until__gte=day)
    skills = PersonSkill.objects.filter(valid, member=OuterRef("pk"), skill__active=True)
    called = Duty.objects.filter(member=OuterRef("pk"), day__range=(day - DAY, day)).order_by("line", "pk")
    return members.annotate(
        rostered=Case(When(rostered(day), then=Value(True)), default=Value(False)),
        away=away(day - DAY, day),
        skill_keys=ArraySubquery(skills.values_list("skill__key")),
        called=ArraySubquery(called.values_list(JSONObject(line="line", day="day", starts="starts", ends="ends"))),
        **plans(day - DAY, day),
    ).order_by("pk")


def _standing(member: Any, at: datetime) -> Standing:
    today = shifts.local_day(at)
    absent = absence_on(member, today)
    shift, until = _at_work(member, at)
    roster = UNKNOWN if member.team_id is None or not member.rostered else ON if shift else OFF
    return Standing(
        user_id=member.user_id,
        member_id=member.pk,
        name=member.name,
        phone=member.phone,
        team_id=member.team_id,
        roster=roster,
        shift=shift,
        until=until,
        on_call="" if absent else _called(member, at),
        absent=absent["reason"] if absent else "",
        skills=frozenset(member.skill_keys),
    )


def _at_work(member: Any, at: datetime) -> tuple[str, datetime | None]:
    """The shift that is going on, today's or one that began yesterday."""
    today, found = shifts.local_day(at), lines(member)
    for day in (today, today - DAY):
        if absence_on(member, day):
            continue
        for shift in shifts.planned(day, found, member.team_id).all:
            if until := shifts.running(at, day, shift.starts, shift.ends):
                return shift.name, until
    return "", None


def _called(member: Any, at: datetime) -> str:
    for row in member.called:
        times = {"starts": time.fromisoformat(row["starts"]), "ends": time.fromisoformat(row["ends"])}
        day = date.fromisoformat(row["day"])
        if shifts.running(at, day, **times) and not absence_on(member, day):
            return str(row["line"])
    return ""


def standing(hospital: Hospital | int, user_ids: Iterable[int], at: datetime) -> dict[int, Standing]:
    """How each of these people stands at this moment, in one statement. Who does not work here is not in the answer."""
    here = working(hospital, shifts.local_day(at)).filter(user_id__in=set(user_ids))
    return {member.user_id: _standing(member, at) for member in _asked(here, at)}


def standing_of_teams(teams: Iterable[int], at: datetime) -> list[Standing]:
    """How everybody of these teams stands at this moment, by name, in one statement."""
    day = shifts.local_day(at)
    there = Q(ends_on=None) | Q(ends_on__gte=day)
    crew = Membership.objects.filter(there, team__in=list(teams), starts_on__lte=day, user__is_active=True)
    return sorted((_standing(member, at) for member in _asked(crew, at)), key=lambda one: (one.name, one.user_id))


def on_duty(hospital: Hospital | int, at: datetime, team: Team | int | None = None) -> list[Standing]:
    """Who is on duty at this moment, by name; of a team, or of all teams."""
    here = working(hospital, shifts.local_day(at)).filter(**{"team": team} if team else {"team__isnull": False})
    found = [_standing(member, at) for member in _asked(here, at)]
    return sorted((one for one in found if one.on_duty), key=lambda one: (one.name, one.user_id))


def _duties(hospital: Hospital | int, at: datetime) -> QuerySet[Duty]:
    """Duties that may be going on, of people who still work here and are not absent."""
    day = shifts.local_day(at)
    gone = Q(member__ends_on__lt=day) | Q(member__user__is_active=False)
    that_day: Case = Case(When(day=day, then=Value(day)), default=Value(day - DAY), output_field=DateField())
    off = Absence.objects.filter(
        Q(first_day__lte=day, last_day__gte=day)
        | Q(first_day__lte=OuterRef("that_day"), last_day__gte=OuterRef("that_day")),
        member=OuterRef("member"),
        withdrawn=False,
    )
    rows = Duty.objects.filter(hospital=hospital, day__range=(day - DAY, day)).exclude(gone).annotate(that_day=that_day)
    found: QuerySet[Duty] = rows.filter(~Exists(off)).select_related("member")
    return found.order_by("line", "-day", "pk")


def _contacts(rows: Iterable[Duty], at: datetime) -> list[Contact]:
    return [
        Contact(duty.member.user_id, duty.member.name, duty.member.phone, duty.line, until)
        for duty in rows
        if (until := shifts.running(at, duty.day, duty.starts, duty.ends))
    ]


def on_call(
    hospital: Hospital | int, at: datetime, *, team: Team | int | None = None, department: str = ""
) -> list[Contact]:
    """Who is called at this moment, the first line first. A team without on-call duty has its department's; a department
    without one of its own has those of its teams. Empty: nobody is on call now."""
    rows = _duties(hospital, at).exclude(line=OnCallLine.OFFICER)
    if team is not None:
        pk = team if isinstance(team, int) else team.pk
        of_team = Team.objects.filter(pk=pk).values("department")
        found = list(rows.filter(Q(team=pk) | Q(team=None, department__in=of_team)))
        own = _contacts((duty for duty in found if duty.team_id == pk), at)
        return own or _contacts((duty for duty in found if duty.team_id is None), at)
    found = list(rows.filter(department=department) if department else rows)
    own = _contacts((duty for duty in found if duty.team_id is None), at)
    return own or _contacts(found, at)


def called(hospital: Hospital | int, at: datetime, department: str = "") -> list[Contact]:
    """Everybody who may be called at this moment, of one department or of all, and the duty officer, in one statement."""
    rows = _duties(hospital, at)
    rows = rows.filter(Q(department=department) | Q(line=OnCallLine.OFFICER)) if department else rows
    return _contacts(rows, at)


def duty_officer(hospital: Hospital | int, at: datetime) -> Contact | None:
    """The hospital's duty officer (总值班) at this moment; None by day, and where nobody was entered."""
    return next(iter(_contacts(_duties(hospital, at).filter(line=OnCallLine.OFFICER), at)), None)


def absent(hospital: Hospital | int, day: date) -> dict[int, str]:
    """Who of the hospital's people is away on a day: user id → reason."""
    rows = Absence.objects.filter(member__in=working(hospital, day), hospital=hospital, withdrawn=False)
    there = rows.filter(first_day__lte=day, last_day__gte=day).order_by("pk")
    return dict(there.values_list("member__user_id", "reason"))


def skilled(hospital: Hospital | int, keys: Iterable[str], day: date) -> set[int]:
    """Ids of the people who have every one of these skills, valid on that day. No skill asked: everybody."""
    needed, people = set(keys), working(hospital, day)
    if not needed:
        return set(people.values_list("user_id", flat=True))
    valid = Q(valid_until=None) | Q(valid_until__gte=day)
    rows = PersonSkill.objects.filter(valid, member__in=people, skill__key__in=needed, skill__active=True)
    have: dict[int, set[str]] = {}
    for user_id, key in rows.values_list("member__user_id", "skill__key"):
        have.setdefault(user_id, set()).add(key)
    return {user_id for user_id, keys in have.items() if keys == needed}


def skills_of_services(hospital: Hospital | int) -> dict[str, dict[str, str]]:
    """Service key → the skills it needs, key → name; services that need none are not in it."""
    rows = ServiceSkill.objects.filter(hospital=hospital, skill__active=True)
    found: dict[str, dict[str, str]] = {}
    for row in rows.select_related("skill").order_by("skill__key"):
        found.setdefault(row.service_key, {})[row.skill.key] = str(row.skill)
    return found


def skills_of_service(hospital: Hospital | int, service: str) -> dict[str, str]:
    """The skills that who does this service must have: key → name."""
    rows = ServiceSkill.objects.filter(hospital=hospital, service_key=service, skill__active=True)
    return {row.skill.key: str(row.skill) for row in rows.select_related("skill").order_by("skill__key")}


def certificates_of(shifts: Iterable[int]) -> dict[int, list[str]]:
    """Shift → the certificates who works it needs now, by name."""
    found: dict[int, list[str]] = {}
    rows = ShiftSkill.objects.filter(shift__in=list(shifts), last_day=None, skill__active=True)
    for row in rows.select_related("skill").order_by("skill__key"):
        found.setdefault(row.shift_id, []).append(str(row.skill))
    return found


@dataclass(frozen=True)
class Row:
    """One person's week: the membership, what each day holds, and the absence of each day."""

    member: Membership
    days: tuple[Planned, ...]
    absences: tuple[dict[str, Any] | None, ...]


def week(members: QuerySet[Membership], first: date, length: int = WEEK) -> list[Row]:
    """The seven days (or more) from `first` on for each of these people, in one statement."""
    days = [first + timedelta(days=n) for n in range(length)]
    asked = members.annotate(away=away(first, days[-1]), **plans(first, days[-1]))
    rows = []
    for member in asked:
        found = lines(member)
        cells = tuple(shifts.planned(day, found, member.team_id) for day in days)
        rows.append(Row(member, cells, tuple(absence_on(member, day) for day in days)))
    return rows


def crew(team: Team, first: date, last: date) -> QuerySet[Membership]:
    """Who is in the team in these days, the leader first."""
    there = Q(ends_on=None) | Q(ends_on__gte=first)
    found = Membership.objects.filter(there, team=team, starts_on__lte=last, user__is_active=True)
    return found.order_by(F("is_leader").desc(), "staff_number", "pk")


def teams(user: Any, permission: str = perm.ROSTER_VIEW) -> QuerySet[Team]:
    """The teams whose roster this person may see (or change), by department and name."""
    found: QuerySet[Team] = Team.objects.for_user(user, permission).filter(closed_on=None)
    return found.order_by("hospital_id", "department", "name")


def absences(user: Any) -> QuerySet[Absence]:
    """The absences this person may see, with their reasons."""
    found: QuerySet[Absence] = Absence.objects.for_user(user, perm.ABSENCE_VIEW).select_related("member__team")
    return found


def people_of(found: QuerySet[Team], day: date, *, skills: bool = False) -> QuerySet[Membership]:
    """Who is in these teams on a day, team by team, with today's absence; with `skills` also what each masters."""
    there = Q(ends_on=None) | Q(ends_on__gte=day)
    people: QuerySet[Membership] = Membership.objects.filter(
        there, team__in=found, starts_on__lte=day, user__is_active=True
    )
    people = people.select_related("team").annotate(away=away(day, day))
    if skills:
        mastered = PersonSkill.objects.filter(skill__active=True).select_related("skill").order_by("skill__key")
        people = people.prefetch_related(Prefetch("skills", mastered))
    return people.order_by("team__department", "team__name", "team", F("is_leader").desc(), "name", "pk")


def skills(user: Any, hospital: Hospital | int) -> list[Skill]:
    """The hospital's list of skills in use, by name, for those who may see anybody's skills there."""
    pk = hospital if isinstance(hospital, int) else hospital.pk
    if pk not in hospitals_with(user, perm.SKILL_VIEW):
        return []
    return sorted(Skill.objects.filter(hospital=pk, active=True), key=str)


@dataclass(frozen=True)
class MyDay:
    """One day of my own week: shifts, on-call duties, the reason of an absence."""

    day: date
    shifts: tuple[ShiftTimes, ...]
    duties: tuple[Duty, ...]
    away: str

    @property
    def weekday(self) -> Any:
        return WEEKDAYS[self.day.weekday()]

    @property
    def why(self) -> str:
        return str(Reason(self.away).label) if self.away else ""


def my_weeks(user: Any, first: date, length: int = 2 * WEEK) -> list[tuple[Membership, list[MyDay]]]:
    """The coming days at every hospital where somebody works, in two statements."""
    there = Q(ends_on=None) | Q(ends_on__gte=first)
    mine = Membership.objects.filter(there, user=user, starts_on__lte=first).select_related("hospital", "team")
    last = first + timedelta(days=length - 1)
    called: dict[tuple[int, date], list[Duty]] = {}
    for duty in Duty.objects.filter(member__user=user, day__range=(first, last)).select_related("team"):
        called.setdefault((duty.member_id, duty.day), []).append(duty)
    found = []
    for row in week(mine.order_by("hospital_id", "pk"), first, length):
        days = []
        for n, (plan, absence) in enumerate(zip(row.days, row.absences, strict=True)):
            day = first + timedelta(days=n)
            duties = tuple(called.get((row.member.pk, day), ()))
            days.append(MyDay(day, plan.all, duties, absence["reason"] if absence else ""))
        found.append((row.member, days))
    return found
