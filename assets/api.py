"""The register of assets in the API."""

from __future__ import annotations

import django_filters
from rest_framework import serializers

from assets.filters import AssetFilters
from assets.models import Asset, Kind
from assets.permissions import ASSET_VIEW
from assets.states import CRITICALITY, STATES
from flow.states import choices
from ui.api import Resource, Row


class AssetRow(Row):
    """One thing with a number of its own."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.IntegerField(source="kind_id")
    kind_name = serializers.CharField(source="kind.name")
    family = serializers.ChoiceField(Kind.Family.choices, source="kind.family")
    place = serializers.IntegerField(source="place_id")
    place_name = serializers.CharField(source="place.full_name")
    custodian = serializers.IntegerField(source="custodian_id", allow_null=True)
    custodian_name = serializers.CharField(source="custodian.name", allow_null=True)
    department = serializers.CharField(help_text="the department that keeps it in order")
    state = serializers.ChoiceField(choices(STATES))
    criticality = serializers.ChoiceField(choices(CRITICALITY))
    maker = serializers.CharField()
    model = serializers.CharField()
    serial = serializers.CharField()
    supplier = serializers.CharField()
    bought_on = serializers.DateField(allow_null=True)
    warranty_until = serializers.DateField(allow_null=True)
    value = serializers.DecimalField(14, 2, allow_null=True, help_text="yuan")


class AssetFilter(AssetFilters):
    """The filters of the list people see, and by keys; `place` is one place itself."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    place = django_filters.NumberFilter(field_name="place_id")
    kind = django_filters.NumberFilter(field_name="kind_id")
    code = django_filters.CharFilter()
    department = django_filters.CharFilter()


class Assets(Resource):
    """Building plant, medical devices and whatever else is kept in order one by one."""

    queryset = Asset.objects.all()
    serializer_class = AssetRow
    filterset_class = AssetFilter
    view_permission = ASSET_VIEW
    sorts = {"code": ("code", "id")}
