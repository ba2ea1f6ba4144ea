"""The part of a list's filters that a figure's link fills in: exactly the records it counts."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from kpi.counting import counted
from ui.filters import FilterSet, Kept


class OfFigure(FilterSet):
    """A list whose records figures count; `kpi.counting.records` makes the address."""

    figure = django_filters.CharFilter(method="behind", widget=forms.HiddenInput())
    part, first, last, at, of = Kept(), Kept(), Kept(), Kept(), Kept()
    only, those, by, ref = Kept(), Kept(), Kept(), Kept()

    def behind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Exactly the records that a figure counts."""
        return counted(rows, self.data)
