"""Steer: the queue of the desk, and dispatching."""

from __future__ import annotations

import hashlib
import secrets
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from flow.queries import attachments_of
from tenancy.access import can
from ui.moves import UNDO, steps
from ui.pages import Once, SignedIn, go, whole
from workorders import advice, dispatching, queries, work_types
from workorders import permissions as perm
from workorders.crud import ORDER, RELATED
from workorders.forms import DispatchForm
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.states import REPORTED, STATES, URGENCIES


def mine(request: HttpRequest) -> Any:
    """The orders this person may dispatch, at the hospital of the switch, of the department asked for."""
    if not can(request.user, perm.ORDER_DISPATCH):
        raise PermissionDenied(perm.ORDER_DISPATCH)
    rows = WorkOrder.objects.for_user(request.user, perm.ORDER_DISPATCH).filter(service__internal=False)
    hospital, department = getattr(request, "hospital", None), request.GET.get("department", "")
    rows = rows.filter(hospital_id=hospital["id"]) if hospital else rows
    return rows.filter(department=department) if department in work_types.departments() else rows


def departments(request: HttpRequest) -> list[tuple[str, Any, bool]]:
    """The departments to choose from: key, name, chosen?"""
    asked = request.GET.get("department", "")
    hospital = getattr(request, "hospital", None)
    names = work_types.departments().items()
    return [(slug, name.label, slug == asked) for slug, name in names if not hospital or slug in hospital["modules"]]


def the_queue(request: HttpRequest) -> dict[str, Any]:
    rows = dispatching.queue(mine(request), timezone.now())
    for row in rows:
        row["urgent"] = URGENCIES[row["urgency"]] if row["urgency"] != "normal" else None
    state = [(row["pk"], row["urgency"], row["late"], row["title"]) for row in rows]
    return {
        "queue": rows,
        "late": sum(row["late"] for row in rows),
        "version": hashlib.sha256(repr(state).encode()).hexdigest()[:12],
        "department": request.GET.get("department", ""),
    }


def panel(request: HttpRequest, order: WorkOrder | None, **more: Any) -> dict[str, Any]:
    """One order as the desk looks at it: the facts, who could do it, what else is open there."""
    if order is None:
        return {"object": None, "chosen": None, **more}
    crews = queries.crews(request.user, order) if order.state == REPORTED else []
    return {
        "object": order,
        "chosen": order.pk,
        "crud": ORDER,
        "state": STATES[order.state],
        "urgency": URGENCIES[order.urgency],
        "crews": crews,
        "advice": advice.advise(order, crews) if crews else [],
        "form_key": secrets.token_urlsafe(9),
        "steps": [step for step in steps(ORDER, order, request.user) if not step.url.endswith("/dispatch/")],
        "pictures": [f for f in attachments_of(order) if f.content_type.startswith("image/")],
        "also": list(queries.open_at(order.place).filter(pk__in=ORDER.rows(request.user)).exclude(pk=order.pk)[:6]),
        "may_merge": order.state in ORDERS.by_name["same"].sources,
        "department": request.GET.get("department", ""),
        "next": reverse("workorders:desk_order", args=[order.pk]),
        **more,
    }


def find(request: HttpRequest, pk: int | str | None) -> WorkOrder | None:
    return mine(request).select_related(*RELATED).filter(pk=pk).first() if pk else None


@login_required
@require_GET
def desk(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """The queue left, the chosen order right; for htmx only the order."""
    chosen = find(request, pk)
    if pk and chosen is None:
        raise Http404
    if pk and request.htmx:
        return render(request, "workorders/desk.html#panel", panel(request, chosen))
    queue = the_queue(request)
    first = queue["queue"][0]["pk"] if queue["queue"] else None
    facts = {**panel(request, chosen or find(request, first)), **queue, "departments": departments(request)}
    return render(request, "workorders/desk.html", facts)


@login_required
@require_GET
def queue(request: HttpRequest) -> HttpResponse:
    """The queue again, if it has changed."""
    facts = the_queue(request)
    if request.GET.get("version") == facts["version"]:
        return HttpResponse(status=204)
    return render(request, "workorders/desk.html#queue", {**facts, "chosen": whole(request.GET.get("chosen"))})


class Dispatch(SignedIn, View):
    """One tap sends somebody; the next order of the queue comes up by itself."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order, once = ORDER.get(request.user, pk, perm.ORDER_DISPATCH), Once(request)
        form = DispatchForm(request.POST, actor=request.user, obj=order)
        if not form.is_valid():
            return self.answer(request, order, 422, refused=form.errors.get("to", [_("Please choose.")])[0])
        if once.earlier(self.desk(request)) is None:
            try:
                row = ORDERS.move(order, "dispatch", request.user, **form.cleaned_data)
            except ValidationError as error:
                once.failed()
                status = 409 if getattr(error, "code", "") == "stale" else 422
                order.refresh_from_db()
                return self.answer(request, find(request, pk) or order, status, refused=error.messages[0])
            once.done(self.desk(request))
            who = form.cleaned_data["assignee"] or form.cleaned_data["team"]
            undo = UNDO + reverse("workorders:order_undo", args=[row.pk])
            messages.success(request, _("%(what)s: sent to %(who)s") % {"what": row, "who": who}, extra_tags=undo)
        return self.next(request, pk)

    def desk(self, request: HttpRequest) -> str:
        department = request.GET.get("department", "")
        return reverse("workorders:desk") + (f"?department={department}" if department else "")

    def next(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.htmx:
            return go(request, self.desk(request))
        facts = the_queue(request)
        rows = [row for row in facts["queue"] if row["pk"] != pk]
        chosen = rows[0]["pk"] if rows else None
        whole = {**panel(request, find(request, chosen)), **facts}
        return render(request, "workorders/desk_next.html", {**whole, "home": self.desk(request)})

    def answer(self, request: HttpRequest, order: WorkOrder, status: int, **more: Any) -> HttpResponse:
        facts = panel(request, order, stale=status == 409, **more)
        if request.htmx:
            return render(request, "workorders/desk.html#panel", facts, status=status)
        whole = {**facts, **the_queue(request), "departments": departments(request)}
        return render(request, "workorders/desk.html", whole, status=status)


urls = [
    path("desk/", desk, name="desk"),
    path("desk/queue/", queue, name="desk_queue"),
    path("desk/<int:pk>/", desk, name="desk_order"),
    path("desk/<int:pk>/dispatch/", Dispatch.as_view(), name="desk_dispatch"),
]
