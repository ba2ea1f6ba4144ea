"""The filters of requested returns. Their names are a contract: the figure links here, and the counts must agree.

- `state`: one state, or `to_fill`; `missing=yes|no`: late with it; `request`, `hospital`: id; `due_from/to`: days
- `figure` with `part`, `first`, …: the returns behind a figure
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import choices
from indicators import request_queries as queries
from indicators.models import ReturnDue
from indicators.request_states import DUE_STATES, TO_FILL
from kpi.filters import OfFigure
from ui.filters import ChoiceFilter
from workorders.filters import YES_NO, Hidden, Period


class DueFilters(OfFigure):
    """What people narrow the list by."""

    main = ("state", "missing", "due")
    search_in = ("request__name", "hospital__name")

    state = ChoiceFilter(
        label=_("State"),
        method="in_state",
        choices=[("to_fill", _("To be done by the hospital")), *choices(DUE_STATES)],
    )
    missing = ChoiceFilter(label=pgettext_lazy("past its last day", "Overdue"), method="late", choices=YES_NO)
    due = Period(field_name="due_on", label=_("Due"))
    hospital, request = Hidden(field_name="hospital_id"), Hidden(field_name="request_id")

    class Meta:
        model = ReturnDue
        fields: list[str] = []

    def in_state(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(Q(state__in=TO_FILL) if value == "to_fill" else Q(state=value))

    def late(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(queries.missing()) if value == "yes" else rows.exclude(queries.missing())
