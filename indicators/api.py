"""Returns in the API: what is asked for, handing in, and the values as they stand."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from flow.states import choices
from indicators import permissions as perm
from indicators import plausibility
from indicators.library import quantity_words
from indicators.machine import DUES
from indicators.models import RequestedQuantity, Return, ReturnDue, ReturnRequest
from indicators.request_filters import DueFilters
from indicators.request_states import AUDIENCES, DUE_STATES, RHYTHMS
from tenancy.access import can
from ui.api import Facts, Made, Resource, Row
from ui.filters import FilterSet

NAMED = ("quantity__key", "quantity__name", "quantity__unit")


def _words(row: Facts) -> tuple[str, str]:
    """Name and unit of a quantity in the reader's language, where the library knows it."""
    return quantity_words(*(row[name] for name in NAMED))


class AskedLine(serializers.Serializer[Any]):
    """One quantity of a form."""

    key = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.CharField()
    help = serializers.CharField()


class RequestRow(Row):
    """What the office asks of the hospitals for every period."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    note = serializers.CharField()
    rhythm = serializers.ChoiceField(choices(RHYTHMS))
    begins = serializers.CharField()
    due_days = serializers.IntegerField()
    role = serializers.CharField()
    audience = serializers.ChoiceField(choices(AUDIENCES))
    group = serializers.CharField()
    valid_from = serializers.DateField()
    valid_until = serializers.DateField(allow_null=True)
    quantities = Made("id", make=lambda row: row["lines"], kind=AskedLine(many=True))


class DueRow(Row):
    """What one hospital has to hand in for one period."""

    id = serializers.IntegerField()
    request = serializers.IntegerField(source="request_id")
    request_name = serializers.CharField(source="request.name")
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    hospital_name = serializers.CharField(source="hospital.short_name")
    first = serializers.DateField()
    last = serializers.DateField()
    due_on = serializers.DateField()
    state = serializers.ChoiceField(choices(DUE_STATES))
    handed_in_at = serializers.DateTimeField(allow_null=True)
    accepted_at = serializers.DateTimeField(allow_null=True)
    times_returned = serializers.IntegerField()
    times_corrected = serializers.IntegerField()
    unknown = serializers.ListField(child=serializers.CharField())


class ReturnRow(Row):
    """One quantity of one hospital for a period, as it stands now."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    hospital_name = serializers.CharField(source="hospital.short_name")
    quantity = serializers.CharField(source="quantity.key")
    quantity_name = Made(*NAMED, make=lambda row: _words(row)[0], kind=serializers.CharField())
    unit = Made(*NAMED, make=lambda row: _words(row)[1], kind=serializers.CharField())
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.DecimalField(20, 4)
    changed_at = serializers.DateTimeField()


class FormLine(AskedLine):
    """One quantity of a hospital's form with the values of the period, the one before, and a year ago."""

    value = serializers.DecimalField(20, 4, allow_null=True)
    before = serializers.DecimalField(20, 4, allow_null=True)
    year_ago = serializers.DecimalField(20, 4, allow_null=True)


class HandIn(serializers.Serializer[Any]):
    """Every quantity that is asked, by its key; null: the hospital does not know it. A correction says why."""

    values = serializers.DictField(child=serializers.DecimalField(20, 4, min_value=0, allow_null=True))
    notes = serializers.DictField(child=serializers.CharField(allow_blank=True), default=dict)
    reason = serializers.CharField(max_length=500, required=False)

    def validate_values(self, values: Facts) -> Facts:
        """Keys that no answer could name are refused as others that are not asked."""
        return {key.encode("ascii", "replace").decode(): value for key, value in values.items()}


class DueParameters(DueFilters):
    """The filters of the list people see, and by keys."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    request = django_filters.NumberFilter(field_name="request_id")


class ReturnParameters(FilterSet):
    """By hospital, quantity and the first day of the period."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    quantity = django_filters.CharFilter(field_name="quantity__key")
    first = django_filters.DateFilter(field_name="first")

    class Meta:
        model = Return
        fields: list[str] = []


class Nothing(FilterSet):
    """There are few requests: none of them is searched for."""

    class Meta:
        model = ReturnRequest
        fields: list[str] = []


class Requests(Resource):
    """What the office asks for; for those who may see returns of the whole consortium."""

    queryset = ReturnRequest.objects.all()
    serializer_class = RequestRow
    filterset_class = Nothing
    view_permission = perm.RETURN_VIEW
    sorts = {"-id": ("-id",)}

    def dress(self, rows: list[Facts]) -> list[Facts]:
        lines: dict[int, list[Facts]] = {row["id"]: [] for row in rows}
        asked = RequestedQuantity.objects.filter(request__in=lines).select_related("quantity")
        for line in asked.order_by("request", "position", "id"):
            quantity = line.quantity
            facts = {"key": quantity.key, "name": quantity.label, "unit": quantity.measured_in, "help": line.help}
            lines[line.request_id].append(facts)
        return [{**row, "lines": lines[row["id"]]} for row in rows]


class Dues(Resource):
    """Returns that are asked for: read, with the form, and handed in."""

    queryset = ReturnDue.objects.all()
    serializer_class = DueRow
    filterset_class = DueParameters
    view_permission = perm.RETURN_VIEW
    sorts = {"-due_on": ("-due_on", "-id"), "due_on": ("due_on", "id")}

    @extend_schema(responses=FormLine(many=True))
    @action(detail=True, methods=["get"])
    def form(self, request: Any, pk: str) -> Response:
        """The quantities that are asked, with what stood there before."""
        asked = plausibility.asked(self.found())
        lines = [
            {
                "key": key, "name": quantity.label, "unit": quantity.measured_in, "help": asked.help[key],
                "value": asked.now.get(key), "before": asked.before.get(key), "year_ago": asked.year_ago.get(key),
            }
            for key, quantity in asked.quantities.items()
        ]  # fmt: skip
        return Response(FormLine(lines, many=True).data)

    @extend_schema(request=HandIn, responses=DueRow)
    @action(detail=True, methods=["post"], url_path="hand-in")
    def hand_in(self, request: Any, pk: str) -> Response:
        """Hand in, or with a `reason` correct what was handed in."""
        due, given = self.found(), HandIn(data=request.data)
        if not can(request.user, perm.RETURN_FILL, due):
            raise PermissionDenied(perm.RETURN_FILL)
        given.is_valid(raise_exception=True)
        DUES.move(
            due, "correct" if "reason" in given.validated_data else "hand_in", request.user, **given.validated_data
        )
        return Response(self.get_serializer(self.row(pk)).data)

    def found(self) -> ReturnDue:
        due: ReturnDue = self.get_object()
        return ReturnDue.objects.select_related(*DUES.select).get(pk=due.pk)


class Returns(Resource):
    """The values that hospitals reported, from files, forms and programs."""

    queryset = Return.objects.all()
    serializer_class = ReturnRow
    filterset_class = ReturnParameters
    view_permission = perm.RETURN_VIEW
    sorts = {"-id": ("-id",)}
