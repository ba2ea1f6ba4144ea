"""The filters of the list of rounds. Their names are a contract: figures and panels link here.

- `state`: one state; `undone` (due to skip asked for), `missed` (undone, and the time for it is over)
- `due_from/to`, `done_from/to`: local days, both included
- `department`, `team`, `plan`, `asset`, `hospital`: key or id; `place`: the path of a place, everything at it and below
- `on_time=yes|no`: done before it was late; `found=yes|no`, `fast=yes|no`, `signed=yes|no`, `statutory=yes|no`
"""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import CharField, F, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import choices
from inspections.models import Plan, Round
from inspections.states import ROUND_STATES, UNDONE
from kpi.filters import OfFigure
from tenancy import access
from tenancy.models import Place, Team
from tenancy.permissions import PLACE_VIEW, TEAM_VIEW
from tenancy.search import MOST, words_of
from ui.filters import ChoiceFilter
from ui.pages import whole
from ui.rendering import Select
from workorders.filters import Hidden, Named, Period, YesNo, departments, labelled

LARGE = (Place.Kind.CAMPUS, Place.Kind.BUILDING, Place.Kind.FLOOR)


class RoundFilters(OfFigure):
    """What people narrow the rounds by."""

    main = ("state", "department", "due")
    search_in = ("plan__name",)

    state = ChoiceFilter(label=_("State"), method="in_state", choices=())
    department = ChoiceFilter(label=_("Department"), choices=departments)
    due = Period(field_name="due_at", label=_("Due"))
    place = django_filters.CharFilter(label=_("Place"), method="at_place", widget=Select())
    team = Named(label=_("Team"), field_name="team_id")
    done = Period(field_name="done_at", label=_("Done"))
    on_time = YesNo(Q(done_at__lt=F("late_from")), label=_("Done in time"))
    found = YesNo(Q(found__gt=0), label=_("Something found"))
    fast = YesNo(Q(too_fast__gt=0), label=_("Too fast"))
    signed = YesNo(Q(signed_at__isnull=False), label=_("Signed"))
    statutory = YesNo(Q(statutory=True), label=_("Required by law"))
    plan = Hidden(field_name="plan_id")
    asset = Hidden(field_name="asset_id")
    hospital = Hidden(field_name="hospital_id")

    class Meta:
        model = Round
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        words = (("undone", _("Still to be done")), ("missed", pgettext_lazy("state of a round", "Missed")))
        if "state" in self.filters:
            self.filters["state"].extra["choices"] = [*words, *choices(ROUND_STATES)]
        prepared = [name for name in ("place", "team") if name in self.filters]
        rows = self._rows() if prepared else []
        for name in prepared:
            offered = [(key, label) for kind, key, label in rows if kind == name]
            widget = Select(choices=[("", _("All")), *offered]) if offered else forms.HiddenInput()
            self.filters[name].extra["widget"] = widget

    def find(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """By the name of the plan: plans are few, rounds are not."""
        plans = Plan.objects.all()
        for word in words_of(value):
            plans = plans.filter(name__icontains=word)
        return rows.filter(plan__in=list(plans.values_list("pk", flat=True)[:MOST]))

    def _rows(self) -> list[tuple[str, str, str]]:
        """Places and teams of the hospital in one statement; for several hospitals at once they are too many."""
        user: Any = self.request.user  # type: ignore[union-attr]
        hospital = getattr(self.request, "hospital", None)
        chosen = whole(self.data.get("hospital", "")) or (hospital["id"] if hospital else None)
        if not chosen or not access.hospitals(user):
            return []
        places = Place.objects.for_user(user, PLACE_VIEW).filter(hospital_id=chosen, kind__in=LARGE, closed_on=None)
        teams = Team.objects.for_user(user, TEAM_VIEW).filter(hospital_id=chosen, closed_on=None)
        found = labelled(places, "place", F("path"), "full_name", "path").union(
            labelled(teams, "team", Cast("pk", CharField()), "name", "name"), all=True
        )
        return [row[:3] for row in found.order_by("kind_", "sort_")]

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value == "missed":
            return rows.filter(state__in=UNDONE, late_from__lte=timezone.now())
        return rows.filter(state__in=UNDONE) if value == "undone" else rows.filter(state=value)

    def at_place(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Place.within(value, "place__path"))
