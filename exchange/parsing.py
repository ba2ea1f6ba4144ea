"""Values of another system's cells as ours, or what was expected in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils import timezone
from django.utils.translation import gettext as _

Options = dict[str, Any]
Parse = Callable[[Any, Options], Any]
EXCEL_ERRORS = {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"}
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
EARLIEST = 1950


class Unfit(Exception):
    """The cell does not hold what the column needs; the message says what would fit."""


def shown(value: Any) -> str:
    """What stands in a cell, as the person sees it."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M") if value.time() != time() else value.strftime("%Y-%m-%d")
    return "" if value is None else str(value)[:80]


def is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def text(longest: int = 0) -> Parse:
    def parse(value: Any, options: Options) -> str:
        words = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", shown(value) if isinstance(value, datetime) else str(value))
        words = words.strip()
        if words in EXCEL_ERRORS:
            raise Unfit(_("a value; the formula in this cell shows an error"))
        if longest and len(words) > longest:
            raise Unfit(_("at most %(count)s characters") % {"count": longest})
        return words

    return parse


plain = text()


def balance(value: Any, options: Options) -> Decimal:
    """Money that may be negative, as a credit is; thousands separators and a currency sign are understood."""
    written = re.sub(r"[\s,，¥￥\u202f\u00a0]|元$", "", str(value)).replace("\u2212", "-")
    try:
        number = Decimal(written)
    except InvalidOperation as error:
        raise Unfit(_("a number, such as 183.05")) from error
    if not number.is_finite() or abs(number) >= Decimal("1e10"):
        raise Unfit(_("a number below 10,000,000,000"))
    return number.quantize(Decimal("0.01"))


def amount(value: Any, options: Options) -> Decimal:
    """Money that is not negative."""
    number = balance(value, options)
    if number < 0:
        raise Unfit(_("a number that is not negative"))
    return number


def moment(value: Any, options: Options) -> datetime:
    """A day or a time. A day alone is taken as noon of the hospital's day, so that no time zone moves it to another."""
    found = _moment(value, options.get("date_format") or "")
    if not EARLIEST <= found.year <= timezone.localdate().year + 50:
        raise Unfit(_("a day after %(year)s") % {"year": EARLIEST})
    return timezone.make_aware(found)


def _moment(value: Any, pattern: str) -> datetime:
    if isinstance(value, datetime):
        return value.replace(hour=12) if value.time() == time() else value
    if isinstance(value, date):
        return datetime.combine(value, time(12))
    words = str(value).strip()
    try:
        if pattern:
            read = datetime.strptime(words, pattern)
            return read if "%H" in pattern or "%I" in pattern else read.replace(hour=12)
        if match := DAY.fullmatch(words):
            year, month, day, *clock = match.groups()
            hour, minute, second = (int(part or 0) for part in clock)
            at = time(hour, minute, second) if clock[0] else time(12)
            return datetime.combine(date(int(year), int(month), int(day)), at)
    except ValueError:
        pass
    raise Unfit(_("a day, such as %(example)s") % {"example": datetime(2026, 11, 21).strftime(pattern or "%Y-%m-%d")})


def past(value: Any, options: Options) -> datetime:
    """A time that has been."""
    found = moment(value, options)
    if found > timezone.now() and timezone.localdate(found) > timezone.localdate():
        raise Unfit(_("a day that is not in the future"))
    return found


def day(value: Any, options: Options) -> date:
    return timezone.localdate(moment(value, options))


def email(value: Any, options: Options) -> str:
    address = str(value).strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise Unfit(_("an e-mail address, or nothing")) from error
    return address


def one_of(words: Mapping[str, Any]) -> Parse:
    """A value of a short list, by its key or its words in the person's language."""

    def parse(value: Any, options: Options) -> str:
        written = fold(str(value))
        for key, label in words.items():
            if written in (fold(key), fold(str(label))):
                return key
        raise Unfit(_("one of: %(words)s") % {"words": ", ".join(str(label) for label in words.values())})

    return parse


def fold(title: str) -> str:
    """Titles that differ only in case, spaces and punctuation are the same."""
    return re.sub(r"[\W_]+", "", title).casefold()
