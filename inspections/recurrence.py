"""When an inspection is due, pure: dates out of a rule, the hospital's working calendar and its time zone.

The pattern of a rule runs through all time, aligned to the day it starts on. A day of the pattern in the season is moved by
`offset_days`; what then lies outside the rule's span is no date. A date on a day off is kept, left out, or moved to the
nearest working day before or after; were that outside the span, to the other side; were there none within a month, it stays.
Two that come to the same moment are one. The clock on the wall counts: a time that the change to summer time leaves out is
the one an hour later, a time that comes twice counts once, the first time.

A day off is a day without working hours. Where the pattern names weekdays, a weekend is meant when it is named: then only
the days that the calendar itself calls off are days off.

Reckoned from the last completion there is one date at a time: so many steps after that day; in weeks, the next of the
weekdays; in the season; left out means one step more.
"""

from __future__ import annotations

import calendar as months_of_year
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from inspections.states import DAY, EARLIER, HOUR, KEEP, LATER, MONTH, SKIP, WEEK, WORKDAY, YEAR
from workorders.sla import WorkingCalendar

A_DAY = timedelta(days=1)
FARTHEST = 31  # days a date is moved for a holiday, at most
MOST_STEPS = 1000  # when one date is looked for: a rule that has none in so many steps has none
LAST = -1


@dataclass(frozen=True)
class Rule:
    """How often something is due; see `Plan`, whose fields these are."""

    starts_on: date
    every: int = 1
    step: str = MONTH
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    nth: int | None = None
    weekday: int | None = None
    offset_days: int = 0
    months: tuple[int, ...] = ()
    on_holiday: str = KEEP
    at: time = time(8, 0)
    until: time | None = None
    ends_on: date | None = None

    @classmethod
    def of(cls, plan: Any) -> Rule:
        """The rule of a plan, or of anything that has its fields."""
        values = {field.name: getattr(plan, field.name) for field in fields(cls)}
        return cls(**{**values, "weekdays": tuple(plan.weekdays), "months": tuple(plan.months)})

    @property
    def names_weekdays(self) -> bool:
        by_weekday = self.step == WEEK or (self.step in (MONTH, YEAR) and self.nth is not None)
        return by_weekday and not self.offset_days

    def spans(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def in_season(self, day: date) -> bool:
        return not self.months or day.month in self.months


def due(rule: Rule, calendar: WorkingCalendar, first: date, last: date) -> list[datetime]:
    """Every moment due on the days from `first` to `last`, in order, in the hospital's time.

    The day of a round in the hours after midnight is the day its window began.
    """
    found: dict[datetime, datetime] = {}
    for base, day in _days(rule, calendar, first, last):
        for after_midnight in _times(rule, base):
            moment = _moment(day, after_midnight, calendar)
            found[moment.astimezone(UTC)] = moment
    return [found[key] for key in sorted(found)]


def _moment(day: date, after_midnight: timedelta, calendar: WorkingCalendar) -> datetime:
    """The moment the wall clock shows this; a time that was left out becomes one that was not."""
    naive = datetime.combine(day, time()) + after_midnight
    return naive.replace(tzinfo=calendar.zone).astimezone(UTC).astimezone(calendar.zone)


def _days(rule: Rule, calendar: WorkingCalendar, first: date, last: date) -> Iterator[tuple[date, date]]:
    """(day of the pattern, day it is due): what falls between the two days, however far it was moved."""
    margin = timedelta(days=FARTHEST)
    away = timedelta(days=rule.offset_days)
    start, end = max(first - margin, rule.starts_on), last + margin
    if rule.ends_on is not None:
        end = min(end, rule.ends_on)
    for base in _pattern(rule, calendar, start - away, end - away):
        day = base + away
        if rule.in_season(base) and rule.spans(day):
            moved = settle(rule, calendar, day)
            if moved is not None and first <= moved <= last:
                yield base, moved


def settle(rule: Rule, calendar: WorkingCalendar, day: date) -> date | None:
    """Where a date goes that may lie on a day off; None where it is left out."""
    if rule.on_holiday == KEEP or not _is_off(rule, calendar, day):
        return day
    if rule.on_holiday == SKIP:
        return None
    for way in (-1, 1) if rule.on_holiday == EARLIER else (1, -1):
        for far in range(1, FARTHEST + 1):
            other = day + timedelta(days=way * far)
            if not rule.spans(other):
                break
            if calendar.hours(other):
                return other
    return day


def _is_off(rule: Rule, calendar: WorkingCalendar, day: date) -> bool:
    if rule.names_weekdays:
        return day in calendar.days and not calendar.days[day]
    return not calendar.hours(day)


def _pattern(rule: Rule, calendar: WorkingCalendar, first: date, last: date) -> Iterator[date]:
    """The days of the pattern between two days."""
    if rule.step == WEEK:
        return _weeks(rule, first, last)
    if rule.step in (MONTH, YEAR):
        return _months(rule, first, last)
    if rule.step == WORKDAY:
        return _workdays(rule, calendar, first, last)
    if rule.step == DAY:
        return _every(rule.starts_on, rule.every, first, last)
    return _hourly_days(rule, first, last)


def _every(anchor: date, every: int, first: date, last: date) -> Iterator[date]:
    """Every so many days, counted from the anchor through all time."""
    day = first + timedelta(days=(anchor - first).days % every)
    while day <= last:
        yield day
        day += timedelta(days=every)


def _weeks(rule: Rule, first: date, last: date) -> Iterator[date]:
    monday = rule.starts_on - timedelta(days=rule.starts_on.weekday())
    week = first - timedelta(days=first.weekday())
    for start in _every(monday, 7 * rule.every, week, last):
        for weekday in sorted(set(rule.weekdays)) or [rule.starts_on.weekday()]:
            day = start + timedelta(days=weekday)
            if first <= day <= last:
                yield day


def _months(rule: Rule, first: date, last: date) -> Iterator[date]:
    anchor = rule.starts_on.year * 12 + rule.starts_on.month - 1
    for month in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if rule.step == YEAR:
            wanted = rule.months or (rule.starts_on.month,)
            fits = month % 12 + 1 in wanted and (month // 12 - rule.starts_on.year) % rule.every == 0
        else:
            fits = (month - anchor) % rule.every == 0
        day = _day_of(rule, month // 12, month % 12 + 1) if fits else None
        if day is not None and first <= day <= last:
            yield day


def _day_of(rule: Rule, year: int, month: int) -> date | None:
    """The day of a month: its nth weekday, or its day, the last one where it is too short. None: it has no fifth Monday."""
    offset, length = months_of_year.monthrange(year, month)
    if rule.nth is not None and rule.weekday is not None:
        days = [1 + (rule.weekday - offset) % 7 + 7 * week for week in range(5)]
        days = [day for day in days if day <= length]
        which = rule.nth if rule.nth == LAST else rule.nth - 1
        return date(year, month, days[which]) if which < len(days) else None
    wanted = rule.month_day or rule.starts_on.day
    return date(year, month, length if wanted == LAST else min(wanted, length))


def _workdays(rule: Rule, calendar: WorkingCalendar, first: date, last: date) -> Iterator[date]:
    """Every so many working days, counted from the first one on or after the start."""
    number = working_days(calendar, rule.starts_on, first)
    day = first
    while day <= last:
        if calendar.hours(day):
            if number % rule.every == 0:
                yield day
            number += 1
        day += A_DAY


def working_days(calendar: WorkingCalendar, since: date, until: date) -> int:
    """How many days with hours there are from `since` to before `until`; negative the other way round."""
    if until < since:
        return -working_days(calendar, until, since)
    weeks, rest = divmod((until - since).days, 7)
    usual = [bool(hours) for hours in calendar.week]
    count = weeks * sum(usual) + sum(usual[(since.weekday() + n) % 7] for n in range(rest))
    for day, hours in calendar.days.items():
        if since <= day < until:
            count += bool(hours) - usual[day.weekday()]
    return count


def _window(rule: Rule) -> timedelta:
    """From the first to the last hour of an hourly rule; a window that ends before it begins ends on the next day."""
    assert rule.until is not None
    length = _since_midnight(rule.until) - _since_midnight(rule.at)
    return length if length >= timedelta() else length + A_DAY


def _since_midnight(clock: time) -> timedelta:
    return timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _hourly_days(rule: Rule, first: date, last: date) -> Iterator[date]:
    """Days on which an hourly rule has a time: with a window all of them, day and night those that the hours come to."""
    for day in _every(rule.starts_on, 1, first, last):
        if _times(rule, day):
            yield day


def _times(rule: Rule, base: date) -> list[timedelta]:
    """The times of a day of the pattern, since its midnight."""
    at = _since_midnight(rule.at)
    if rule.step != HOUR:
        return [at]
    step = timedelta(hours=rule.every)
    if rule.until is not None:
        return [at + step * n for n in range(_window(rule) // step + 1)]
    midnight = timedelta(days=(base - rule.starts_on).days)  # since the start's midnight
    number = -((at - midnight) // step)  # the first one on or after it
    times = []
    while (after := at + step * number - midnight) < A_DAY:
        times.append(after)
        number += 1
    return times


def first_of(rule: Rule, calendar: WorkingCalendar, after: datetime) -> datetime | None:
    """When something that is reckoned from completions is due for the first time, after a moment."""
    day = max(rule.starts_on, after.astimezone(calendar.zone).date())
    if _moment(day, _since_midnight(rule.at), calendar) <= after:
        day += A_DAY
    found = _fit(rule, calendar, day, day)
    return None if found is None else _moment(found, _since_midnight(rule.at), calendar)


def next_of(rule: Rule, calendar: WorkingCalendar, done: datetime) -> datetime | None:
    """When it is due again, reckoned from when it was done; None where the rule has ended by then."""
    local = done.astimezone(calendar.zone)
    if rule.step == HOUR:
        return _next_hour(rule, calendar, local)
    day = _fit(rule, calendar, _stepped(rule, calendar, local.date()), local.date() + A_DAY)
    return None if day is None else _moment(day, _since_midnight(rule.at), calendar)


def _next_hour(rule: Rule, calendar: WorkingCalendar, local: datetime) -> datetime | None:
    """So many hours later, or when the window opens next."""
    naive = local.replace(tzinfo=None, second=0, microsecond=0) + timedelta(hours=rule.every)
    day, clock = naive.date(), naive - datetime.combine(naive.date(), time())
    if rule.until is not None:
        opens, length = _since_midnight(rule.at), _window(rule)
        if (clock - opens) % A_DAY > length:
            day, clock = (day if clock < opens else day + A_DAY), opens
    found = _fit(rule, calendar, day, local.date())
    if found is None:
        return None
    return _moment(found, clock if found == day else _since_midnight(rule.at), calendar)


def _stepped(rule: Rule, calendar: WorkingCalendar, day: date) -> date:
    """One step after a day; in weeks, the next of the weekdays from there."""
    if rule.step == WEEK:
        day += timedelta(days=7 * rule.every)
        return min(day + timedelta(days=(weekday - day.weekday()) % 7) for weekday in rule.weekdays or (day.weekday(),))
    if rule.step in (MONTH, YEAR):
        ahead = rule.every * (12 if rule.step == YEAR else 1)
        year, month = divmod(day.year * 12 + day.month - 1 + ahead, 12)
        return date(year, month + 1, min(day.day, months_of_year.monthrange(year, month + 1)[1]))
    if rule.step == WORKDAY:
        wanted = rule.every
        for _n in range(MOST_STEPS * 7):
            day += A_DAY
            wanted -= bool(calendar.hours(day))
            if not wanted:
                break
        return day
    return day + timedelta(days=1 if rule.step == HOUR else rule.every)


def _fit(rule: Rule, calendar: WorkingCalendar, day: date, earliest: date) -> date | None:
    """The date that a day comes to: in the span, in the season, off no holiday, not before `earliest`."""
    day = max(day, rule.starts_on)
    for _n in range(MOST_STEPS):
        while not rule.in_season(day):
            day = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
        if rule.ends_on is not None and day > rule.ends_on:
            return None
        moved = settle(rule, calendar, day)
        if moved is not None and moved < earliest:
            moved = settle(replace(rule, on_holiday=LATER), calendar, day)
        if moved is not None:
            return max(moved, earliest)
        day = _stepped(rule, calendar, day)
    return None


def upcoming(rule: Rule, calendar: WorkingCalendar, after: datetime, count: int) -> list[datetime]:
    """The next so many moments after one, looked for as far as forty years ahead."""
    found: list[datetime] = []
    first, ahead = after.astimezone(calendar.zone).date() - A_DAY, 35
    end = first + timedelta(days=40 * 366)
    while len(found) < count and first <= min(end, rule.ends_on or end):
        last = first + timedelta(days=ahead)
        found += [moment for moment in due(rule, calendar, first, last) if moment > after]
        first, ahead = last + A_DAY, ahead * 2
    return found[:count]
