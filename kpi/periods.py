"""The periods figures are read by: a calendar month, quarter or year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi.days import next_month
from ui import formats

MONTH, QUARTER, YEAR = "month", "quarter", "year"
MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
FIRST_YEAR = 1990


def earlier(month: date, months: int) -> date:
    """The first of the month so many months before (negative: after)."""
    index = month.year * 12 + month.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True)
class Period:
    """A stretch of whole months, by its first day."""

    kind: str
    first: date

    @property
    def end(self) -> date:
        """The day after the last."""
        return earlier(self.first, -MONTHS[self.kind])

    @property
    def last(self) -> date:
        return self.end - timedelta(days=1)

    @property
    def key(self) -> str:
        """How addresses name it: 2026-11, 2026-Q4, 2026."""
        if self.kind == MONTH:
            return f"{self.first:%Y-%m}"
        return f"{self.first.year}-Q{(self.first.month + 2) // 3}" if self.kind == QUARTER else f"{self.first.year}"

    def __str__(self) -> str:
        if self.kind == MONTH:
            return formats.month(self.first)
        if self.kind == QUARTER:
            facts = {"year": self.first.year, "quarter": (self.first.month + 2) // 3}
            return _("Quarter %(quarter)s of %(year)s") % facts
        return _("Year %(year)s") % {"year": self.first.year}

    @property
    def previous(self) -> Period:
        return Period(self.kind, earlier(self.first, MONTHS[self.kind]))

    @property
    def next(self) -> Period | None:
        """The one after it, if it has begun."""
        return Period(self.kind, self.end) if self.end <= timezone.localdate() else None

    @property
    def is_running(self) -> bool:
        return self.first <= timezone.localdate() < self.end

    def until(self) -> date:
        """The day after the last one that has come."""
        return min(self.end, timezone.localdate() + timedelta(days=1))

    @property
    def year_before(self) -> tuple[date, date]:
        """The same days of the year before (until before the second): of a running period as many as have come."""
        until = self.until()
        if until == self.end:
            return earlier(self.first, 12), earlier(self.end, 12)
        same = earlier(until, 12) + timedelta(days=until.day - 1)  # 29 February: the day after the 28th
        return earlier(self.first, 12), min(same, next_month(earlier(until, 12)))

    def of_kind(self, kind: str) -> Period:
        """The period of another kind around the last day of this one that has come."""
        day = self.until() - timedelta(days=1)
        return containing(kind, day)


def containing(kind: str, day: date) -> Period:
    months = MONTHS[kind]
    return Period(kind, date(day.year, (day.month - 1) // months * months + 1, 1))


def parse(asked: str) -> Period:
    """The period an address names; what is no period, or has not begun, means the running month."""
    today = timezone.localdate()
    found = re.fullmatch(r"(\d{4})(?:-(Q[1-4]|\d{2}))?", asked or "", re.ASCII)
    if found and FIRST_YEAR <= int(found[1]) <= today.year:
        year, part = int(found[1]), found[2]
        if part is None:
            return Period(YEAR, date(year, 1, 1))
        month = int(part[1]) * 3 - 2 if part.startswith("Q") else int(part)
        if 1 <= month <= 12 and date(year, month, 1) <= today:
            return Period(QUARTER if part.startswith("Q") else MONTH, date(year, month, 1))
    return containing(MONTH, today)
