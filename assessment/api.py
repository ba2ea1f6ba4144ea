"""Published and frozen figures in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from rest_framework import serializers

from assessment import permissions as perm
from assessment import queries
from assessment.models import FrozenFigure, PublishedFigure
from ui.api import Resource, Row
from ui.filters import FilterSet


class _Figure(Row):
    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    key = serializers.CharField()
    label = serializers.CharField()
    month = serializers.DateField()
    first = serializers.DateField()
    last = serializers.DateField()
    revision = serializers.IntegerField()
    numerator = serializers.DecimalField(24, 4, allow_null=True)
    denominator = serializers.DecimalField(24, 4, allow_null=True)
    value = serializers.DecimalField(34, 10, allow_null=True)
    unit = serializers.CharField()
    good = serializers.CharField()
    target = serializers.DecimalField(24, 4, allow_null=True)
    floor = serializers.DecimalField(24, 4, allow_null=True)
    stretch = serializers.DecimalField(24, 4, allow_null=True)
    small = serializers.BooleanField()
    excluded = serializers.IntegerField()
    version = serializers.CharField()
    cause = serializers.CharField()
    digest = serializers.CharField()


class PublishedRow(_Figure):
    """A published figure; of a restated one every revision is a row of its own."""

    tone = serializers.CharField()
    frozen = serializers.IntegerField(source="frozen_id")
    published_at = serializers.DateTimeField()


class FrozenRow(_Figure):
    """A frozen figure of a hospital, with the sums it was made of and the chain it stands in."""

    records = serializers.IntegerField()
    inputs = serializers.JSONField()
    definition = serializers.JSONField()
    exclusions = serializers.JSONField()
    frozen_at = serializers.DateTimeField()
    frozen_name = serializers.CharField()
    rows_sha256 = serializers.CharField()
    previous = serializers.CharField()


class FigureParameters(FilterSet):
    """By hospital, indicator and month (its first day)."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    key = django_filters.CharFilter()
    month = django_filters.DateFilter()

    class Meta:
        model = FrozenFigure
        fields: list[str] = []


class PublishedParameters(FigureParameters):
    class Meta:
        model = PublishedFigure
        fields: list[str] = []


class Published(Resource):
    """What was published to all members of the consortium."""

    queryset = PublishedFigure.objects.all()
    serializer_class = PublishedRow
    filterset_class = PublishedParameters
    view_permission = perm.PUBLISHED_VIEW
    sorts = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> QuerySet[Any]:
        return queries.published_rows(self.request.user)


class Frozen(Resource):
    """A hospital's frozen figures; never altered, restated ones have a further revision."""

    queryset = FrozenFigure.objects.all()
    serializer_class = FrozenRow
    filterset_class = FigureParameters
    view_permission = perm.FROZEN_VIEW
    sorts = {"-id": ("-id",), "id": ("id",)}

    def get_queryset(self) -> QuerySet[Any]:
        return queries.frozen(self.request.user)
