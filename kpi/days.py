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
