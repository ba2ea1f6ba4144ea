"""Rows whose years no form takes any more: entered before the forms refused them, found by name, put right by people."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Model, Q
from django.urls import reverse
from django.utils import timezone

from assets.duties import LONGEST
from assets.models import AssetDuty, DutyTerm, Reading
from indicators.models import Return, ReturnRequest
from indicators.requests import OLDEST
from kpi.periods import FIRST_YEAR
from people.models import SkillTerm
from tenancy.models import Hospital

CERTIFIED = 100  # years a certificate may reach back or ahead


@dataclass(frozen=True)
class Wrong:
    """One row: what it is, its days, the page where it is put right."""

    what: str
    days: str
    url: str

    def __str__(self) -> str:
        return f"{self.what}: {self.days} → {settings.BASE_URL}{self.url}"


def _beyond(first: int, last: int, *names: str) -> Q:
    """A day before the first of these years, or after the last of them."""
    found = Q()
    for name in names:
        found |= Q(**{f"{name}__lt": date(first, 1, 1)}) | Q(**{f"{name}__gt": date(min(last, MAXYEAR), 12, 31)})
    return found


def _said(row: Model, *names: str) -> str:
    days = ((name, getattr(row, name)) for name in names)
    local = ((name, timezone.localdate(day) if isinstance(day, datetime) else day) for name, day in days if day)
    return ", ".join(f"{name} {day.isoformat()}" for name, day in local)


def of_hospital(hospital: Hospital) -> Iterator[Wrong]:
    """Readings of meters, duties and certificates, values reported. Inside the hospital's scope."""
    this = timezone.localdate().year
    opens = timezone.make_aware(datetime(FIRST_YEAR, 1, 1))
    for read in Reading.objects.filter(hospital=hospital, at__lt=opens).select_related("meter__asset"):
        page = reverse("assets:meter_read", args=[read.meter.asset_id, read.meter_id])
        yield Wrong(f"reading of {read.meter} of {read.meter.asset}", _said(read, "at"), page)
    days = ("done_on", "due_on", "apply_by", "applied_on")
    for duty in AssetDuty.objects.filter(_beyond(FIRST_YEAR, this + LONGEST, *days), hospital=hospital):
        yield Wrong(f"duty {duty} of {duty.asset}", _said(duty, *days), reverse("assets:asset", args=[duty.asset_id]))
    span = ("valid_from", "valid_until")
    for term in DutyTerm.objects.filter(_beyond(FIRST_YEAR, this + LONGEST, *span), hospital=hospital):
        yield Wrong(f"term of {term.duty}", _said(term, *span), reverse("assets:asset", args=[term.duty.asset_id]))
    for held in SkillTerm.objects.filter(_beyond(this - CERTIFIED, this + CERTIFIED, *span), hospital=hospital):
        page = reverse("people:person_skills", args=[held.member_id])
        yield Wrong(f"certificate {held.skill} of {held.member}", _said(held, *span), page)
    for value in Return.objects.filter(_beyond(FIRST_YEAR, this + 1, "first", "last"), hospital=hospital):
        yield Wrong(f"value of {value.quantity}", _said(value, "first", "last"), _where(value))


def _where(value: Return) -> str:
    """Where a value is corrected: the form it came by, or the file, or the files."""
    if value.due_id:
        return reverse("indicators:due", args=[value.due_id])
    return reverse("indicators:file", args=[value.file_id]) if value.file_id else reverse("indicators:files")


def of_consortium(consortium: int) -> Iterator[Wrong]:
    """Requests for returns. Inside the scope of its hospitals."""
    last, days = timezone.localdate().year + OLDEST, ("valid_from", "valid_until")
    wrong: Any = _beyond(FIRST_YEAR, last, "valid_from") | _beyond(FIRST_YEAR, MAXYEAR, "valid_until")
    for asked in ReturnRequest.objects.filter(wrong, consortium=consortium):
        yield Wrong(f"request {asked}", _said(asked, *days), reverse("indicators:request_edit", args=[asked.pk]))
