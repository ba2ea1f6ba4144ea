"""What services and work orders say in the API, and what a report needs."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assets.models import Asset
from assets.permissions import ASSET_VIEW
from flow.models import Attachment
from flow.states import choices
from tenancy.models import Place, ScopedQuerySet, Unit
from tenancy.permissions import PLACE_VIEW, UNIT_VIEW
from ui.api import Made, Row
from workorders import work_types
from workorders.models import Line, Problem, Service
from workorders.queries import offered_to
from workorders.states import CHANNELS, STATES, URGENCIES, WAITING_REASONS

TEXT = serializers.CharField()
URGENCY_KEYS = tuple(URGENCIES)


def _by_urgency(what: str) -> Made:
    """{"normal": minutes, "urgent": minutes, "critical": minutes}"""
    columns = {urgency: f"{what}_{urgency}" for urgency in URGENCY_KEYS}
    kind = serializers.DictField(child=serializers.IntegerField(), help_text="minutes, by urgency")
    return Made(*columns.values(), make=lambda row: {u: row[c] for u, c in columns.items()}, kind=kind)


class ProblemRow(Row):
    """A picture of the report page."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    name = Made(
        "own_name", "key", kind=TEXT, make=lambda row: row["own_name"] or str(work_types.problem_label(row["key"]))
    )
    icon = serializers.CharField()
    urgency = serializers.ChoiceField(choices(URGENCIES), allow_blank=True)


class ServiceRow(Row):
    """A row of a hospital's service catalogue; limits are minutes round the clock."""

    id = serializers.IntegerField()
    hospital = serializers.IntegerField(source="hospital_id")
    key = serializers.CharField()
    name = Made("own_name", "key", kind=TEXT, make=lambda row: row["own_name"] or str(work_types.label_of(row["key"])))
    department = serializers.CharField()
    team = serializers.IntegerField(source="team_id", allow_null=True)
    urgency = serializers.ChoiceField(choices(URGENCIES))
    respond_within = _by_urgency("respond")
    complete_within = _by_urgency("complete")
    needs_signature = serializers.BooleanField()
    is_safety = serializers.BooleanField()
    points = serializers.DecimalField(6, 2, help_text="relative value points")
    question = Made(
        "own_question",
        kind=TEXT,
        make=lambda row: row["own_question"] or str(work_types.question_of(row["key"])),
    )
    musts = Made(
        "own_musts",
        kind=serializers.ListField(child=TEXT, help_text="what the worker ticks before the work is done"),
        make=lambda row: row["own_musts"] or [str(must) for must in work_types.musts_of(row["key"])],
    )
    problems = Made(kind=ProblemRow(many=True), make=lambda row: row["problems"])


class OrderRow(Row):
    """A work order in a list."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    hospital = serializers.IntegerField(source="hospital_id")
    hospital_code = serializers.CharField(source="hospital.code")
    title = serializers.CharField()
    state = serializers.ChoiceField(choices(STATES))
    waiting_reason = serializers.ChoiceField(choices(WAITING_REASONS), allow_blank=True)
    urgency = serializers.ChoiceField(choices(URGENCIES))
    channel = serializers.ChoiceField(choices(CHANNELS))
    department = serializers.CharField()
    service = serializers.IntegerField(source="service_id")
    service_name = Made(
        "service__own_name",
        "service__key",
        kind=TEXT,
        make=lambda row: row["service__own_name"] or str(work_types.label_of(row["service__key"])),
    )
    place = serializers.IntegerField(source="place_id")
    place_name = serializers.CharField(source="place.full_name")
    asset = serializers.IntegerField(source="asset_id", allow_null=True)
    asset_name = serializers.CharField(source="asset.name", allow_null=True)
    unit = serializers.IntegerField(source="unit_id", allow_null=True)
    unit_name = serializers.CharField(source="unit.name", allow_null=True)
    reporter_name = serializers.CharField()
    team = serializers.IntegerField(source="team_id", allow_null=True)
    team_name = serializers.CharField(source="team.name", allow_null=True)
    assignee = serializers.IntegerField(source="assignee_id", allow_null=True)
    assignee_name = serializers.CharField(source="assignee.name", allow_null=True)
    contractor = serializers.IntegerField(source="contractor_id", allow_null=True)
    reported_at = serializers.DateTimeField()
    respond_by = serializers.DateTimeField()
    due_at = serializers.DateTimeField()
    responded_at = serializers.DateTimeField(allow_null=True)
    arrived_at = serializers.DateTimeField(allow_null=True)
    finished_at = serializers.DateTimeField(allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    waited_seconds = serializers.IntegerField()
    returned = serializers.IntegerField(help_text="how often it was sent back for rework")
    minutes = serializers.IntegerField()
    cost = serializers.DecimalField(
        12, 2, source="visible_cost", allow_null=True, help_text="yuan; null where you may not see cost"
    )


class EventRow(Row):
    """One thing that happened to an order."""

    at = serializers.DateTimeField()
    verb = serializers.CharField()
    actor = serializers.CharField(source="actor_name")
    source = serializers.ChoiceField(choices(STATES), allow_blank=True, help_text="state before, of a move")
    target = serializers.ChoiceField(choices(STATES), allow_blank=True, help_text="state after, of a move")
    data = serializers.DictField()


class AttachmentRow(Row):
    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Attachment.Kind.choices)
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="bytes")
    at = serializers.DateTimeField()


class LineRow(Row):
    """A part, a helper's minutes or a firm's bill."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(Line.Kind.choices)
    text = serializers.CharField()
    minutes = serializers.IntegerField()
    quantity = serializers.DecimalField(10, 2)
    price = serializers.DecimalField(12, 2)
    amount = serializers.DecimalField(12, 2)


class MoveRow(serializers.Serializer[Any]):
    """A step the person may take now: the `{name}` to post to, and the fields it asks for."""

    name = serializers.CharField()
    label = serializers.CharField()
    target = serializers.ChoiceField(choices(STATES))
    asks = serializers.ListField(child=serializers.CharField())


class OrderRecord(OrderRow):
    """A work order with everything that belongs to it."""

    description = serializers.CharField()
    phone = serializers.CharField()
    cause = serializers.CharField()
    remedy = serializers.CharField()
    musts_ticked = serializers.ListField(child=serializers.CharField())
    signed_name = serializers.CharField()
    signed_way = serializers.CharField()
    attitude = serializers.IntegerField(allow_null=True)
    skill = serializers.IntegerField(allow_null=True)
    speed = serializers.IntegerField(allow_null=True)
    rating_comment = serializers.CharField()
    parent = serializers.IntegerField(source="parent_id", allow_null=True)
    timeline = Made(kind=EventRow(many=True), make=lambda row: row["timeline"])
    attachments = Made(kind=AttachmentRow(many=True), make=lambda row: row["attachments"])
    lines = Made(kind=LineRow(many=True), make=lambda row: row["lines"])
    moves = Made(kind=MoveRow(many=True), make=lambda row: row["moves"])


class Visible(serializers.PrimaryKeyRelatedField):
    """The id of a row the person may see; any other is unknown."""

    def __init__(self, rows: Any, permission: str = "", **options: Any):
        self.rows, self.permission = rows, permission
        super().__init__(queryset=rows.objects.none(), **options)

    def get_queryset(self) -> ScopedQuerySet:
        return self.rows.objects.for_user(self.context["request"].user, self.permission)


class Offered(Visible):
    """The id of a service that is offered."""

    def get_queryset(self) -> ScopedQuerySet:
        return offered_to(self.context["request"].user)


class Shown(Visible):
    """The id of a picture of a service that is offered."""

    def get_queryset(self) -> ScopedQuerySet:
        return Problem.objects.filter(service__in=offered_to(self.context["request"].user), active=True)


class NewOrder(serializers.Serializer[Any]):
    """A report. With a `form_key` (or the header `Idempotency-Key`) sending it twice makes one order."""

    place = Visible(Place, PLACE_VIEW)
    service = Offered(Service)
    problem = Shown(Problem, required=False, allow_null=True)
    asset = Visible(Asset, ASSET_VIEW, required=False, allow_null=True)
    unit = Visible(Unit, UNIT_VIEW, required=False, allow_null=True)
    title = serializers.CharField(max_length=80, required=False, allow_blank=True)
    description = serializers.CharField(max_length=2000, required=False, allow_blank=True)
    urgency = serializers.ChoiceField(
        choices(URGENCIES), required=False, help_text="default: the picture's or the service's"
    )
    reporter_name = serializers.CharField(max_length=60, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=30, required=False, allow_blank=True)
    form_key = serializers.UUIDField(required=False)
