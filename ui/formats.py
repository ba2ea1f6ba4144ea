"""How facts are written for people: times as one says them, durations, counts, money. Plain text, no HTML."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

MISSING = "—"
EXACT = "%Y-%m-%d %H:%M:%S"
THIN = "\u202f"  # groups digits without being taken for a decimal sign


def number(value: Any, digits: int | None = None) -> str:
    """12 345 or 0.5; as many decimals as asked for, else as many as the value has (at most two)."""
    if value is None or value == "":
        return MISSING
    if digits is None:
        return _grouped(value, 0) if value == int(value) else _grouped(value, 2).rstrip("0").rstrip(".")
    return _grouped(value, digits)


def _grouped(value: Any, digits: int) -> str:
    return f"{value:,.{digits}f}".replace(",", THIN)


def money(value: Any) -> str:
    if value is None or value == "":
        return MISSING
    value = Decimal(value)
    return f"{'−' if value < 0 else ''}¥{THIN}{_grouped(abs(value), 2)}"


def percent(value: Any, digits: int = 1) -> str:
    """A share (0.925) as 92.5 %."""
    return MISSING if value is None else f"{_grouped(Decimal(str(value)) * 100, digits)}{THIN}%"


def duration(value: timedelta | float | None) -> str:
    """A length of time in its two largest units: 2 小时 10 分, 3 天 4 小时."""
    if value is None:
        return MISSING
    seconds = int(value.total_seconds() if isinstance(value, timedelta) else value)
    minutes = abs(seconds) // 60
    days, rest = divmod(minutes, 24 * 60)
    hours, left = divmod(rest, 60)
    return _length(get_language(), days, hours, 0 if days else left)


@lru_cache(maxsize=8192)
def _length(language: str | None, days: int, hours: int, left: int) -> str:
    """In the reader's language; put together once, since a list says it for every row."""
    if days:
        parts = [ngettext("%d day", "%d days", days) % days, ngettext("%d h", "%d h", hours) % hours if hours else ""]
    elif hours:
        parts = [ngettext("%d h", "%d h", hours) % hours, _("%d min") % left if left else ""]
    else:
        parts = [_("%d min") % left]
    return " ".join(part for part in parts if part)


def exact(at: datetime) -> str:
    """The whole time, for hover, print and export."""
    return f"{timezone.localtime(at):{EXACT}}"


def spoken(at: datetime, now: datetime | None = None) -> str:
    """今天 14:05, 昨天 14:05, 11-21 14:05, 2025-11-21."""
    clock = Clock(now)
    return clock.spoken(clock.local(at))


class Clock:
    """What time it is at the hospital, for whatever writes many times at once: what they share is asked once."""

    def __init__(self, now: datetime | None = None):
        self.zone, self.now = timezone.get_current_timezone(), now or timezone.now()
        self.today = self.local(self.now).date()
        self._near: dict[int, str] = {}
        self._said: dict[str, str] = {}

    def local(self, at: datetime) -> datetime:
        return at.astimezone(self.zone)

    def said(self, message: str) -> str:
        """In the reader's language."""
        if (found := self._said.get(message)) is None:
            found = self._said[message] = _(message)
        return found

    def spoken(self, local: datetime) -> str:
        """`spoken`, of a time that is the hospital's own already."""
        stamp, days = local.isoformat(" ", "minutes"), (local.date() - self.today).days
        if -1 <= days <= 1:
            if days not in self._near:
                self._near[days] = (_("today %(time)s"), _("tomorrow %(time)s"), _("yesterday %(time)s"))[days]
            return self._near[days] % {"time": stamp[11:16]}
        return stamp[5:16] if local.year == self.today.year else stamp[:10]


def day(value: date, now: datetime | None = None) -> str:
    """今天, 昨天, 11-21, 2025-11-21."""
    today = timezone.localdate(now or timezone.now())
    words = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    days = (value - today).days
    return words.get(days) or (f"{value:%m-%d}" if value.year == today.year else f"{value:%Y-%m-%d}")


def month(value: date) -> str:
    """2026 年 11 月, November 2026."""
    return formats.date_format(value, "YEAR_MONTH_FORMAT")


def listed(items: Iterable[Any]) -> str:
    """王芳、李敏 or Wang Fang, Li Min: one after the other as the reader's language separates them."""
    return pgettext("between the items of a list", ", ").join(str(item) for item in items)
