"""Steer: what work cost, the orders behind a sum, and what an hour of work is reckoned with."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path
from django.utils.translation import gettext as _

from kpi.periods import parse
from kpi.queries import visible
from kpi.views import FigurePage
from tenancy.access import can
from ui.excel import workbook
from ui.listing import EXCEL, List
from workorders import permissions as perm
from workorders.costs import Costs
from workorders.crud import COST_LIST, RATE
from workorders.kpis import COST


class CostPage(FigurePage):
    """Who sees figures, and cost among them, sees what the work of the chosen hospital cost."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, perm.COST_VIEW):
            raise PermissionDenied(perm.COST_VIEW)
        stand, period = self.stand(request), parse(request.GET.get("period", ""))
        if stand is None or COST not in visible(request.user, stand):
            return self.page("none", period)
        costs = Costs(request.user, stand, period, request.GET.get("by", ""))
        if request.GET.get("export") == "xlsx":
            name = f'attachment; filename="costs-{period.key}.xlsx"'
            book = workbook(_("Costs"), *costs.sheet())
            return HttpResponse(book, EXCEL, headers={"Content-Disposition": name})
        facts = {"costs": costs, "period": period, "periods": self.periods(period)}
        return TemplateResponse(request, "workorders/costs.html", facts)


urls = [
    path("costs/", CostPage.as_view(), name="costs"),
    path("costs/orders/", List.as_view(crud=COST_LIST), name="cost_list"),
    path("labour-rates/", include(RATE.urls)),
]
