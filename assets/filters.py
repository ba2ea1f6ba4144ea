"""What the register is searched by."""

from django.utils.translation import gettext_lazy as _

from assets.models import Asset, Kind
from assets.states import CRITICALITY, STATES
from flow.states import choices
from kpi.filters import OfFigure
from ui import filters


class AssetFilters(OfFigure):
    indexed = True
    main = ("family", "state", "place")
    family = filters.ChoiceFilter(field_name="kind__family", label=_("Family"), choices=Kind.Family.choices)
    state = filters.ChoiceFilter(label=_("State"), choices=choices(STATES))
    criticality = filters.ChoiceFilter(label=_("Criticality"), choices=choices(CRITICALITY))
    place = filters.PlaceFilter()

    class Meta:
        model = Asset
        fields: list[str] = []
