"""The filters of the register. Their names are a contract: every figure links here, and the counts must agree.

- `state`: one state; `live` (somebody still has to do something), `to_rectify`
- `grade`, `department`, `source`, `hospital`, `asset`: key or id; `place`: everything at it and below
- `mine`: `rectify` (this person has to), `verify` (this person may)
- `overdue=yes|no`: not rectified and its last day is over; `again=yes|no`: opened again at least once
- `found_from/to`, `due_from/to`, `closed_from/to`: local days, both included
- `figure` with `part`, `first`, …: the hazards behind a figure
"""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import choices
from hazards import queries
from hazards.models import Hazard
from hazards.states import GRADES, LIVE, SOURCES, STATES
from kpi.filters import OfFigure
from ui.filters import ChoiceFilter, PlaceFilter
from workorders import work_types
from workorders.filters import YES_NO, Hidden, Period, YesNo

GROUPS = {"live": Q(state__in=LIVE), "to_rectify": Q(state__in=queries.TO_RECTIFY)}
MINE = (("rectify", _("For me to rectify")), ("verify", _("For me to verify")))


def _departments() -> list[tuple[str, Any]]:
    return [(slug, name.label) for slug, name in work_types.departments().items()]


class HazardFilters(OfFigure):
    """What people narrow the register by."""

    main = ("state", "grade", "overdue", "department", "place")
    indexed = True

    state = ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[("live", _("Not closed")), ("to_rectify", _("Not rectified")), *choices(STATES)],
    )
    grade = ChoiceFilter(label=_("Grade"), choices=choices(GRADES))
    overdue = ChoiceFilter(label=pgettext_lazy("past its last day", "Overdue"), method="late", choices=YES_NO)
    department = ChoiceFilter(label=_("Department"), choices=_departments)
    place = PlaceFilter()
    source = ChoiceFilter(label=_("Brought up by"), choices=choices(SOURCES))
    mine = ChoiceFilter(label=_("For me"), method="for_me", choices=MINE)
    again = YesNo(Q(reopened__gt=0), label=_("Opened again"))
    found = Period(field_name="found_at", label=_("Found on"))
    closed = Period(field_name="closed_at", label=_("Closed"))
    due = django_filters.DateFromToRangeFilter(field_name="due_on", label=_("Rectify by"))
    hospital = Hidden(field_name="hospital_id")
    asset = Hidden(field_name="asset_id")

    class Meta:
        model = Hazard
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(GROUPS.get(value, Q(state=value)))

    def late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(queries.overdue()) if value == "yes" else rows.exclude(queries.overdue())

    def for_me(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        user: Any = self.request.user  # type: ignore[union-attr]
        return rows.filter(queries.mine(user) if value == "rectify" else queries.to_verify(user))
