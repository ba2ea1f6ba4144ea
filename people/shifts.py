"""Which shift somebody works on a day, and when it begins and ends. Pure: no table is read here. Times of the site's zone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShiftTimes:
    """A shift as the roster needs it."""

    id: int
    team_id: int
    name: str
    starts: time
    ends: time
    last_day: date | None = None

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> ShiftTimes:
        """From what the database answers as JSON."""
        last = row["last_day"]
        return cls(
            row["shift"],
            row["team"],
            row["name"],
            time.fromisoformat(row["starts"]),
            time.fromisoformat(row["ends"]),
            date.fromisoformat(last) if last else None,
        )

    def counts_on(self, day: date) -> bool:
        return self.last_day is None or day <= self.last_day


@dataclass(frozen=True)
class Line:
    """A line of the standard week (`weekday`, from `since` on) or a single-day change (`day`)."""

    shift: ShiftTimes | None
    weekday: int = -1
    since: date = date.min
    day: date | None = None
    extra: bool = False


@dataclass(frozen=True)
class Planned:
    """What one person works on one day: the shift (None: free), extra shifts, and what the standard week says."""

    shift: ShiftTimes | None
    standard: ShiftTimes | None
    extras: tuple[ShiftTimes, ...] = ()

    @property
    def changed(self) -> bool:
        return self.shift != self.standard

    @property
    def all(self) -> tuple[ShiftTimes, ...]:
        return ((self.shift,) if self.shift else ()) + self.extras


FREE = Planned(None, None)


def planned(day: date, lines: Iterable[Line], team_id: int | None) -> Planned:
    """The latest line of the standard week that has begun, replaced by the day's change. Only shifts of the person's
    present team count, and only until they are given up."""
    lines = list(lines)

    def valid(shift: ShiftTimes | None) -> ShiftTimes | None:
        return shift if shift and shift.team_id == team_id and shift.counts_on(day) else None

    weekly = [line for line in lines if line.day is None and line.weekday == day.weekday() and line.since <= day]
    latest = max(weekly, key=lambda line: line.since, default=None)
    standard = valid(latest.shift) if latest else None
    today = [line for line in lines if line.day == day]
    change = next((line for line in today if not line.extra), None)
    extras = tuple(shift for line in today if line.extra and (shift := valid(line.shift)))
    shift = valid(change.shift) if change else standard
    return Planned(shift, standard, tuple(extra for extra in extras if extra != shift))


def span(day: date, starts: time, ends: time) -> tuple[datetime, datetime]:
    """From when until when, in the site's zone. What ends when or before it begins ends on the next day."""
    zone = timezone.get_default_timezone()
    last = day + DAY if ends <= starts else day
    return datetime.combine(day, starts, zone), datetime.combine(last, ends, zone)


def running(at: datetime, day: date, starts: time, ends: time) -> datetime | None:
    """Until when it still lasts, if it is going on at this moment. The first second counts, the last does not."""
    begins, over = span(day, starts, ends)
    return over if begins <= at < over else None


def local_day(at: datetime) -> date:
    """The calendar day of a moment, in the site's zone."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())
