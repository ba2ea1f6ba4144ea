"""The record of a round for the desk and the head: answers, findings, times, who signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views import View

from flow.queries import attachments_of, history_of
from inspections import findings, telling
from inspections import permissions as perm
from inspections.models import Finding
from inspections.round_crud import ROUND
from inspections.round_tables import standing
from tenancy.access import can
from ui.pages import SignedIn, go


class Record(SignedIn, View):
    """Everything about one round."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = ROUND.get(request.user, pk)
        files = list(attachments_of(round))
        facts = {
            "object": round,
            "state": standing(round.state, round.late_from),
            "stops": telling.stops(round),
            "history": history_of(round),
            "signature": next((file for file in files if file.kind == "signature"), None),
            "rests": list(round.rests.order_by("part")),
            "may_decide": can(request.user, perm.ROUND_ASSIGN, round),
            "may_work": can(request.user, perm.ROUND_WORK, round),
        }
        return ROUND.render(request, "detail", **facts)


class Decide(SignedIn, View):
    """One tap for what nobody has decided yet: fixed, an order, a hazard."""

    def post(self, request: HttpRequest, pk: int, finding: int) -> HttpResponse:
        round = ROUND.get(request.user, pk)
        row = get_object_or_404(Finding.objects.select_related("round"), pk=finding, round=round)
        if not (can(request.user, perm.ROUND_ASSIGN, round) or can(request.user, perm.ROUND_WORK, round)):
            raise PermissionDenied
        try:
            findings.decide(request.user, row, request.POST.get("became", ""), note=request.POST.get("note", ""))
        except ValidationError as error:
            messages.error(request, error.messages[0])
        else:
            messages.success(request, _("Written down."))
        return go(request, ROUND.url_of(round))


own: list[Any] = [
    path("<int:pk>/finding/<int:finding>/", Decide.as_view(), name="round_decide"),
    path("<int:pk>/", Record.as_view(), name="round"),
]
urls = [path("rounds/", include([*own, *ROUND.urls]))]
