"""Bare views: `values()` and JSON, or `values()` and a table joined from escaped cells."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import reduce
from html import escape
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.common import CommonMiddleware
from django.middleware.csrf import CsrfViewMiddleware
from django.middleware.security import SecurityMiddleware
from django.utils import timezone
from rest_framework import exceptions, generics, permissions, serializers
from rest_framework.authentication import BaseAuthentication

from accounts.models import Token, digest
from bench.rows import OPEN, as_q
from flow.models import Attachment, Event
from kpi.models import MonthFigure
from workorders.api_rows import OrderRow
from workorders.models import Line, WorkOrder
from workorders.tables import OrderTable

USUAL = (
    *(SecurityMiddleware, SessionMiddleware, CommonMiddleware, CsrfViewMiddleware),
    *(AuthenticationMiddleware, XFrameOptionsMiddleware),
)
SUBJECT = "workorders.workorder"
COLUMNS = sorted({*OrderRow.columns(), "cost"} - {"visible_cost"})
EVENT = ("at", "verb", "actor_name", "source", "target", "data")
FILE = ("id", "kind", "name", "content_type", "size", "at")
LINE = ("id", "kind", "text", "minutes", "quantity", "price", "amount")


def signed_in(view: Callable[[HttpRequest], HttpResponse]) -> Callable[..., HttpResponse]:
    """A page for a person: Django's usual middleware, which reads the session and the account."""

    def page(request: HttpRequest, **named: Any) -> HttpResponse:
        def inner(request: HttpRequest) -> HttpResponse:
            assert request.user.is_authenticated
            return view(request, **named)

        answer: HttpResponse = reduce(lambda found, outer: outer(found), reversed(USUAL), inner)(request)
        return answer

    return page


def newest(
    rows: list[dict[str, Any]],
    person: int,
    using: str,
    columns: Iterable[str],
    hospital: str = "",
    only_open: bool = True,
) -> QuerySet[Any]:
    """The newest 50 orders of a person."""
    found = WorkOrder.objects.using(using).filter(as_q(rows, person))
    found = found.filter(hospital_id=hospital) if hospital else found
    found = found.filter(state__in=OPEN) if only_open else found
    return found.order_by("-reported_at", "-id").values(*columns)[:50]


def _asked(request: HttpRequest, columns: Iterable[str]) -> QuerySet[Any]:
    name, asked = request.GET["who"], request.GET
    person = settings.PEOPLE["people"][name]
    return newest(person["rows"], person["pk"], name, columns, asked.get("hospital", ""), asked.get("all") is None)


def api_list(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"results": list(_asked(request, COLUMNS))})


def table(rows: Iterable[Iterable[Any]]) -> str:
    lines = ("<td>" + "</td><td>".join("" if v is None else escape(str(v)) for v in row) + "</td>" for row in rows)
    return "<table><tr>" + "</tr><tr>".join(lines) + "</tr></table>"


def page_list(request: HttpRequest) -> HttpResponse:
    rows = (row.values() for row in _asked(request, sorted(OrderTable.fields())))
    return HttpResponse(f"<!doctype html><title>{escape(request.user.name)}</title>{table(rows)}")


def _detail(name: str, pk: int) -> dict[str, Any]:
    about = {"subject": SUBJECT, "subject_id": pk}
    return {
        "order": WorkOrder.objects.using(name).filter(pk=pk).values()[0],
        "timeline": list(Event.objects.using(name).filter(**about).order_by("id").values(*EVENT)),
        "attachments": list(Attachment.objects.using(name).filter(**about).order_by("id").values(*FILE)),
        "lines": list(Line.objects.using(name).filter(order=pk).order_by("id").values(*LINE)),
    }


def api_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return JsonResponse(_detail(request.GET["who"], pk))


def page_detail(request: HttpRequest, pk: int) -> HttpResponse:
    facts = _detail(request.GET["who"], pk)
    parts = [table(facts["order"].items())]
    parts += [table(row.values() for row in facts[name]) for name in ("timeline", "attachments", "lines")]
    return HttpResponse(f"<!doctype html><title>{escape(request.user.name)}</title>{''.join(parts)}")


class ByToken(BaseAuthentication):
    """A token is looked up with its person, as Django REST framework's own does."""

    def authenticate(self, request: Any) -> tuple[Any, Any]:
        key = request.headers.get("Authorization", "").partition(" ")[2]
        found = Token.objects.select_related("user").filter(digest=digest(key)).first()
        if found is None:
            raise exceptions.AuthenticationFailed
        return found.user, found


class Plain(serializers.ModelSerializer):  # type: ignore[type-arg]
    class Meta:
        model = WorkOrder
        fields = ("id", "number", "hospital", "title", "service", "department", "place", "channel", "urgency", "state")


class Create(generics.CreateAPIView):  # type: ignore[type-arg]
    """The usual way to write one row: token, permission, ModelSerializer, save."""

    authentication_classes = (ByToken,)
    permission_classes = (permissions.IsAuthenticated,)
    serializer_class = Plain
    queryset = WorkOrder.objects.none()

    def perform_create(self, serializer: Any) -> None:
        now = timezone.now()
        serializer.save(reporter=self.request.user, reported_at=now, respond_by=now, due_at=now + timedelta(days=1))


def figures(request: HttpRequest) -> HttpResponse:
    """A year of the stored sums of all hospitals."""
    rows = MonthFigure.objects.using(request.GET["who"]).filter(month__gte=request.GET["from"])
    columns = ("hospital_id", "kpi", "month", "department", "numerator", "denominator")
    return JsonResponse({"results": list(rows.order_by("hospital_id", "kpi", "month").values(*columns))})
