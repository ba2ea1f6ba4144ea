"""My month, and the month of somebody one leads."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.views import View

from kpi.periods import Period, parse
from reporting.mymonth import Month, memberships
from reporting.permissions import MONTH_VIEW
from tenancy.access import can
from tenancy.models import Membership
from ui.pages import SignedIn


class MonthPage(SignedIn, View):
    """The figures of one person of one month."""

    def show(self, request: HttpRequest, membership: Membership | None) -> HttpResponse:
        period = monthly(request.GET.get("period", ""))
        facts: dict[str, Any] = {"period": period}
        if membership is not None:
            facts |= {"month": Month(membership, period), "is_mine": membership.user_id == request.user.pk}
        return TemplateResponse(request, "reporting/month.html", facts)


def monthly(asked: str) -> Period:
    return parse(asked).of_kind("month")


class Mine(MonthPage):
    """Whoever is signed in sees their own, at the hospital of the switch or where they began first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        mine = memberships().filter(user=request.user.pk, ends_on=None)
        chosen = getattr(request, "hospital", None)
        if chosen and (here := mine.filter(hospital=chosen["id"]).first()):
            return self.show(request, here)
        return self.show(request, mine.order_by("starts_on", "pk").first())


class Theirs(MonthPage):
    """Somebody else's, for who may see it: as a whole, or by leading their team."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = get_object_or_404(memberships(), pk=pk)
        leads = found.team is not None and can(request.user, MONTH_VIEW, found.team)
        if not (found.user_id == request.user.pk or leads or can(request.user, MONTH_VIEW, found)):
            raise Http404
        return self.show(request, found)
