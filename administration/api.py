"""The organisation in the API: hospitals, places, units."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from administration.filters import PlaceListFilter
from administration.filters import UnitFilter as UnitListFilter
from tenancy import access
from tenancy.models import Hospital, Place, Unit
from tenancy.permissions import PLACE_VIEW, UNIT_VIEW
from ui.api import Resource, Row
from ui.filters import FilterSet


class HospitalRow(Row):
    """A member institution."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    kind = serializers.ChoiceField(Hospital.Kind.choices)
    consortium = serializers.IntegerField(source="consortium_id")
    modules = serializers.ListField(child=serializers.CharField(), help_text="departments that are switched on")


class PlaceRow(Row):
    """A node of a hospital's tree of places."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    kind = serializers.ChoiceField(Place.Kind.choices)
    code = serializers.CharField()
    name = serializers.CharField()
    full_name = serializers.CharField()
    phone = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)


class UnitRow(Row):
    """A clinical or administrative department of a hospital."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(Unit.Kind.choices)
    place = serializers.IntegerField(source="place_id", allow_null=True)
    phone = serializers.CharField()
    closed_on = serializers.DateField(allow_null=True)


class HospitalFilter(FilterSet):
    search_in = ("name", "short_name")
    code = django_filters.CharFilter()
    kind = django_filters.ChoiceFilter(choices=Hospital.Kind.choices)


class PlaceFilter(PlaceListFilter):
    """The filters of the list people see, and by keys."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    parent = django_filters.NumberFilter(field_name="parent_id")
    code = django_filters.CharFilter()
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")


class UnitFilter(UnitListFilter):
    """The filters of the list people see, and by keys."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    code = django_filters.CharFilter()
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")


class Hospitals(Resource):
    """The hospitals the person works with."""

    queryset = Hospital.objects.all()
    serializer_class = HospitalRow
    filterset_class = HospitalFilter
    sorts = {"code": ("code", "id")}

    def get_queryset(self) -> QuerySet[Hospital]:
        return Hospital.objects.filter(pk__in=[h["id"] for h in access.hospitals(self.request.user)])


class Places(Resource):
    """Campuses, buildings, floors and rooms, in the order of the tree."""

    queryset = Place.objects.all()
    serializer_class = PlaceRow
    filterset_class = PlaceFilter
    view_permission = PLACE_VIEW
    sorts = {"tree": ("path", "id")}


class Units(Resource):
    """Clinical and administrative departments: who reports, and whom costs fall on."""

    queryset = Unit.objects.all()
    serializer_class = UnitRow
    filterset_class = UnitFilter
    view_permission = UNIT_VIEW
    sorts = {"code": ("code", "id")}
