"""Steer: a telephone call, written down on one screen while the caller speaks."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from tenancy.access import can
from ui.pages import SignedIn, go, whole
from workorders import calling, domain, reporting
from workorders import permissions as perm
from workorders.desk_forms import CallForm
from workorders.models import WorkOrder
from workorders.states import OPEN


def answers_calls(request: HttpRequest) -> None:
    if not (can(request.user, perm.ORDER_REPORT) and can(request.user, perm.ORDER_DISPATCH)):
        raise PermissionDenied(perm.ORDER_REPORT)


class Call(SignedIn, View):
    """The call sheet; `?again=` fills it in from an earlier order that the caller reports anew."""

    def form(self, request: HttpRequest, *data: Any, **more: Any) -> CallForm:
        answers_calls(request)
        return CallForm(*data, actor=request.user, hospital=getattr(request, "hospital", None), **more)

    def get(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request, initial=self.again(request))
        return render(request, "workorders/desk_call.html", {"form": form})

    def again(self, request: HttpRequest) -> dict[str, Any]:
        pk, hospital = whole(request.GET.get("again")), getattr(request, "hospital", None)
        mine = WorkOrder.objects.for_user(request.user, perm.ORDER_VIEW)
        order = mine.filter(pk=pk, hospital=hospital["id"]).first() if pk and hospital else None
        if order is None:
            return {}
        what = f"p{order.problem_id}" if order.problem_id else f"s{order.service_id}"
        facts = {"title": order.title, "reporter_name": order.reporter_name, "phone": order.phone}
        return {"place": order.place_id, "what": what, **facts}

    def post(self, request: HttpRequest) -> HttpResponse:
        form = self.form(request, request.POST)
        if form.is_valid():
            try:
                order = domain.open_order(request.user, **form.cleaned_data)
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, _("%(what)s: written down") % {"what": order})
                return go(request, reverse("workorders:desk_order", args=[order.pk]))
        return render(request, "workorders/desk_call.html", {"form": form}, status=422)


@login_required
@require_GET
def caller(request: HttpRequest) -> HttpResponse:
    """What is known of who is on the line, as soon as a place is chosen or a number typed."""
    answers_calls(request)
    chosen, phone = whole(request.GET.get("place")), request.GET.get("phone", "").replace("\0", "")[:30]
    hospital = getattr(request, "hospital", None)
    place = reporting.reportable(request.user).filter(pk=chosen).first() if chosen else None
    at = place.hospital_id if place else hospital["id"] if hospital else None
    if at is None or (place is None and not phone.strip()):
        return HttpResponse()
    facts = {"caller": calling.caller_of(request.user, at, place, phone)}
    return render(request, "workorders/partials/caller.html", facts)


class JoinCall(SignedIn, View):
    """The same fault: no second order; it stands in the open one who called about it too."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        answers_calls(request)
        order = get_object_or_404(WorkOrder.objects.for_user(request.user, perm.ORDER_VIEW), pk=pk)
        if order.state not in OPEN:
            messages.error(request, _("%(what)s is not open any more. Please write the call down.") % {"what": order})
            return go(request, reverse("workorders:desk_call") + f"?again={order.pk}")
        said = (request.POST.get("reporter_name", "").strip(), request.POST.get("phone", "").strip())
        domain.join(order, request.user, caller=" · ".join(filter(None, said))[:100])
        messages.success(request, _("%(what)s: noted who called about it too") % {"what": order})
        return go(request, reverse("workorders:order", args=[order.pk]))


urls = [
    path("desk/call/", Call.as_view(), name="desk_call"),
    path("desk/call/place/", caller, name="desk_caller"),
    path("desk/call/<int:pk>/join/", JoinCall.as_view(), name="desk_join"),
]
