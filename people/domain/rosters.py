"""Shifts, the standard week, single days. A roster belongs to its team: history stands with the team."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import permissions as perm
from people import queries
from people.domain._common import lock, need
from people.models import DayChange, Duty, Pattern, Shift
from people.shifts import ShiftTimes, planned
from people.states import WEEK
from tenancy.models import Membership, Place, Team, Unit

EDITABLE = timedelta(days=31)  # how far back a roster may still be put right
AHEAD = timedelta(days=366)
FREE = "—"


@transaction.atomic
def add_shift(actor: Any, team: Team, *, name: str, starts: time, ends: time) -> Shift:
    """Give a team a shift. Raises ValidationError by field."""
    need(actor, perm.ROSTER_CHANGE, team)
    shift = Shift(hospital_id=team.hospital_id, team=team, name=name.strip(), starts=starts, ends=ends)
    shift.full_clean(exclude=["hospital", "team"])
    shift.save()
    flow.record(team, "shift_added", actor, data={"text": words_of(shift)})
    return shift


@transaction.atomic
def edit_shift(actor: Any, shift: Shift, *, name: str, starts: time, ends: time) -> Shift:
    """Rename a shift or move its hours; everybody who works it follows."""
    need(actor, perm.ROSTER_CHANGE, shift)
    before = words_of(shift)
    shift.name, shift.starts, shift.ends = name.strip(), starts, ends
    shift.full_clean(exclude=["hospital", "team"])
    shift.save()
    if before != words_of(shift):
        flow.record(shift.team, "shift_edited", actor, data={"text": f"{before} → {words_of(shift)}"})
    return shift


@transaction.atomic
def end_shift(actor: Any, shift: Shift) -> Shift:
    """Give a shift up from today on. What was worked in it stays."""
    need(actor, perm.ROSTER_CHANGE, shift)
    shift.last_day = timezone.localdate() - timedelta(days=1)
    shift.save(update_fields=["last_day"])
    flow.record(shift.team, "shift_ended", actor, data={"text": words_of(shift)})
    return shift


def words_of(shift: Shift) -> str:
    return f"{shift.name} {shift.starts:%H:%M}–{shift.ends:%H:%M}"


def _of_team(member: Membership, shift: Shift | None) -> Team:
    """The person's team. Raises ValidationError where there is none or the shift is another team's."""
    if member.team is None:
        raise ValidationError(_("This person is in no team."))
    if shift is not None and shift.team_id != member.team_id:
        raise ValidationError(_("This shift belongs to another team."))
    return member.team


def _check_day(day: date) -> None:
    today = timezone.localdate()
    if not today - EDITABLE <= day <= today + AHEAD:
        raise ValidationError(_("A roster can be changed up to a month back and a year ahead."))


@transaction.atomic
def set_standard(
    actor: Any, member: Membership, weekday: int, shift: Shift | None, *, since: date | None = None
) -> None:
    """What somebody works on a weekday from a day on (today unless said otherwise); the days before stay as they were."""
    member, since = lock(member), since or timezone.localdate()
    team = _of_team(member, shift)
    need(actor, perm.ROSTER_CHANGE, team)
    if weekday not in range(WEEK):
        raise ValidationError(_("There is no such weekday."))
    _check_day(since)
    Pattern.objects.update_or_create(
        member=member, weekday=weekday, starts_on=since, defaults={"hospital_id": member.hospital_id, "shift": shift}
    )
    said = {"text": f"{member.name}: {shift or FREE}", "weekday": weekday, "since": str(since)}
    flow.record(team, "standard_week", actor, data=said)


@transaction.atomic
def set_day(actor: Any, member: Membership, day: date, shift: Shift | None) -> None:
    """What somebody works on one day instead of the standard week; no shift: off."""
    member = lock(member)
    team = _of_team(member, shift)
    need(actor, perm.ROSTER_CHANGE, team)
    _check_day(day)
    if _write_day(member, day, shift):
        flow.record(team, "day_changed", actor, data={"text": f"{member.name} {day}: {shift or FREE}"})


def _plan(member: Membership, day: date) -> Any:
    """What is planned for somebody on one day."""
    found = Membership.objects.filter(pk=member.pk).annotate(**queries.plans(day, day)).get()
    return planned(day, queries.lines(found), member.team_id)


def _write_day(member: Membership, day: date, shift: Shift | None) -> bool:
    """Write the day's change, or take it out where the standard week says the same. Answers whether it differs now."""
    plan, wanted = _plan(member, day), shift.pk if shift else None
    if (plan.shift.id if plan.shift else None) == wanted:
        return False
    if (plan.standard.id if plan.standard else None) == wanted:
        DayChange.objects.filter(member=member, day=day, extra=False).delete()
        return True
    facts = {"hospital_id": member.hospital_id, "shift": shift}
    DayChange.objects.update_or_create(member=member, day=day, extra=False, defaults=facts)
    return True


@transaction.atomic
def add_extra(actor: Any, member: Membership, day: date, shift: Shift) -> None:
    """One more shift on top of what is planned that day."""
    member = lock(member)
    team = _of_team(member, shift)
    need(actor, perm.ROSTER_CHANGE, team)
    _check_day(day)
    if _plan(member, day).shift is None:
        _write_day(member, day, shift)
    else:
        facts = {"hospital_id": member.hospital_id}
        DayChange.objects.get_or_create(member=member, day=day, shift=shift, extra=True, defaults=facts)
    flow.record(team, "extra_shift", actor, data={"text": f"{member.name} {day}: +{shift}"})


@transaction.atomic
def remove_extra(actor: Any, member: Membership, day: date, shift: Shift) -> None:
    """Take an extra shift out again."""
    member = lock(member)
    team = _of_team(member, shift)
    need(actor, perm.ROSTER_CHANGE, team)
    if DayChange.objects.filter(member=member, day=day, shift=shift, extra=True).delete()[0]:
        flow.record(team, "extra_removed", actor, data={"text": f"{member.name} {day}: −{shift}"})


@transaction.atomic
def swap(actor: Any, member: Membership, other: Membership, day: date) -> None:
    """Two people of a team change places for a day."""
    first, second = (lock(one) for one in sorted((member, other), key=lambda one: one.pk))
    team = _of_team(first, None)
    need(actor, perm.ROSTER_CHANGE, team)
    _check_day(day)
    if first.pk == second.pk or second.team_id != first.team_id:
        raise ValidationError(_("Please choose somebody else of the same team."))
    plans = [_plan(one, day).shift for one in (first, second)]
    shifts = {s.pk: s for s in Shift.objects.filter(pk__in=[plan.id for plan in plans if plan])}
    one, two = (shifts[plan.id] if plan else None for plan in plans)
    _write_day(first, day, two)
    _write_day(second, day, one)
    flow.record(team, "days_swapped", actor, data={"text": f"{day}: {first.name} ⇄ {second.name}"})


@transaction.atomic
def copy_week(actor: Any, team: Team, monday: date) -> int:
    """Let a week be as the one before: everybody's days, without extra shifts. Answers how many days changed."""
    need(actor, perm.ROSTER_CHANGE, team)
    _check_day(monday)
    before, sunday = monday - timedelta(days=WEEK), monday + timedelta(days=WEEK - 1)
    people = queries.crew(team, monday, sunday)
    list(Membership.objects.select_for_update().filter(pk__in=people.values("pk")).order_by("pk"))
    now = {row.member.pk: row for row in queries.week(people, monday)}
    differ: dict[tuple[int, date], ShiftTimes | None] = {}
    made = []
    for row in queries.week(people, before):
        for n, (was, plan) in enumerate(zip(row.days, now[row.member.pk].days, strict=True)):
            day = monday + timedelta(days=n)
            wanted = was.shift if was.shift and was.shift.counts_on(day) else None
            if plan.shift == wanted:
                continue
            differ[row.member.pk, day] = wanted
            if plan.standard != wanted:
                made.append(_change(team, row.member, day, wanted))
    _replace(differ, made, monday, sunday)
    if differ:
        flow.record(team, "week_copied", actor, data={"text": str(monday), "count": len(differ)})
    return len(differ)


def _change(team: Team, member: Membership, day: date, shift: ShiftTimes | None) -> DayChange:
    return DayChange(hospital_id=team.hospital_id, member=member, day=day, shift_id=shift.id if shift else None)


def _replace(differ: dict[tuple[int, date], Any], made: list[DayChange], first: date, last: date) -> None:
    """Put the new changes in place of those of the days that differ."""
    people = {member for member, _day in differ}
    old = DayChange.objects.filter(member__in=people, day__range=(first, last), extra=False)
    gone = [pk for pk, member, day in old.values_list("pk", "member_id", "day") if (member, day) in differ]
    DayChange.objects.filter(pk__in=gone).delete()
    DayChange.objects.bulk_create(made)


def follow_merge(merged: Place | Unit | Team, into: Place | Unit | Team) -> None:
    """The shifts and coming duties of a merged team go on with the team it went into, as its people do."""
    if isinstance(merged, Team) and isinstance(into, Team):
        Shift.objects.filter(team_id=merged.pk).update(team_id=into.pk)
        taken = Duty.objects.filter(team_id=into.pk).values("day")
        coming = Duty.objects.filter(team_id=merged.pk, day__gte=timezone.localdate())
        coming.exclude(day__in=taken).update(team_id=into.pk, department=into.department)
