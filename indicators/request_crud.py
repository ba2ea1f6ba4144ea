"""The pages of requested returns that the common list, form and steps draw."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators import permissions as perm
from indicators import requests
from indicators.machine import DUES
from indicators.models import ReturnDue, ReturnRequest
from indicators.queries import consortium_of, may_take_in
from indicators.request_filters import DueFilters
from indicators.request_forms import RequestForm
from indicators.request_tables import DueTable, RequestTable
from ui.crud import Crud


def _create(actor: Any, **facts: Any) -> ReturnRequest:
    consortium = consortium_of(actor)
    if consortium is None:
        raise PermissionDenied(perm.RETURN_CHANGE)
    return requests.arrange(actor, ReturnRequest(consortium=consortium), **facts)


def _update(actor: Any, request: ReturnRequest, **facts: Any) -> ReturnRequest:
    return requests.arrange(actor, request, **facts)


class RequestCrud(Crud):
    """Requests are made for a whole consortium: who may change the returns of one hospital is offered no new one."""

    def render(self, request: HttpRequest, *page: str, status: int = 200, **facts: Any) -> HttpResponse:
        if "add" in facts:
            facts["add"] = facts["add"] and may_take_in(request.user)
        return super().render(request, *page, status=status, **facts)


REQUEST = RequestCrud(
    name="indicators:request",
    title=_("Requests for returns"),
    queryset=lambda: ReturnRequest.objects.all(),
    view=perm.RETURN_VIEW,
    table=RequestTable,
    form=RequestForm,
    create=_create,
    add=perm.RETURN_CHANGE,
    add_label=_("New request"),
    update=_update,
    change=perm.RETURN_CHANGE,
    by_hospital=False,
    empty=_("Nothing is asked of the hospitals yet. A request makes a form due for each of them, every period."),
    icon="clipboard-list",
)
DUE = Crud(
    name="indicators:due",
    title=_("Returns asked for"),
    queryset=lambda: ReturnDue.objects.select_related("hospital", "request", "person", "handed_in_by"),
    view=perm.RETURN_VIEW,
    table=DueTable,
    filterset=DueFilters,
    machine=DUES,
    tabs=(
        (_("All"), ""),
        (_("To be done by the hospital"), "state=to_fill"),
        (pgettext_lazy("past its last day", "Overdue"), "missing=yes"),
        (_("To be accepted"), "state=handed"),
    ),
    empty=_("Nothing is asked for yet. The office sets which figures it wants, and how often."),
    icon="clipboard-list",
)
