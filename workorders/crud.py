"""The pages of orders that the common list, form and steps draw."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from kpi.permissions import FIGURE_VIEW
from tenancy import access
from ui.crud import Crud
from ui.search import Found
from workorders import catalogue, domain, rates
from workorders import permissions as perm
from workorders.catalogue_forms import ServiceForm
from workorders.filters import CostFilters, OrderFilters, ServiceFilters
from workorders.forms import OrderForm
from workorders.machine import ORDERS
from workorders.models import LabourRate, Service, WorkOrder
from workorders.rate_forms import RateForm
from workorders.tables import CostTable, OrderTable, RateTable, ServiceTable

RELATED = ("hospital", "service", "problem", "place", "asset", "unit", "team", "assignee", "contractor")


def orders() -> Any:
    return WorkOrder.objects.select_related(*RELATED)


ORDER = Crud(
    name="workorders:order",
    title=_("Work orders"),
    queryset=orders,
    view=perm.ORDER_VIEW,
    table=OrderTable,
    filterset=OrderFilters,
    form=OrderForm,
    update=lambda actor, order, **new: domain.edit_order(order, actor, **new),
    change=perm.ORDER_EDIT,
    machine=ORDERS,
    tabs=(
        (_("All"), ""),
        (_("Under way"), "state=open"),
        (_("Overdue"), "overdue=yes"),
        (_("Waiting for material"), "waiting=material"),
        (_("To be signed"), "state=done"),
        (_("Complaints"), "complaint=yes"),
    ),
    empty=_("No orders yet. What wards report stands here, newest first."),
    icon="clipboard-list",
    found=Found(
        1, "number", ("state", "place__full_name", "assignee__name", "reported_at"), straight=True, narrows=True
    ),
)

SERVICE = Crud(
    name="workorders:service",
    title=_("Service catalogue"),
    queryset=lambda: Service.objects.select_related("hospital", "team", "merged_into"),
    view=perm.SERVICE_VIEW,
    table=ServiceTable,
    filterset=ServiceFilters,
    form=ServiceForm,
    update=lambda actor, service, **new: catalogue.edit_service(service, actor, **new),
    change=perm.SERVICE_CHANGE,
    empty=_("No services. An administrator switches departments on for the hospital; their services come with them."),
    icon="category",
)


class CostCrud(Crud):
    """Orders whose cost one may see, and which one may see at all."""

    def rows(self, user: Any) -> Any:
        return super().rows(user).filter(access.where(user, perm.ORDER_VIEW, WorkOrder))

    def render(self, request: HttpRequest, *page: str, status: int = 200, **facts: Any) -> HttpResponse:
        """The page of sums, from which one comes here, is for who sees figures."""
        return super().render(request, *page, status=status, sees_sums=access.can(request.user, FIGURE_VIEW), **facts)


COST_LIST = CostCrud(
    name="workorders:cost",
    title=_("Orders and their cost"),
    queryset=WorkOrder.objects.all,
    view=perm.COST_VIEW,
    table=CostTable,
    filterset=CostFilters,
    empty=_("No finished orders here."),
    icon="receipt",
)
RATE = Crud(
    name="workorders:rate",
    title=_("Labour rates"),
    queryset=lambda: LabourRate.objects.select_related("hospital", "team", "contractor"),
    view=perm.RATE_VIEW,
    table=RateTable,
    form=RateForm,
    create=rates.set_rate,
    add=perm.RATE_CHANGE,
    add_label=_("Set a rate"),
    empty=_("No rates yet: an hour of work costs nothing. Set one for the hospital, a department, a team or a firm."),
    icon="currency-yuan",
)
