"""What the office asks and who has answered: one page for each request and period."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views import View

from indicators import permissions as perm
from indicators import request_queries as queries
from indicators import requests, sheets
from indicators.models import ReturnDue, ReturnRequest
from indicators.request_crud import REQUEST
from indicators.request_queries import MISSING, Round
from indicators.request_states import DUE_STATES
from indicators.request_tables import deadline
from indicators.spans import written
from tenancy.access import can
from ui.excel import workbook
from ui.listing import EXCEL
from ui.pages import SignedIn, go, next_url, whole


class Request(SignedIn, View):
    """Every hospital of one period: how far it is, how late, what the office may do."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked: ReturnRequest = REQUEST.get(request.user, pk)
        spans = queries.periods(request.user, asked)
        chosen = next(
            (span for span in spans if f"{span[0]}" == request.GET.get("period")), spans[0] if spans else None
        )
        found = queries.round_of(request.user, asked, chosen) if chosen else Round(asked, (asked.valid_from,) * 2, [])
        state = request.GET.get("state", "")
        rows = found.of(state)
        if request.GET.get("export") == "xlsx":
            headers = {"Content-Disposition": f'attachment; filename="returns-{found.key}.xlsx"'}
            return HttpResponse(workbook(*sheets.round_of(found, rows)), EXCEL, headers=headers)
        today = timezone.localdate()
        facts = {
            "object": asked, "round": found, "state": state, "states": _tabs(found), "chosen": chosen,
            "periods": [(f"{span[0]}", written(*span), span == chosen) for span in spans],
            "rows": [(row, row.late(today), deadline(row.due_on, row.state)) for row in rows],
            "lines": asked.lines.select_related("quantity"), "may": can(request.user, perm.RETURN_CHANGE, asked),
            "here": request.get_full_path(),
        }  # fmt: skip
        return TemplateResponse(request, "indicators/request.html", facts)


def _tabs(found: Round) -> list[tuple[str, Any, int]]:
    """(state, its words, how many) of the period."""
    words = [(state.value, state.label) for state in DUE_STATES.values()]
    return [("", None, len(found.rows)), (MISSING, None, found.counts.get(MISSING, 0))] + [
        (value, label, found.counts.get(value, 0)) for value, label in words
    ]


class Remind(SignedIn, View):
    """Remind one hospital, or all that are missing in a period, with one tap."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked: ReturnRequest = REQUEST.get(request.user, pk)
        if not can(request.user, perm.RETURN_CHANGE, asked):
            raise PermissionDenied(perm.RETURN_CHANGE)
        number = requests.remind(request.user, asked, self.rows(request, asked))
        said = ngettext("%(count)s hospital was reminded.", "%(count)s hospitals were reminded.", number)
        messages.success(request, said % {"count": number})
        return go(request, next_url(request, reverse("indicators:request", args=[pk])))

    def rows(self, request: HttpRequest, asked: ReturnRequest) -> list[ReturnDue]:
        if "due" in request.POST:
            mine = queries.dues(request.user).filter(request=asked)
            return [get_object_or_404(mine, pk=whole(request.POST["due"]))]
        spans = queries.periods(request.user, asked)
        chosen = next((span for span in spans if f"{span[0]}" == request.POST.get("period")), None)
        if chosen is None:
            raise Http404
        found = queries.round_of(request.user, asked, chosen)
        return [*found.of("open"), *found.of("returned")]
