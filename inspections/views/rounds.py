"""The record of a round for the desk and the head: answers, findings, times, who signed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views import View

from flow.queries import attachments_of, history_of
from inspections import findings, keying, round_papers, telling
from inspections import permissions as perm
from inspections.models import Finding, Round
from inspections.round_crud import ROUND
from inspections.round_tables import standing
from inspections.states import DUE
from tenancy.access import can
from ui.pages import SignedIn, go


class Record(SignedIn, View):
    """Everything about one round."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = ROUND.get(request.user, pk)
        files, stops = list(attachments_of(round)), telling.stops(round)
        facts = {
            "object": round,
            "state": standing(round.state, round.late_from),
            "stops": stops,
            "hazards": telling.hazards_seen(request.user, stops),
            "history": history_of(round),
            "signature": next((file for file in files if file.kind == "signature"), None),
            "rests": list(round.rests.order_by("part")),
            "may_decide": can(request.user, perm.ROUND_ASSIGN, round),
            "may_work": can(request.user, perm.ROUND_WORK, round),
            "may_key_in": keying.may_key_in(request.user, round),
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


class Paper(SignedIn, View):
    """The sheet to take along."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = ROUND.get(request.user, pk)
        answer = HttpResponse(round_papers.paper(round), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="round-{round.pk}.pdf"'
        return answer


class KeyIn(SignedIn, View):
    """What stands on a sheet of paper, keyed in with tab and numbers."""

    def show(self, round: Round, form: keying.SheetForm, status: int = 200) -> HttpResponse:
        return render(self.request, "inspections/round_key_in.html", {"object": round, "form": form}, status=status)

    def find(self, pk: int) -> Round:
        round: Round = ROUND.get(self.request.user, pk)
        if not can(self.request.user, perm.ROUND_WORK, round):
            raise PermissionDenied
        return round

    def too_late(self, round: Round) -> HttpResponse:
        """The sheet was keyed in before, or the round was begun on a phone: its record says by whom."""
        name = round.assignee.name if round.state == DUE and round.assignee else ""
        settled = _("This sheet cannot be keyed in any more: the round was begun or settled otherwise.")
        messages.warning(self.request, _("%(name)s does this round.") % {"name": name} if name else settled)
        return go(self.request, ROUND.url_of(round))

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = self.find(pk)
        if not keying.may_key_in(request.user, round):
            return self.too_late(round)
        return self.show(round, keying.SheetForm(actor=request.user, obj=round))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        round = self.find(pk)
        if not keying.may_key_in(request.user, round):
            return self.too_late(round)
        form = keying.SheetForm(request.POST, actor=request.user, obj=round)
        if form.is_valid():
            try:
                keying.key_in(request.user, round, form)
            except ValidationError as error:
                form.refuse(error)
            else:
                messages.success(request, _("The sheet is keyed in."))
                return go(request, ROUND.url_of(round))
        return self.show(round, form, 422)


own: list[Any] = [
    path("<int:pk>/paper.pdf", Paper.as_view(), name="round_paper"),
    path("<int:pk>/key-in/", KeyIn.as_view(), name="round_key_in"),
    path("<int:pk>/finding/<int:finding>/", Decide.as_view(), name="round_decide"),
    path("<int:pk>/", Record.as_view(), name="round"),
]
urls = [path("rounds/", include([*own, *ROUND.urls]))]
