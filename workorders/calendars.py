"""A hospital's time: its working week, the days that differ, reminders and the chain of escalation.

Public holidays and make-up working days come from a library into the hospital's own table, this year's and the next. What
the hospital has edited stays, whatever is shipped later; days of a year that were only estimated follow the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

import holidays
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from tenancy.access import can
from tenancy.models import Hospital
from workorders import permissions as perm
from workorders import sla
from workorders.models import CalendarDay, EscalationStep, LimitRules
from workorders.states import (
    CALENDAR_DAYS,
    CLOCKS,
    COMPLETE,
    CRITICAL,
    DUTY,
    HEAD,
    HOLIDAY,
    LEADER,
    LEVELS,
    MAKE_UP,
    MANAGER,
    NORMAL,
    OFFICE,
    RESPOND,
    URGENCIES,
    URGENT,
    WAITING_REASONS,
)

changed = Signal()  # hospital=; days or hours are others from now on; inside the transaction
MAKE_UP_NAME = "调休上班"  # written down in the hospital's language, like the names of the holidays
HOUR, DAY = 60, 24 * 60
MOST_AFTER = 90 * DAY  # minutes
USUAL_CHAIN: dict[tuple[str, str], dict[str, int]] = {  # (clock, urgency) → level → minutes past the limit
    (RESPOND, NORMAL): {LEADER: 0, HEAD: 4 * HOUR, MANAGER: DAY},
    (RESPOND, URGENT): {LEADER: 0, HEAD: 30, MANAGER: 2 * HOUR},
    (RESPOND, CRITICAL): {LEADER: 0, DUTY: 0, HEAD: 10, MANAGER: 20, OFFICE: HOUR},
    (COMPLETE, NORMAL): {LEADER: 0, HEAD: DAY, MANAGER: 3 * DAY, OFFICE: 7 * DAY},
    (COMPLETE, URGENT): {LEADER: 0, HEAD: 2 * HOUR, MANAGER: 8 * HOUR, OFFICE: 2 * DAY},
    (COMPLETE, CRITICAL): {LEADER: 0, DUTY: 0, HEAD: 30, MANAGER: HOUR, OFFICE: 4 * HOUR},
}


@transaction.atomic
def install(hospital: Hospital, today: date) -> None:
    """What a hospital starts with: the usual week, the public holidays, the usual chain. What is there stays."""
    LimitRules.objects.bulk_create([LimitRules(hospital=hospital)], ignore_conflicts=True)
    if not EscalationStep.objects.filter(hospital=hospital).exists():
        EscalationStep.objects.bulk_create(
            EscalationStep(hospital=hospital, clock=clock, urgency=urgency, level=level, after=after)
            for (clock, urgency), levels in USUAL_CHAIN.items()
            for level, after in levels.items()
        )
    seed(hospital, today)


@cache
def public_days(year: int) -> dict[date, tuple[str, str]]:
    """The public holidays and make-up working days of mainland China in a year: day → (kind, name)."""
    china = holidays.country_holidays("CN", years=year, language="zh_CN")
    days = {day: (HOLIDAY, name) for day, name in china.items() if day.year == year}
    made_up = {day for day in china.weekend_workdays if day.year == year}
    return {**days, **dict.fromkeys(made_up, (MAKE_UP, MAKE_UP_NAME))}


@transaction.atomic
def seed(hospital: Hospital, today: date) -> int:
    """Enter the public days of this year and the next. Running it again changes nothing; answers how many were written."""
    shipped = {**public_days(today.year), **public_days(today.year + 1)}
    span = (date(today.year, 1, 1), date(today.year + 1, 12, 31))
    there = {row.day: row for row in CalendarDay.objects.filter(hospital=hospital, day__range=span)}
    gone = [row.pk for day, row in there.items() if not row.edited and day not in shipped]
    if gone:
        CalendarDay.objects.filter(pk__in=gone, edited=False).delete()
    fresh = [
        CalendarDay(hospital=hospital, day=day, kind=kind, name=name[:60])
        for day, (kind, name) in sorted(shipped.items())
        if day not in there
    ]
    CalendarDay.objects.bulk_create(fresh, ignore_conflicts=True)
    moved = 0
    for day, (kind, name) in shipped.items():
        row = there.get(day)
        if row is not None and not row.edited and (row.kind, row.name) != (kind, name[:60]):
            moved += CalendarDay.objects.filter(pk=row.pk, edited=False).update(kind=kind, name=name[:60])
    written = len(fresh) + len(gone) + moved
    if written:
        changed.send(CalendarDay, hospital=hospital)
    return written


def _need(actor: Any, hospital: Hospital) -> None:
    if not can(actor, perm.LIMITS_CHANGE, hospital):
        raise PermissionDenied(perm.LIMITS_CHANGE)


def rules_at(hospital: Hospital) -> LimitRules:
    """What the hospital goes by, whether or not it has set anything."""
    return LimitRules.objects.filter(hospital=hospital).first() or LimitRules(hospital=hospital)


def rules_row(hospital: Hospital) -> LimitRules:
    """The hospital's row of rules, made now if nobody has made it yet."""
    row, _made = LimitRules.objects.get_or_create(hospital=hospital)
    return row


@transaction.atomic
def set_week(actor: Any, hospital: Hospital, week: Iterable[str]) -> LimitRules:
    """Set the working hours of the week, Monday first. Orders keep the limits they were promised.

    Raises PermissionDenied, or ValidationError for hours nobody can read or a week without any.
    """
    _need(actor, hospital)
    written = []
    for text in week:
        try:
            written.append(sla.write_hours(sla.parse_hours(text)))
        except ValueError:
            raise ValidationError({"week": _("Write hours like 08:00-12:00 14:00-17:30.")}) from None
    if not any(written):
        raise ValidationError({"week": _("At least one day of the week needs hours.")})
    row = _set(actor, hospital, week=written)
    changed.send(CalendarDay, hospital=hospital)
    return row


@transaction.atomic
def set_reminders(actor: Any, hospital: Hospital, *, remind_at: Iterable[int], pausing: Iterable[str]) -> LimitRules:
    """Set at which shares of the time people are reminded, and which reasons for waiting stop the clock."""
    _need(actor, hospital)
    shares, reasons = sorted(set(remind_at)), [reason for reason in WAITING_REASONS if reason in set(pausing)]
    if any(not 10 <= share <= 100 for share in shares) or len(shares) > 5:
        raise ValidationError({"remind_at": _("At most five shares between 10 and 100 per cent, please.")})
    return _set(actor, hospital, remind_at=shares, pausing=reasons)


def _set(actor: Any, hospital: Hospital, **new: Any) -> LimitRules:
    row = rules_row(hospital)
    old = {name: _words(getattr(row, name)) for name in new}
    for name, value in new.items():
        setattr(row, name, value)
    row.save(update_fields=list(new))
    flow.edited(row, actor, old, {name: _words(value) for name, value in new.items()})
    return row


def _words(values: Iterable[Any]) -> str:
    return " / ".join(str(value) for value in values)


@transaction.atomic
def set_day(actor: Any, hospital: Hospital, *, day: date, kind: str, name: str = "", hours: str = "") -> CalendarDay:
    """Say what a day is: a holiday, a working day, or as the week says. Later holidays that are shipped leave it alone."""
    _need(actor, hospital)
    if kind not in CALENDAR_DAYS:
        raise ValidationError({"kind": _("Please choose what the day is.")})
    try:
        written = sla.write_hours(sla.parse_hours(hours)) if kind == MAKE_UP else ""
    except ValueError:
        raise ValidationError({"hours": _("Write hours like 08:00-12:00 14:00-17:30.")}) from None
    row = CalendarDay.objects.filter(hospital=hospital, day=day).first()
    old = {"kind": row.kind, "name": row.name, "hours": row.hours} if row else {}
    row = row or CalendarDay(hospital=hospital, day=day)
    row.kind, row.name, row.hours, row.edited = kind, name.strip()[:60], written, True
    row.full_clean(exclude=["hospital"])
    row.save()
    flow.edited(row, actor, old, {"kind": row.kind, "name": row.name, "hours": row.hours})
    changed.send(CalendarDay, hospital=hospital)
    return row


@transaction.atomic
def set_chain(actor: Any, hospital: Hospital, chain: Mapping[tuple[str, str, str], int | None]) -> None:
    """Set who hears of a broken limit: (clock, urgency, level) → minutes past it; None: not told."""
    _need(actor, hospital)
    old = {(s.clock, s.urgency, s.level): s for s in EscalationStep.objects.filter(hospital=hospital)}
    for (clock, urgency, level), after in chain.items():
        if clock not in CLOCKS or urgency not in URGENCIES or level not in LEVELS:
            raise ValidationError(_("This step is not known."))
        if after is not None and not 0 <= after <= MOST_AFTER:
            raise ValidationError({f"{clock}_{urgency}_{level}": _("At most 90 days, please.")})
    was = {"chain": _chain_words({key: step.after for key, step in old.items()})}
    for key, after in chain.items():
        clock, urgency, level = key
        if after is None:
            EscalationStep.objects.filter(hospital=hospital, clock=clock, urgency=urgency, level=level).delete()
        else:
            EscalationStep.objects.update_or_create(
                hospital=hospital, clock=clock, urgency=urgency, level=level, defaults={"after": after}
            )
    now = {key: step.after for key, step in old.items()} | dict(chain)
    kept = {key: after for key, after in now.items() if after is not None}
    flow.edited(rules_row(hospital), actor, was, {"chain": _chain_words(kept)})


def _chain_words(chain: Mapping[tuple[str, str, str], int]) -> str:
    return "; ".join(f"{' '.join(key)} +{after}" for key, after in sorted(chain.items()))
