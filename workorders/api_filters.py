"""What lists of services and orders can be narrowed by in the API."""

from __future__ import annotations

from typing import Any

import django_filters

from flow.states import choices
from ui.filters import FilterSet
from workorders.filters import GROUPS, OrderFilters
from workorders.states import STATES


class ServiceParameters(FilterSet):
    hospital = django_filters.NumberFilter(field_name="hospital_id")
    department = django_filters.CharFilter()
    key = django_filters.CharFilter()
    is_safety = django_filters.BooleanFilter()


class OrderParameters(OrderFilters):
    """The filters of the list people see, by the same names; nothing is offered to choose from."""

    state = django_filters.ChoiceFilter(
        choices=[*((name, name) for name in GROUPS), *choices(STATES)], method="in_state"
    )
    number = django_filters.CharFilter()

    def __init__(self, *args: Any, **kwargs: Any):
        FilterSet.__init__(self, *args, **kwargs)  # without what the page offers to choose from
