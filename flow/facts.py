"""What people say with a step: texts and days, checked the same way in every machine."""

from __future__ import annotations

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

AHEAD = 10  # years a deadline may lie ahead
CENTURY = (2000, 2100)


def said(name: str, text: str, most: int = 500, required: bool = True) -> str:
    """What somebody wrote. Raises ValidationError where it is missing or too long."""
    text = (text or "").strip()
    if required and not text:
        raise ValidationError({name: _("Please write something.")})
    if len(text) > most:
        raise ValidationError({name: _("At most %(most)s characters, please.") % {"most": most}})
    return text


def ahead(name: str, day: date | None, at: datetime | None = None) -> date:
    """A day that is not over, at the moment the step was taken. Raises ValidationError."""
    if day is None:
        raise ValidationError({name: _("Please choose a day.")})
    today = timezone.localdate(at)
    if day < today:
        raise ValidationError({name: _("This day is over.")})
    if day.year > today.year + AHEAD:
        raise ValidationError({name: _("At most %(years)s years ahead, please.") % {"years": AHEAD}})
    return day


def believable(**days: date | None) -> None:
    """Days of a year that can be meant, each by its field: a slip of the hand is no year 0001. Raises ValidationError."""
    first, end = CENTURY
    if wrong := [name for name, day in days.items() if day is not None and not first <= day.year < end]:
        raise ValidationError(dict.fromkeys(wrong, _("Please choose a day of this century.")))
