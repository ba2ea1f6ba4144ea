"""A small site for the page layer: units as lists, records and forms; work orders as steps."""

from django import forms as fields
from django.http import HttpResponse
from django.urls import include, path

from tenancy import permissions as tenancy_perm
from tenancy.domain import add_unit, edit_unit
from tenancy.models import Unit
from ui import forms
from ui.crud import Crud
from ui.filters import ChoiceFilter, FilterSet, PlaceFilter
from ui.tables import Choice, PlacePath, Table, Text, Title
from workorders import permissions as perm
from workorders.machine import ORDERS
from workorders.models import WorkOrder


class UnitTable(Table):
    columns = (
        Title("name", "Unit", url="units:unit", sort="name"),
        Text("code", "Code", sort="code"),
        Choice("kind", "Kind", choices=Unit.Kind.choices),
        PlacePath("place__full_name", "Place"),
        Text("phone", "Extension"),
    )
    order = "code"


class UnitFilter(FilterSet):
    search_in = ("name", "code")
    main = ("kind",)
    kind = ChoiceFilter(choices=Unit.Kind.choices, label="Kind")
    place = PlaceFilter()


class UnitForm(forms.Form):
    code = fields.CharField(label="Code", max_length=20)
    name = fields.CharField(label="Name", max_length=60)
    phone = fields.CharField(label="Extension", required=False)

    def clean(self):
        return super().clean() | ({} if self.obj else {"hospital": self.actor.memberships.get().hospital})


class OrderTable(Table):
    columns = (Title("number", "Number", url="orders:order"),)


units = Crud(
    name="units:unit",
    title="Units",
    queryset=lambda: Unit.objects.all(),
    view=tenancy_perm.UNIT_VIEW,
    table=UnitTable,
    filterset=UnitFilter,
    form=UnitForm,
    create=add_unit,
    add=tenancy_perm.UNIT_CHANGE,
    add_label="Add a unit",
    update=edit_unit,
    change=tenancy_perm.UNIT_CHANGE,
    tabs=(("Clinical", "kind=clinical"),),
    per_page=3,
)
orders = Crud(
    name="orders:order",
    title="Orders",
    queryset=lambda: WorkOrder.objects.select_related("service", "place", "team", "unit"),
    view=perm.ORDER_VIEW,
    table=OrderTable,
    machine=ORDERS,
)


def nothing(request):
    return HttpResponse()


def named(*names):
    return [path(f"{name}/", nothing, name=name) for name in names]


urlpatterns = [
    path("units/", include((units.urls, "units"))),
    path("orders/", include((orders.urls, "orders"))),
    path("account/", include((named("sign_in", "sign_out", "preferences"), "accounts"))),
    path("scope/", include((named("switch"), "tenancy"))),
    path("notices/", include((named("list", "bell"), "notices"))),
    path("lists/", include("exchange.list_urls")),
    *named("search"),
]
