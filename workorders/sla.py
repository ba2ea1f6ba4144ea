"""Time limits, pure: due times, working calendars, pauses, lateness, and when to remind or escalate.

Every moment is aware; what comes out is in UTC and exact to the microsecond. A calendar of None runs round the clock. A
pause is a span in which the clock stands still. A limit that ends with the working day ends at closing time; a reminder
that falls there waits for the next opening, so that none is sent outside working time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

Hours = tuple[tuple[time, time], ...]  # of one day, in order; a span that ends at 00:00 ends at midnight
Span = tuple[datetime, datetime]

ZONE = ZoneInfo("Asia/Shanghai")
MIDNIGHT = time(0)
NOTHING = timedelta(0)
A_DAY = timedelta(days=1)
END = datetime.max.replace(tzinfo=UTC)
LONGEST_CLOSURE = 366  # days without any working time, before a calendar is called empty


@dataclass(frozen=True)
class WorkingCalendar:
    """When a hospital works: hours of the week, Monday first, and the days that differ (holidays have no hours).

    Raises ValueError when no day of the week has hours, or hours are not in order.
    """

    week: tuple[Hours, ...]
    days: Mapping[date, Hours] = field(default_factory=dict)
    zone: ZoneInfo = ZONE

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a working week has seven days, and hours on one of them")
        for hours in (*self.week, *self.days.values()):
            check_hours(hours)

    def hours(self, day: date) -> Hours:
        found = self.days.get(day)
        return self.week[day.weekday()] if found is None else found

    def spans(self, moment: datetime) -> Iterator[Span]:
        """Working time from the moment on, span by span, without end. Raises ValueError in a year without hours."""
        day, closed = moment.astimezone(self.zone).date(), 0
        while closed < LONGEST_CLOSURE:
            closed += 1
            for opens, closes in self.hours(day):
                closed = 0
                begin, end = self._at(day, opens), self._at(day if closes > MIDNIGHT else day + A_DAY, closes)
                if end > moment:
                    yield max(begin, moment), end
            day += A_DAY
        raise ValueError("a year without working time")

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, self.zone).astimezone(UTC)


def check_hours(hours: Hours) -> None:
    """Raises ValueError unless the spans of a day are in order and do not overlap."""
    last = MIDNIGHT
    for number, (opens, closes) in enumerate(hours):
        ends_day = closes == MIDNIGHT and number == len(hours) - 1
        if opens < last or not (opens < closes or ends_day):
            raise ValueError("working hours overlap or run backwards")
        last = closes


def parse_hours(text: str) -> Hours:
    """ "08:00-12:00 14:00-17:30" → hours of a day; empty text: closed. 24:00 is midnight. Raises ValueError."""
    for strange, plain in (
        ("：", ":"),
        ("–", "-"),
        ("—", "-"),
        ("~", "-"),
        ("至", "-"),
        ("，", " "),
        (",", " "),
        ("、", " "),
    ):
        text = text.replace(strange, plain)
    text = " ".join(text.split()).replace(" -", "-").replace("- ", "-")
    hours = tuple((_clock(a), _clock(b)) for a, b in (part.split("-") for part in text.split()))
    check_hours(hours)
    return hours


def _clock(text: str) -> time:
    hour, minute = (int(part) for part in text.split(":"))
    return MIDNIGHT if (hour, minute) == (24, 0) else time(hour, minute)


def write_hours(hours: Hours) -> str:
    """The reverse of `parse_hours`."""
    return " ".join(
        f"{opens:%H:%M}-{'24:00' if closes == MIDNIGHT else closes.strftime('%H:%M')}" for opens, closes in hours
    )


def _merged(pauses: Iterable[Span]) -> list[Span]:
    """Pauses in order, without overlap; empty and backward ones left out."""
    merged: list[Span] = []
    for begin, end in sorted((begin.astimezone(UTC), end.astimezone(UTC)) for begin, end in pauses if end > begin):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return merged


def running(start: datetime, calendar: WorkingCalendar | None, pauses: Iterable[Span] = ()) -> Iterator[Span]:
    """The spans in which a clock that was started at `start` runs."""
    start, stops = start.astimezone(UTC), _merged(pauses)
    for begin, end in calendar.spans(start) if calendar else ((start, END),):
        for stop, go in stops:
            if go <= begin:
                continue
            if stop >= end:
                break
            if stop > begin:
                yield begin, stop
            begin = go
            if begin >= end:
                break
        if begin < end:
            yield begin, end


def due(start: datetime, length: timedelta, calendar: WorkingCalendar | None, pauses: Iterable[Span] = ()) -> datetime:
    """When a clock started at `start` has run for `length`."""
    for begin, end in running(start, calendar, pauses):
        if length <= end - begin:
            return begin + length
        length -= end - begin
    raise ValueError("the clock never gets there")


def elapsed(start: datetime, end: datetime, calendar: WorkingCalendar | None, pauses: Iterable[Span] = ()) -> timedelta:
    """How long the clock ran between two moments; nothing where the end is not after the start."""
    ran = NOTHING
    if end <= start:
        return ran
    for begin, stop in running(start, calendar, pauses):
        if begin >= end:
            break
        ran += min(stop, end) - begin
    return ran


def lateness(limit: datetime, at: datetime, calendar: WorkingCalendar | None, pauses: Iterable[Span] = ()) -> timedelta:
    """How far past its limit something was, on its own clock; nothing while it was in time."""
    return elapsed(limit, at, calendar, pauses)


def moved_on(limit: datetime, since: datetime, until: datetime, calendar: WorkingCalendar | None) -> datetime:
    """The limit after the clock stood still from `since` to `until`. A limit that had passed before stays."""
    if limit <= since or until <= since:
        return limit
    return due(until, elapsed(since, limit, calendar), calendar)


def is_working(at: datetime, calendar: WorkingCalendar | None) -> bool:
    return next_working_moment(at, calendar) == at


def next_working_moment(at: datetime, calendar: WorkingCalendar | None) -> datetime:
    """The moment itself inside working time, else the next opening."""
    return next(running(at, calendar))[0]


@dataclass(frozen=True)
class Clock:
    """One limit of one order as it stands: since when, until when, in which calendar, what stopped it."""

    start: datetime
    limit: datetime
    calendar: WorkingCalendar | None
    pauses: Sequence[Span] = ()
    held_since: datetime | None = None  # it stands still since then

    def reminder_at(self, share: int) -> datetime | None:
        """When `share` per cent of the time are used up; None while the clock stands still before that."""
        if share >= 100:
            return self._ring(self.limit)
        whole = elapsed(self.start, self.limit, self.calendar, self.pauses)
        return self._ring(min(due(self.start, whole * share / 100, self.calendar, self.pauses), self.limit))

    def escalation_at(self, after: timedelta) -> datetime | None:
        """When the limit has been past for `after` on this clock; None while it stands still before that."""
        return self._ring(due(self.limit, after, self.calendar, self.pauses) if after else self.limit)

    def _ring(self, at: datetime) -> datetime | None:
        if self.held_since is not None:
            return None
        return next_working_moment(at, self.calendar)
