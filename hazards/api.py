"""The register of hazards in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from assets.models import Asset
from assets.permissions import ASSET_VIEW
from flow.states import choices
from hazards import domain
from hazards import permissions as perm
from hazards.filters import HazardFilters
from hazards.models import Hazard
from hazards.states import GENERAL, GRADES, REPORT, SOURCES, STATES
from tenancy.models import Place
from tenancy.permissions import PLACE_VIEW
from ui.api import Resource, Row
from workorders.api_rows import Visible


class HazardRow(Row):
    """A hazard from when it is found until another person has verified that it is gone."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    title = serializers.CharField()
    description = serializers.CharField()
    grade = serializers.ChoiceField(choices(GRADES))
    state = serializers.ChoiceField(choices(STATES))
    source = serializers.ChoiceField(choices(SOURCES))
    source_note = serializers.CharField()
    department = serializers.CharField()
    place = serializers.IntegerField(source="place_id")
    place_name = serializers.CharField(source="place.full_name")
    asset = serializers.IntegerField(source="asset_id", allow_null=True)
    order = serializers.IntegerField(source="order_id", allow_null=True)
    found_at = serializers.DateTimeField()
    found_name = serializers.CharField()
    responsible_name = serializers.CharField(source="responsible.name", allow_null=True)
    due_on = serializers.DateField()
    interim = serializers.CharField()
    measures = serializers.CharField()
    rectified_at = serializers.DateTimeField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    reopened = serializers.IntegerField()


class HazardParameters(HazardFilters):
    """The filters of the list people see, and by keys; `place` is one place itself."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    place = django_filters.NumberFilter(field_name="place_id")
    number = django_filters.CharFilter()


class NewHazard(serializers.Serializer[Any]):
    """What a report needs. With a `form_key` that was used before, the answer is the hazard of that time."""

    place = Visible(Place, PLACE_VIEW)
    title = serializers.CharField(max_length=80)
    department = serializers.CharField(max_length=20)
    grade = serializers.ChoiceField(choices(GRADES), default=GENERAL)
    source = serializers.ChoiceField(choices(SOURCES), default=REPORT)
    source_note = serializers.CharField(max_length=120, default="", allow_blank=True)
    description = serializers.CharField(max_length=2000, default="", allow_blank=True)
    asset = Visible(Asset, ASSET_VIEW, required=False, allow_null=True)
    found_name = serializers.CharField(max_length=60, default="", allow_blank=True)
    form_key = serializers.UUIDField(required=False, allow_null=True)


class Hazards(Resource):
    """Hazards of all departments: found, rectified by a date, verified by another."""

    queryset = Hazard.objects.all()
    serializer_class = HazardRow
    filterset_class = HazardParameters
    view_permission = perm.HAZARD_VIEW
    permission_for = {"create": perm.HAZARD_REPORT}
    sorts = {"-found_at": ("-found_at", "-id"), "due_on": ("due_on", "id")}

    @extend_schema(request=NewHazard, responses={201: HazardRow})
    def create(self, request: Any) -> Response:
        """Report a hazard."""
        asked = NewHazard(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        made = domain.report(request.user, **asked.validated_data)
        return Response(self.get_serializer(self.row(made.pk, Hazard.objects.all())).data, status=201)
