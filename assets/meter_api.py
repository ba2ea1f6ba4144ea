"""Meters in the API: what counts on an asset, what it showed, and what it shows now."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from assets import meters
from assets.models import Meter, Reading
from assets.permissions import ASSET_VIEW, METER_READ
from tenancy.access import can
from ui.api import Resource, Row
from ui.filters import FilterSet

NEWEST = 200  # readings told at once


class MeterRow(Row):
    """What counts on an asset; `value` is the newest reading."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    asset = serializers.IntegerField(source="asset_id")
    asset_code = serializers.CharField(source="asset.code")
    name = serializers.CharField()
    unit = serializers.CharField()
    value = serializers.DecimalField(14, 1, allow_null=True)
    read_at = serializers.DateTimeField(allow_null=True)


class ReadingRow(serializers.Serializer[Any]):
    """One reading. `total` goes on over meters that were replaced: differences of it are use."""

    id = serializers.IntegerField(read_only=True)
    at = serializers.DateTimeField(required=False, help_text="now, if it is left out")
    value = serializers.DecimalField(14, 1, min_value=0)
    total = serializers.DecimalField(16, 1, read_only=True)
    replaced = serializers.BooleanField(required=False, default=False, help_text="the first reading of a new meter")
    source = serializers.CharField(
        required=False,
        default="",
        allow_blank=True,
        max_length=60,
        help_text="yours for it: sent again, it is taken once",
    )


class MeterParameters(FilterSet):
    """By hospital, asset and name."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    asset = django_filters.NumberFilter(field_name="asset_id")
    name = django_filters.CharFilter()

    class Meta:
        model = Meter
        fields: list[str] = []


class Meters(Resource):
    """Running hours, starts, kilometres, kilowatt-hours of assets."""

    queryset = Meter.objects.all()
    serializer_class = MeterRow
    filterset_class = MeterParameters
    view_permission = ASSET_VIEW
    sorts = {"id": ("id",)}

    @extend_schema(methods=["get"], request=None, responses=ReadingRow(many=True))
    @extend_schema(methods=["post"], request=ReadingRow, responses={201: ReadingRow})
    @action(detail=True, methods=["get", "post"])
    def readings(self, request: Any, pk: str) -> Response:
        """The newest readings; or one more. The same `source`, or the same moment and value, is one reading."""
        meter = Meter.objects.select_related("asset__place").get(pk=self.get_object().pk)
        if request.method == "POST":
            if not can(request.user, METER_READ, meter):
                raise PermissionDenied(METER_READ)
            said = ReadingRow(data=request.data)
            said.is_valid(raise_exception=True)
            facts = dict(said.validated_data)
            return Response(ReadingRow(meters.read(request.user, meter, facts.pop("value"), **facts)).data, status=201)
        found = Reading.objects.filter(meter=meter).order_by("-at")[:NEWEST]
        return Response(ReadingRow(found, many=True).data)
