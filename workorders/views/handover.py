"""Steer: the shift handover on one page, the records of earlier ones, and taking over with one tap."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from tenancy.access import can
from tenancy.models import Hospital
from ui.pages import Once, SignedIn, go, whole
from workorders import handovers, work_types
from workorders import permissions as perm

PAGE = 50


def hospital_of(request: HttpRequest) -> Any:
    """The hospital of the switch; None where several are looked at."""
    if not can(request.user, perm.ORDER_DISPATCH):
        raise PermissionDenied(perm.ORDER_DISPATCH)
    return getattr(request, "hospital", None)


def offered(request: HttpRequest) -> list[tuple[str, Any]]:
    """The departments this person may hand over: key, name."""
    hospital = hospital_of(request)
    modules = [slug for slug in work_types.departments() if hospital and slug in hospital["modules"]]
    found = handovers.departments_of(request.user, hospital["id"], modules) if hospital else []
    return [(slug, work_types.department_of(slug).label if slug else _("All departments")) for slug in found]


def listed(orders: dict[str, list[Any]]) -> list[tuple[str, Any, str, list[Any]]]:
    """The sections in their order: key, heading, drawing, orders."""
    return [(key, *handovers.SECTIONS[key], orders.get(key, [])) for key in handovers.SECTIONS]


class Sheet(SignedIn, View):
    """How the shift stands now; the outgoing person adds a word and hands over."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        hospital, department = self.chosen(request)
        if hospital is None or department is None:
            raise PermissionDenied(perm.ORDER_DISPATCH)
        once, home = Once(request), reverse("workorders:handover_list")
        if (earlier := once.earlier(home)) is not None:
            return go(request, earlier)
        remarks = request.POST.get("remarks", "").replace("\0", "")
        try:
            row = handovers.hand_over(request.user, Hospital.objects.get(pk=hospital["id"]), department, remarks)
        except ValidationError as error:
            once.failed()
            return self.show(request, refused=error.messages[0], remarks=remarks, status=422)
        url = reverse("workorders:handover_record", args=[row.pk])
        once.done(url)
        messages.success(request, _("Handed over. The next shift confirms it on this page."))
        return go(request, url)

    def chosen(self, request: HttpRequest) -> tuple[Any, str | None]:
        """The hospital and the department asked for, else the first that may be handed over; None: none may."""
        asked, keys = request.GET.get("department", ""), [slug for slug, _label in offered(request)]
        return hospital_of(request), asked if asked in keys else next(iter(keys), None)

    def show(self, request: HttpRequest, status: int = 200, **more: Any) -> HttpResponse:
        hospital, department = self.chosen(request)
        facts: dict[str, Any] = {"departments": offered(request), "department": department, "form_key": "", **more}
        if hospital and department is not None:
            at = timezone.now()
            sheet = handovers.sheet(request.user, hospital["id"], department, at)
            facts |= {"sheet": sheet, "sections": listed(sheet.sections), "at": at, "form_key": f"{at:%Y%m%d%H%M%S%f}"}
            facts["watches"] = [(watch.at, watch.words) for watch in (sheet.now, sheet.next)]
        return render(request, "workorders/handover.html", facts, status=status)


@login_required
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """One handover as it was written down, with its orders as they stand today."""
    row = get_object_or_404(handovers.handovers(request.user).select_related("hospital"), pk=pk)
    facts = {
        "row": row,
        "department": work_types.department_of(row.department).label if row.department else _("All departments"),
        "sections": listed(handovers.orders_of(row, request.user)),
        "watches": [(datetime.fromisoformat(at), words) for at, words in row.on_duty],
        "may_take": row.taken_at is None and row.given_by_id != request.user.pk,
    }
    return render(request, "workorders/handover_record.html", facts)


class Take(SignedIn, View):
    """The incoming person's tap."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(handovers.handovers(request.user), pk=pk)
        try:
            handovers.take_over(row, request.user)
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("You have taken over."))
        return go(request, reverse("workorders:handover_record", args=[pk]))


@login_required
@require_GET
def past(request: HttpRequest) -> HttpResponse:
    """Earlier handovers, the newest first."""
    hospital, before = hospital_of(request), whole(request.GET.get("before"))
    rows = handovers.handovers(request.user).order_by("-given_at", "-pk").select_related("hospital")
    rows = rows.filter(hospital=hospital["id"]) if hospital else rows
    last = rows.filter(pk=before).first() if before else None
    found = list((rows.filter(given_at__lte=last.given_at, pk__lt=last.pk) if last else rows)[: PAGE + 1])
    for row in found:
        row.of = work_types.department_of(row.department).label if row.department else _("All departments")
    facts = {"rows": found[:PAGE], "before": found[PAGE - 1].pk if len(found) > PAGE else None}
    return render(request, "workorders/handover_list.html", facts)


urls = [
    path("desk/handover/", Sheet.as_view(), name="handover"),
    path("desk/handover/past/", past, name="handover_list"),
    path("desk/handover/<int:pk>/", record, name="handover_record"),
    path("desk/handover/<int:pk>/take/", Take.as_view(), name="handover_take"),
]
