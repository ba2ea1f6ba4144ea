"""What the pages of months share: which hospital, which month."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest
from django.utils import timezone

from assessment.forms import month_of
from assessment.queries import consortium_of
from kpi.periods import FIRST_YEAR, earlier
from tenancy.access import hospitals, hospitals_with
from tenancy.models import Consortium, Hospital
from ui.pages import whole

SHOWN = 13  # months offered at once


def last_month() -> date:
    """The month that was over last."""
    return earlier(timezone.localdate(), 1)


def asked_month(request: HttpRequest) -> date:
    """The month of the address; the last one that is over where there is none. 404 for one that is not over."""
    text = request.GET.get("month") or request.POST.get("month") or ""
    if not text:
        return last_month()
    try:
        month = month_of(text)
    except ValidationError as error:
        raise Http404 from error
    if not date(FIRST_YEAR, 1, 1) <= month <= last_month():
        raise Http404
    return month


def offered_months(chosen: date) -> list[date]:
    """The chosen month among the last ones."""
    found = [earlier(last_month(), n) for n in range(SHOWN)]
    return found if chosen in found else [*found, chosen]


def offered_hospitals(user: Any, permission: str) -> list[dict[str, Any]]:
    held = hospitals_with(user, permission)
    return [one for one in hospitals(user) if one["id"] in held]


def asked_hospital(request: HttpRequest, permission: str) -> Hospital:
    """The hospital of the address, of the switch, or the first one. 403 for who sees none, 404 for one that is not theirs."""
    offered = [one["id"] for one in offered_hospitals(request.user, permission)]
    if not offered:
        raise PermissionDenied(permission)
    chosen: Any = getattr(request, "hospital", None)
    asked = request.GET.get("hospital") or request.POST.get("hospital") or ""
    pk = whole(asked) if asked else chosen["id"] if chosen and chosen["id"] in offered else offered[0]
    if pk not in offered:
        raise Http404
    return Hospital.objects.get(pk=pk)


def asked_consortium(user: Any, permission: str) -> Consortium:
    """The consortium for which the person may do this. 403 where there is none."""
    found = consortium_of(user, permission)
    if found is None:
        raise PermissionDenied(permission)
    return found
