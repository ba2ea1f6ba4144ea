"""The reliability of one machine, beside the others of its kind."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from assets.models import Asset
from assets.permissions import ASSET_VIEW
from maintenance import reliability
from tenancy.access import can
from workorders.permissions import COST_VIEW, ORDER_VIEW

BESIDE = 50  # other machines of the kind that are compared


@login_required
@require_GET
def asset(request: HttpRequest, pk: int) -> HttpResponse:
    """Time between failures, time to repair, repeats, cost by year; with ?kind= of an older system's kind of work alone."""
    user = request.user
    found = get_object_or_404(Asset.objects.for_user(user, ASSET_VIEW).select_related("kind", "place"), pk=pk)
    if not can(user, ORDER_VIEW):
        raise PermissionDenied(ORDER_VIEW)
    kinds = reliability.old_kinds(found)
    kind = request.GET.get("kind", "")
    same = Asset.objects.for_user(user, ASSET_VIEW).filter(hospital_id=found.hospital_id, kind=found.kind)
    facts = {
        "object": found,
        "kinds": kinds,
        "kind": kind if kind in kinds else "",
        "own": reliability.of_assets(user, [found.pk], kind if kind in kinds else ""),
        "beside": reliability.of_kind(user, list(same.order_by("code")[:BESIDE])),
        "with_cost": can(user, COST_VIEW),
        "repeat": reliability.REPEAT.days,
    }
    return render(request, "maintenance/reliability.html", facts)
