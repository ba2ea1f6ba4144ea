"""Rounds in the API: list, record, start, and what was found, in batches; the same endpoint serves phones without network."""

from __future__ import annotations

from typing import Any

import django_filters
from django.core.exceptions import PermissionDenied
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from flow.states import choices
from inspections import permissions as perm
from inspections import receiving, sheet, working
from inspections.machine import ROUNDS
from inspections.models import Round
from inspections.round_filters import RoundFilters
from inspections.states import ROUND_STATES
from tenancy.access import can
from ui.api import Facts, Resource, Row


class RoundRow(Row):
    """One inspection that is due, under way, done or skipped; missed is read off `late_from`."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    plan = serializers.IntegerField(source="plan_id")
    plan_name = serializers.CharField(source="plan.name")
    department = serializers.CharField()
    place = serializers.IntegerField(source="place_id")
    place_name = serializers.CharField(source="place.full_name")
    asset = serializers.IntegerField(source="asset_id", allow_null=True)
    team = serializers.IntegerField(source="team_id")
    assignee_name = serializers.CharField(source="assignee.name", allow_null=True)
    state = serializers.ChoiceField(choices(ROUND_STATES))
    opens_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    late_from = serializers.DateTimeField()
    started_at = serializers.DateTimeField(allow_null=True)
    done_at = serializers.DateTimeField(allow_null=True)
    done_name = serializers.CharField()
    signed_at = serializers.DateTimeField(allow_null=True)
    rest_of = serializers.IntegerField(source="rest_of_id", allow_null=True)
    skip_reason = serializers.CharField()
    points = serializers.IntegerField()
    points_done = serializers.IntegerField()
    not_counted = serializers.IntegerField()
    found = serializers.IntegerField()
    fixed = serializers.IntegerField()
    too_fast = serializers.IntegerField()
    score = serializers.DecimalField(8, 2, allow_null=True)
    full_score = serializers.DecimalField(8, 2, allow_null=True)


class RoundParameters(RoundFilters):
    """The filters of the list people see; `place` is one place itself."""

    hospital = django_filters.NumberFilter(field_name="hospital_id")
    place = django_filters.NumberFilter(field_name="place_id")
    plan = django_filters.NumberFilter(field_name="plan_id")
    asset = django_filters.NumberFilter(field_name="asset_id")


class Entry(serializers.Serializer[Any]):
    """One thing that was done; its key makes it arrive once. What else it needs goes by its kind (docs/api.md)."""

    key = serializers.UUIDField()
    kind = serializers.ChoiceField(sorted(receiving.ACTS))
    at = serializers.DateTimeField()
    point = serializers.IntegerField(required=False)
    item = serializers.IntegerField(required=False)
    raw = serializers.CharField(required=False)
    note = serializers.CharField(required=False)


class Batch(serializers.Serializer[Any]):
    """What was gathered, in order; `sent_at` by the same clock as the entries, so that a wrong clock is set right."""

    entries = Entry(many=True)
    sent_at = serializers.DateTimeField(required=False)


class Taken(serializers.Serializer[Any]):
    """Whether an entry was taken, and if not, why."""

    key = serializers.CharField()
    taken = serializers.BooleanField()
    why = serializers.CharField(required=False)


class Rounds(Resource):
    """Inspection rounds: equipment, wards, patrols, whatever a plan asks for."""

    queryset = Round.objects.all()
    serializer_class = RoundRow
    filterset_class = RoundParameters
    view_permission = perm.ROUND_VIEW
    sorts = {"-due_at": ("-due_at", "-id"), "due_at": ("due_at", "id")}

    @extend_schema(responses=OpenApiTypes.OBJECT)
    @action(detail=True, methods=["get"])
    def sheet(self, request: Any, pk: str) -> Response:
        """Points, items and answers so far of a round that was begun."""
        facts = sheet.for_phone(self.found(), request.user)
        return Response({name: facts[name] for name in ("round", "name", "ordered", "points", "items", "answers")})

    @extend_schema(request=None, responses=RoundRow)
    @action(detail=True, methods=["post"])
    def start(self, request: Any, pk: str) -> Response:
        """Begin the round: its points and its checklist are fixed from here on."""
        round = self.found()
        if not can(request.user, perm.ROUND_WORK, round):
            raise PermissionDenied(perm.ROUND_WORK)
        working.start(request.user, round)
        return Response(self.get_serializer(self.row(pk)).data)

    @extend_schema(request=Batch, responses=Taken(many=True))
    @action(detail=True, methods=["post"])
    def answers(self, request: Any, pk: str) -> Response:
        """What was found, in the order in which it was found. Sent again, what was taken before is not taken twice."""
        data: Facts = request.data if isinstance(request.data, dict) else {}
        return Response(
            receiving.receive(request.user, self.found(), data.get("entries"), None, str(data.get("sent_at") or ""))
        )

    def found(self) -> Round:
        round: Round = self.get_object()
        return Round.objects.select_related(*ROUNDS.select, "edition").get(pk=round.pk)
