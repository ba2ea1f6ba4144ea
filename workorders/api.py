"""Services and work orders in the API. Writing is always `open_order` and `ORDERS.move`, as on the pages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, QuerySet, When
from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.response import Response

from flow.machine import Transition, stale
from flow.queries import attachments_of, history_of
from tenancy.access import can, where
from ui.api import Facts, Resource
from ui.forms import Form
from workorders import domain
from workorders import permissions as perm
from workorders.api_filters import OrderParameters, ServiceParameters
from workorders.api_rows import (
    AttachmentRow,
    EventRow,
    LineRow,
    NewOrder,
    OrderRecord,
    OrderRow,
    ProblemRow,
    ServiceRow,
)
from workorders.machine import ORDERS
from workorders.models import Problem, Service, WorkOrder
from workorders.queries import offered_to

KEY = OpenApiParameter("Idempotency-Key", OpenApiTypes.UUID, OpenApiParameter.HEADER, description="instead of form_key")


class Services(Resource):
    """What the hospitals' departments can be asked for, by departments that are switched on."""

    queryset = Service.objects.all()
    serializer_class = ServiceRow
    filterset_class = ServiceParameters
    view_permission = perm.SERVICE_VIEW
    sorts = {"key": ("key", "id")}

    def get_queryset(self) -> QuerySet[Service]:
        return offered_to(self.request.user)

    def dress(self, rows: list[Facts]) -> list[Facts]:
        by_service: dict[int, list[Facts]] = {row["id"]: [] for row in rows}
        shown = Problem.objects.filter(service__in=by_service, active=True).order_by("order", "id")
        render = ProblemRow().to_representation
        for problem in shown.values("service_id", *ProblemRow.columns()):
            by_service[problem["service_id"]].append(render(problem))
        return [{**row, "problems": by_service[row["id"]]} for row in rows]


class WorkOrders(Resource):
    """Work from the report until it is signed and closed."""

    queryset = WorkOrder.objects.all()
    serializer_class = OrderRow
    filterset_class = OrderParameters
    view_permission = perm.ORDER_VIEW
    permission_for = {"create": perm.ORDER_REPORT}
    sorts = {
        "-reported_at": ("-reported_at", "-id"),
        "reported_at": ("reported_at", "id"),
        "due_at": ("due_at", "id"),
        "-due_at": ("-due_at", "-id"),
    }

    def get_queryset(self) -> QuerySet[WorkOrder]:
        return _with_cost(super().get_queryset(), self.request.user)

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return OrderRecord if self.action == "retrieve" else OrderRow

    @extend_schema(responses=OrderRecord)
    def retrieve(self, request: Any, pk: str) -> Response:
        """The order with its timeline, files, lines, and the steps the person may take now."""
        row, order = self.row(pk), WorkOrder.objects.select_related(*ORDERS.select).get(pk=pk)
        may_see_cost = can(request.user, perm.COST_VIEW, order)
        lines = order.lines.order_by("id") if may_see_cost else order.lines.none()
        row |= {
            "timeline": [_told(event, may_see_cost) for event in _rows(history_of(order), EventRow)],
            "attachments": _rows(attachments_of(order), AttachmentRow),
            "lines": _rows(lines, LineRow),
            "moves": [_offer(step) for step in ORDERS.available(order, request.user)],
        }
        return Response(OrderRecord(row).data)

    @extend_schema(request=NewOrder, responses={201: OrderRow, 200: OrderRow}, parameters=[KEY])
    def create(self, request: Any) -> Response:
        """Report a fault or ask for a service; 200 instead of 201 where this key has already made an order."""
        asked = NewOrder(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        facts, now = dict(asked.validated_data), timezone.now()
        facts.setdefault("form_key", _key(request.headers.get("Idempotency-Key", "")))
        order = domain.open_order(request.user, **facts, at=now)
        return Response(self.now(order), status=201 if order.reported_at == now else 200)

    @extend_schema(request=OpenApiTypes.OBJECT, responses=OrderRow)
    @action(detail=True, methods=["post"], url_path="moves/(?P<name>[a-z_]+)")
    def move(self, request: Any, pk: str, name: str) -> Response:
        """Take one of the steps that the record lists under `moves`, with the facts it asks for.

        409 when somebody was faster: nothing has changed, and the detail says who did what.
        """
        order = self.get_object()
        step = ORDERS.by_name.get(name)
        if step is None:
            raise Http404
        if not can(request.user, step.permission, order):
            raise PermissionDenied(step.permission)
        if order.state not in step.sources:
            raise stale(order)
        facts = _facts(step, order, request.user, request.data)
        return Response(self.now(ORDERS.move(order, name, request.user, **facts)))

    def now(self, order: WorkOrder) -> Facts:
        """How the order stands after what the person has just done, even where that led out of their reach."""
        return self.get_serializer(self.row(order.pk, _with_cost(WorkOrder.objects.all(), self.request.user))).data


def _with_cost(rows: QuerySet[WorkOrder], user: Any) -> QuerySet[WorkOrder]:
    """What the work cost, on the rows where the person may see it."""
    return rows.annotate(visible_cost=Case(When(where(user, perm.COST_VIEW, WorkOrder), then=F("cost"))))


def _rows(found: QuerySet[Any], kind: Any) -> list[Facts]:
    return [kind().to_representation(row) for row in found.values(*kind.columns())]


def _told(event: Facts, may_see_cost: bool) -> Facts:
    """An event without what only an undo needs, and without amounts where cost is not the reader's."""
    hidden = {"before"} if may_see_cost else {"before", "amount"}
    return {**event, "data": {key: value for key, value in event["data"].items() if key not in hidden}}


def _offer(step: Transition) -> Facts:
    asks = list(import_string(step.form).base_fields) if step.form else []
    if "to" in asks:  # the page offers team and person in one choice
        asks[asks.index("to") : asks.index("to") + 1] = ["team", "assignee"]
    return {"name": step.name, "label": str(step.label), "target": step.target, "asks": asks}


def _key(header: str) -> UUID | None:
    try:
        return UUID(header) if header else None
    except ValueError as error:
        raise ValidationError({"form_key": _("The key is not a UUID.")}) from error


def _facts(step: Transition, order: WorkOrder, user: Any, data: Any) -> Facts:
    """What the step asks, through the same form as on the page. Raises ValidationError by field."""
    if not isinstance(data, Mapping):
        raise ValidationError(_("Name the fields of this step, please."))
    if not step.form:
        return {}
    if "team" in data:
        data = {**data, "to": "-".join(str(data[name]) for name in ("team", "assignee") if data.get(name))}
    form: Form = import_string(step.form)(_posted(data), actor=user, obj=order)
    if not form.is_valid():
        raise ValidationError(form.errors.as_data())
    return form.cleaned_data


def _posted(data: Mapping[str, Any]) -> QueryDict:
    """The body as a form sends it: text, and several values of one name."""
    posted = QueryDict(mutable=True)
    for name, value in data.items():
        values = value if isinstance(value, list) else [value]
        try:
            posted.setlist(name, [str(v).encode().decode() for v in values if v is not None])
        except UnicodeEncodeError as error:
            raise ValidationError({name: _("This text cannot be read.")}) from error
    return posted
