"""What the register is searched by."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Kind
from assets.states import CRITICALITY, STATES
from flow.states import choices
from kpi.counting import counted
from ui import filters


class AssetFilters(filters.FilterSet):
    indexed = True
    main = ("family", "state", "place")
    family = filters.ChoiceFilter(field_name="kind__family", label=_("Family"), choices=Kind.Family.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=choices(STATES))
    criticality = filters.ChoiceFilter(label=_("Criticality"), choices=choices(CRITICALITY))
    place = filters.PlaceFilter()
    figure = django_filters.CharFilter(method="behind", widget=forms.HiddenInput())
    part, first, last, at, of = filters.Kept(), filters.Kept(), filters.Kept(), filters.Kept(), filters.Kept()
    only, those, by, ref = filters.Kept(), filters.Kept(), filters.Kept(), filters.Kept()

    class Meta:
        model = Asset
        fields: list[str] = []

    def behind(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Exactly the assets that a figure counts."""
        return counted(rows, self.data)
