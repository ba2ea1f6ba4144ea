"""Plans in the API: what is inspected, how often, and the dates to come."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.response import Response

from flow.states import choices
from inspections import forecast
from inspections import permissions as perm
from inspections.models import Plan
from inspections.plan_filters import PlanFilters
from inspections.states import BASES, HOLIDAYS, PLAN_STATES, STEPS, SUBJECTS
from ui.api import Resource, Row
from ui.pages import whole

DATES, MOST_DATES = 12, 60  # told, and at most


class PlanRow(Row):
    """What is inspected again and again: `every` so many steps, `weekdays` (0 Monday), `month_day`, `nth` `weekday`."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    name = serializers.CharField()
    department = serializers.CharField()
    checklist = serializers.IntegerField(source="checklist_id")
    team = serializers.IntegerField(source="team_id")
    team_name = serializers.CharField(source="team.name")
    state = serializers.ChoiceField(choices(PLAN_STATES))
    subject = serializers.ChoiceField(choices(SUBJECTS))
    asset = serializers.IntegerField(source="asset_id", allow_null=True)
    kind = serializers.IntegerField(source="kind_id", allow_null=True)
    place = serializers.IntegerField(source="place_id")
    place_name = serializers.CharField(source="place.full_name")
    unit = serializers.IntegerField(source="unit_id", allow_null=True)
    every = serializers.IntegerField()
    step = serializers.ChoiceField([("", "—"), *choices(STEPS)])
    weekdays = serializers.ListField(child=serializers.IntegerField())
    month_day = serializers.IntegerField(allow_null=True)
    nth = serializers.IntegerField(allow_null=True)
    weekday = serializers.IntegerField(allow_null=True)
    offset_days = serializers.IntegerField()
    months = serializers.ListField(child=serializers.IntegerField())
    on_holiday = serializers.ChoiceField(choices(HOLIDAYS))
    basis = serializers.ChoiceField(choices(BASES))
    at = serializers.TimeField()
    until = serializers.TimeField(allow_null=True)
    starts_on = serializers.DateField()
    ends_on = serializers.DateField(allow_null=True)
    meter = serializers.CharField()
    meter_every = serializers.DecimalField(12, 1, allow_null=True)
    opens_before = serializers.IntegerField(help_text="hours")
    grace = serializers.IntegerField(help_text="hours")
    minutes = serializers.IntegerField()
    needs_signature = serializers.BooleanField()
    statutory = serializers.BooleanField()
    generated_until = serializers.DateField(allow_null=True, help_text="rounds are there up to this day")


class PlanParameters(PlanFilters):
    """The filters of the list people see; `place` is one place itself."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    place = django_filters.NumberFilter(field_name="place_id")


class Dates(serializers.Serializer[Any]):
    """The next dates, and how many rounds each of them makes."""

    dates = serializers.ListField(child=serializers.DateTimeField())
    rounds = serializers.IntegerField()


class Plans(Resource):
    """Inspection plans."""

    queryset = Plan.objects.all()
    serializer_class = PlanRow
    filterset_class = PlanParameters
    view_permission = perm.PLAN_VIEW
    sorts = {"name": ("name", "id")}

    @extend_schema(responses=Dates, parameters=[OpenApiParameter("count", int, description=f"1 to {MOST_DATES}")])
    @action(detail=True, methods=["get"])
    def dates(self, request: Any, pk: str) -> Response:
        """The next dates, as if each round were done when it is due; reckoned, beyond the rounds that are there."""
        found = Plan.objects.select_related("place").get(pk=self.get_object().pk)
        count = whole(request.query_params.get("count") or DATES)
        if count is None or count > MOST_DATES:
            raise ValidationError({"count": _("A number between 1 and %d, please.") % MOST_DATES})
        moments = forecast.upcoming(found, timezone.now(), count)
        return Response(
            {"dates": [timezone.localtime(at).isoformat() for at in moments], "rounds": forecast.things(found)}
        )
