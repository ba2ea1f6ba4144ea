"""Steer: several reports to one crew in two taps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from tenancy.access import can
from ui.pages import Once, SignedIn, go, whole
from workorders import dispatching
from workorders import permissions as perm
from workorders.crud import RELATED
from workorders.forms import DispatchForm
from workorders.models import WorkOrder
from workorders.states import REPORTED

MOST = 100


class Several(SignedIn, View):
    """The chosen reports of one department; then who does them all."""

    def chosen(self, request: HttpRequest) -> list[WorkOrder]:
        """Of what was ticked, what this person may dispatch and still waits; of one hospital and department."""
        if not can(request.user, perm.ORDER_DISPATCH):
            raise PermissionDenied(perm.ORDER_DISPATCH)
        asked = request.POST if request.method == "POST" else request.GET
        keys = [pk for pk in map(whole, asked.getlist("id")[:MOST]) if pk]
        mine = WorkOrder.objects.for_user(request.user, perm.ORDER_DISPATCH).select_related(*RELATED)
        return list(mine.filter(pk__in=keys, state=REPORTED).order_by("respond_by", "pk"))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, self.chosen(request))

    def post(self, request: HttpRequest) -> HttpResponse:
        once, desk = Once(request), reverse("workorders:desk")
        if (earlier := once.earlier(desk)) is not None:
            return go(request, earlier)
        orders = self.chosen(request)
        form = self.form(request, orders, request.POST)
        if form is None or not form.is_valid():
            once.failed()
            return self.show(request, orders, form, 422)
        to = form.cleaned_data
        outcome = dispatching.send_several(request.user, orders, to["team"], to["assignee"])
        once.done(desk)
        self.say(request, outcome, to["assignee"] or to["team"])
        return go(request, desk)

    def form(self, request: HttpRequest, orders: list[WorkOrder], *data: Any) -> DispatchForm | None:
        """Who may do the first of them does them all, as they are of one department."""
        kinds = {(order.hospital_id, order.department) for order in orders}
        return DispatchForm(*data, actor=request.user, obj=orders[0]) if len(kinds) == 1 else None

    def say(self, request: HttpRequest, outcome: dispatching.Sent, who: Any) -> None:
        count = len(outcome.sent)
        if count:
            said = ngettext("%(n)s order sent to %(who)s", "%(n)s orders sent to %(who)s", count)
            messages.success(request, said % {"n": count, "who": who})
        for order, reason in outcome.refused:
            messages.warning(request, _("%(what)s: %(why)s") % {"what": order, "why": reason})

    def show(
        self, request: HttpRequest, orders: list[WorkOrder], form: DispatchForm | None = None, status: int = 200
    ) -> HttpResponse:
        facts = {"orders": orders, "form": form or self.form(request, orders)}
        return render(request, "workorders/desk_several.html", facts, status=status)


urls = [path("desk/several/", Several.as_view(), name="desk_several")]
