"""Which periods a request asks for. Pure: days in, days out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from indicators.request_states import MONTH, QUARTER, YEAR
from kpi.periods import MONTHS, earlier

Span = tuple[date, date]
DAY = timedelta(days=1)


def moved(day: date, months: int) -> date:
    """The same day of the month so many months later (negative: before); days after the 28th begin no period."""
    return earlier(day, -months).replace(day=day.day)


def containing(day: date, rhythm: str, begins: str = "01-01") -> Span:
    """The period a day lies in; a year begins on `begins`."""
    if rhythm == MONTH:
        first = day.replace(day=1)
    elif rhythm == QUARTER:
        first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    else:
        first = date.fromisoformat(f"{day.year}-{begins}")
        first = first if first <= day else moved(first, -12)
    return first, moved(first, MONTHS[rhythm]) - DAY


def over(rhythm: str, begins: str, since: date, until: date | None, today: date) -> Iterator[Span]:
    """The periods from that of `since` to that of `until` which are over today."""
    span = containing(since, rhythm, begins)
    while span[1] < today and (until is None or span[0] <= until):
        yield span
        span = containing(span[1] + DAY, rhythm, begins)


def before(span: Span, rhythm: str) -> Span:
    """The period before."""
    return moved(span[0], -MONTHS[rhythm]), span[0] - DAY


def year_before(span: Span, rhythm: str) -> Span | None:
    """The same period a year ago; None for years, whose period before it is."""
    first = moved(span[0], -12)
    return None if rhythm == YEAR else (first, moved(first, MONTHS[rhythm]) - DAY)
