"""Figures in the API: by hospital and period, each with its numerator, denominator, target and records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from kpi.periods import Period, parse
from kpi.permissions import FIGURE_VIEW
from kpi.queries import Reader, goals, standpoints, visible
from kpi.registry import DENOMINATOR, NUMERATOR, Figure, Standpoint
from tenancy.access import can, hospitals
from ui.api import Facts, plain


class FigureSerializer(serializers.Serializer[Any]):
    """One figure of one hospital and period; `value` is null where there is nothing to divide by."""

    kpi = serializers.CharField()
    name = serializers.CharField()
    unit = serializers.ChoiceField(["count", "percent", "duration", "money", "stars"], help_text="durations: seconds")
    hospital = serializers.IntegerField()
    hospital_code = serializers.CharField()
    departments = serializers.ListField(child=serializers.CharField(), help_text="empty: all of them")
    period = serializers.CharField()
    first = serializers.DateField()
    last = serializers.DateField()
    value = serializers.DecimalField(20, 4, allow_null=True)
    numerator = serializers.DecimalField(20, 4)
    denominator = serializers.DecimalField(20, 4, allow_null=True)
    target = serializers.DecimalField(
        20, 4, allow_null=True, help_text="the hospital's own, its group's or the consortium's"
    )
    floor = serializers.DecimalField(20, 4, allow_null=True, help_text="lowest acceptable value")
    stretch = serializers.DecimalField(20, 4, allow_null=True)
    numerator_records = serializers.CharField(help_text="page that lists what was counted; empty where there is none")
    denominator_records = serializers.CharField()


@extend_schema_serializer(many=False)
class FigurePage(serializers.Serializer[Any]):
    count = serializers.IntegerField()
    count_capped = serializers.BooleanField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = FigureSerializer(many=True)


PARAMETERS = [
    OpenApiParameter("period", str, description="2026-11, 2026-Q4 or 2026; by default the running month"),
    OpenApiParameter("hospital", int),
    OpenApiParameter("kpi", str, description="key of a figure"),
]


class Kpis(viewsets.ViewSet):
    """Figures as the dashboards show them, all of them on one page."""

    @extend_schema(responses=FigurePage, parameters=PARAMETERS, operation_id="kpis_list")
    def list(self, request: Any) -> Response:
        if not can(request.user, FIGURE_VIEW):
            raise PermissionDenied(FIGURE_VIEW)
        asked = request.query_params
        period = parse(asked.get("period", ""))
        if asked.get("period", period.key) != period.key:
            raise ValidationError({"period": _("A period such as 2026-11, 2026-Q4 or 2026, please.")})
        rows = [
            _facts(request, figure, period, target)
            for figure, target in _figures(request.user, period)
            if asked.get("hospital", str(figure.stand.hospitals[0])) == str(figure.stand.hospitals[0])
            and asked.get("kpi", figure.kpi.key) == figure.kpi.key
        ]
        return Response({"count": len(rows), "count_capped": False, "next": None, "previous": None, "results": rows})


def _figures(user: Any, period: Period) -> Iterator[tuple[Figure, Any]]:
    """Every figure of every hospital; hospitals that are looked at in the same way are read together."""
    found = goals({h["id"]: h["consortium"] for h in hospitals(user)}, period.last)
    views: dict[Any, list[int]] = defaultdict(list)
    for hospital, view in standpoints(user).items():
        views[view].append(hospital)
    for view, together in views.items():
        stand = Standpoint(tuple(together), *view)
        kpis = visible(user, stand)
        reader = Reader(user, stand, kpis)
        stored = [kpi.key for kpi in kpis if not kpi.snapshot]
        sums = reader.sums(stored, period.first, period.until(), "hospital")
        if period.is_running:
            sums |= reader.standing([kpi.key for kpi in kpis if kpi.snapshot], "hospital")
        for hospital in together:
            alone = Standpoint((hospital,), *view)
            for kpi in kpis:
                if period.is_running or not kpi.snapshot:
                    last, pair = period.until() - timedelta(days=1), sums.get((kpi.key, hospital), (0, None))
                    yield Figure(kpi, alone, period.first, last, *pair), found.get((hospital, kpi.key))


def _facts(request: Any, figure: Figure, period: Period, target: Any) -> Facts:
    hospital = figure.stand.hospitals[0]
    code = next(h["code"] for h in hospitals(request.user) if h["id"] == hospital)
    links = {part: figure.url(part) for part in (NUMERATOR, DENOMINATOR)}
    facts = {
        "kpi": figure.kpi.key,
        "name": str(figure.kpi.label),
        "unit": figure.kpi.unit,
        "hospital": hospital,
        "hospital_code": code,
        "departments": list(figure.stand.departments),
        "period": period.key,
        "first": figure.first,
        "last": figure.last,
        "value": _rounded(figure.value),
        "numerator": _rounded(figure.numerator),
        "denominator": _rounded(figure.denominator),
        "target": _rounded(target.target if target else figure.kpi.target),
        "floor": _rounded(target.floor if target else None),
        "stretch": _rounded(target.stretch if target else None),
        **{f"{part}_records": request.build_absolute_uri(url) if url else "" for part, url in links.items()},
    }
    return {name: plain(value) for name, value in facts.items()}


def _rounded(value: Any) -> str | None:
    return None if value is None else f"{value:.4f}"
