"""Days as figures count them: from midnight to midnight at the hospital."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone


def midnight(day: date) -> datetime:
    """The moment a day begins at the hospital."""
    return timezone.make_aware(datetime.combine(day, time.min))


def next_month(day: date) -> date:
    """The first day of the month after this day's."""
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def by_day_since() -> date:
    """From this day on parts are kept by day, before it by month: the first of the month before the running one."""
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def whole_months(first: date, end: date) -> tuple[date, date]:
    """The months these days belong to, of the running one what is over."""
    return first.replace(day=1), min(next_month(end - timedelta(days=1)), timezone.localdate())
