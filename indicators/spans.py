"""The periods returns are made for: a calendar year, a year of accounts that begins on another day, a quarter, a month."""

from __future__ import annotations

import re
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from kpi.periods import FIRST_YEAR, earlier

WRITTEN = re.compile(r"(\d{4})(?:-(?:Q([1-4])|(\d{2})))?")
APRIL = "04-01"


def parse(text: str, year_begins: str = APRIL) -> tuple[date, date]:
    """First and last day of "2016", "2016-17", "2016-Q4", "2016-11". "2016-17" is a year of accounts; it begins on `year_begins`.

    "2011-12" is December; with a year in the mapping that begins on another day than 1 January it is the year of accounts.
    Raises ValidationError.
    """
    found = WRITTEN.fullmatch(text.strip())
    if not found or not FIRST_YEAR <= int(found[1]) < 2100:
        raise ValidationError({"period": _("Write a period like 2026, 2026-27, 2026-Q4 or 2026-11.")})
    year, quarter, pair = int(found[1]), found[2], found[3]
    if quarter:
        return _months(date(year, int(quarter) * 3 - 2, 1), 3)
    if not pair:
        return _months(date(year, 1, 1), 12)
    if int(pair) == (year + 1) % 100 and (int(pair) > 12 or year_begins != APRIL):
        return _accounts(year, year_begins)
    if not 1 <= int(pair) <= 12:
        raise ValidationError({"period": _("Write a period like 2026, 2026-27, 2026-Q4 or 2026-11.")})
    return _months(date(year, int(pair), 1), 1)


def _months(first: date, months: int) -> tuple[date, date]:
    return first, earlier(first, -months) - timedelta(days=1)


def _accounts(year: int, begins: str) -> tuple[date, date]:
    try:
        first, end = date.fromisoformat(f"{year}-{begins}"), date.fromisoformat(f"{year + 1}-{begins}")
    except ValueError:
        raise ValidationError({"period": _("“year_begins” of the mapping must be like 04-01.")}) from None
    return first, end - timedelta(days=1)


def written(first: date, last: date) -> str:
    """The period as people write it."""
    after = last + timedelta(days=1)
    if first.day == 1 and after.day == 1:
        months = (after.year - first.year) * 12 + after.month - first.month
        if months == 12:
            return f"{first.year}" if first.month == 1 else f"{first.year}-{after.year % 100:02d}"
        if months == 3 and first.month % 3 == 1:
            return f"{first.year}-Q{(first.month + 2) // 3}"
        if months == 1:
            return f"{first:%Y-%m}"
    return f"{first:%Y-%m-%d} – {last:%Y-%m-%d}"
