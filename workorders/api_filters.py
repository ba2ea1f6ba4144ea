"""What lists of services and orders can be narrowed by in the API."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from flow.states import choices
from ui.filters import FilterSet
from workorders.states import LIVE, OPEN, STATES, URGENCIES


class ServiceParameters(FilterSet):
    hospital = django_filters.NumberFilter(field_name="hospital_id")
    department = django_filters.CharFilter()
    key = django_filters.CharFilter()
    is_safety = django_filters.BooleanFilter()


class OrderParameters(FilterSet):
    search_in = ("title", "number", "place__full_name")
    hospital = django_filters.NumberFilter(field_name="hospital_id")
    state = django_filters.ChoiceFilter(choices=[("open", ""), ("live", ""), *choices(STATES)], method="in_state")
    department = django_filters.CharFilter()
    urgency = django_filters.ChoiceFilter(choices=choices(URGENCIES))
    number = django_filters.CharFilter()

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter({"open": Q(state__in=OPEN), "live": Q(state__in=LIVE)}.get(value, Q(state=value)))
