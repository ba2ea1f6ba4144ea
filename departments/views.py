"""One page a department: what is open, who is there, what is promised."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from departments import queries
from departments.access import departments_of
from departments.registry import departments
from tenancy.access import can
from workorders.permissions import ORDER_DISPATCH, ORDER_VIEW
from workorders.states import URGENCIES


@login_required
@require_GET
def department(request: HttpRequest, slug: str) -> HttpResponse:
    """For the head and the staff of the department, at the hospital of the switch."""
    if slug not in departments():
        raise Http404
    if slug not in departments_of(request.user) or not can(request.user, ORDER_VIEW):
        raise PermissionDenied
    user, now = request.user, timezone.now()
    chosen = getattr(request, "hospital", None)
    hospital = chosen["id"] if chosen else None
    states, late = queries.counts(queries.orders(user, slug, hospital), now)
    dispatches = can(user, ORDER_DISPATCH)
    facts = {
        "department": departments()[slug],
        "narrowed": f"department={slug}" + (f"&hospital={hospital}" if hospital else ""),
        "states": states,
        "late": late,
        "queue": _dressed(queries.waiting(user, slug, hospital, now)) if dispatches else [],
        "dispatches": dispatches,
        "services": queries.services(user, slug, hospital),
        "crews": queries.crews(user, slug, hospital),
    }
    return render(request, "departments/department.html", facts)


def _dressed(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    for row in rows:
        row["urgent"] = URGENCIES[str(row["urgency"])] if row["urgency"] != "normal" else None
    return rows
