"""Checklists in the API: what is in force, with its items."""

from __future__ import annotations

from typing import Any

import django_filters
from rest_framework import serializers

from flow.states import choices
from inspections import queries
from inspections.checklist_models import name_of
from inspections.crud import with_editions
from inspections.models import Checklist, Item
from inspections.permissions import CHECKLIST_VIEW
from inspections.states import ACTIONS, KINDS, PHOTOS, WEIGHTS
from ui.api import Facts, Made, Resource, Row, plain
from ui.filters import FilterSet


class ItemRow(serializers.Serializer[Any]):
    """One line of the edition in force; texts in the reader's language."""

    key = serializers.CharField()
    section = serializers.CharField()
    text = serializers.CharField()
    kind = serializers.ChoiceField(choices(KINDS))
    unit = serializers.CharField()
    low = serializers.DecimalField(12, 3, allow_null=True)
    high = serializers.DecimalField(12, 3, allow_null=True)
    options = serializers.ListField(child=serializers.CharField())
    passing = serializers.ListField(child=serializers.CharField())
    required = serializers.BooleanField()
    photo = serializers.ChoiceField(choices(PHOTOS))
    weight = serializers.ChoiceField(choices(WEIGHTS))
    points = serializers.DecimalField(6, 2)
    on_fail = serializers.ChoiceField(choices(ACTIONS))


def _item(item: Item) -> Facts:
    copied = (
        "key",
        "kind",
        "unit",
        "low",
        "high",
        "options",
        "passing",
        "required",
        "photo",
        "weight",
        "points",
        "on_fail",
    )
    facts = {name: plain(getattr(item, name)) for name in copied}
    return {**facts, "section": item.heading, "text": item.words}


class ChecklistRow(Row):
    """A checklist with the edition that is in force; `home` is empty where it is for all hospitals."""

    id = serializers.IntegerField()
    key = serializers.CharField()
    name = Made(
        *("own_name", "key", "shipped_name"),
        make=lambda row: name_of(row["own_name"], row["key"], row["shipped_name"]),
        kind=serializers.CharField(),
    )
    home = serializers.IntegerField(source="home_id", allow_null=True)
    department = serializers.CharField()
    assesses = serializers.BooleanField()
    active = serializers.BooleanField()
    edition = serializers.IntegerField(source="in_force.number", allow_null=True)
    published_at = serializers.DateTimeField(source="in_force.published_at", allow_null=True)
    standard = serializers.CharField(source="in_force.standard", allow_null=True)
    clause = serializers.CharField(source="in_force.clause", allow_null=True)
    valid_until = serializers.DateField(source="in_force.valid_until", allow_null=True)
    statutory = serializers.BooleanField(source="in_force.statutory", allow_null=True)
    items = Made("in_force__id", make=lambda row: [_item(item) for item in row["items_of"]], kind=ItemRow(many=True))


class ChecklistFilter(FilterSet):
    """By key, department, and whether it is in use."""

    key = django_filters.CharFilter()
    department = django_filters.CharFilter()
    active = django_filters.BooleanFilter()

    class Meta:
        model = Checklist
        fields: list[str] = []


class Checklists(Resource):
    """What is looked at: the consortium's checklists, and the own ones of the hospitals one works for."""

    queryset = Checklist.objects.all()
    serializer_class = ChecklistRow
    filterset_class = ChecklistFilter
    view_permission = CHECKLIST_VIEW
    sorts = {"id": ("id",)}

    def get_queryset(self) -> Any:
        return with_editions(queries.checklists(self.request.user, self.view_permission))

    def dress(self, rows: list[Facts]) -> list[Facts]:
        """Their items, in one statement for all of them."""
        found: dict[int, list[Item]] = {}
        editions = [row["in_force__id"] for row in rows if row["in_force__id"]]
        for item in Item.objects.filter(edition__in=editions).order_by("edition", "order"):
            found.setdefault(item.edition_id, []).append(item)
        return [{**row, "items_of": found.get(row["in_force__id"], [])} for row in rows]
