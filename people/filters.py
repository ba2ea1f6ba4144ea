"""What absences are searched by."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from kpi.filters import OfFigure
from people.models import Absence, WorkedShift
from people.states import Reason
from ui import filters


class AbsenceFilters(filters.FilterSet):
    main = ("now", "reason")
    now = filters.ChoiceFilter(
        label=_("When"), choices=[("today", _("Absent today")), ("coming", _("Coming"))], method="at"
    )
    reason = filters.ChoiceFilter(label=_("Reason"), choices=Reason.choices)

    def at(self, rows: Any, name: str, value: str) -> Any:
        today = timezone.localdate()
        if value == "today":
            return rows.filter(withdrawn=False, first_day__lte=today, last_day__gte=today)
        return rows.filter(withdrawn=False, first_day__gt=today)

    class Meta:
        model = Absence
        fields: list[str] = []


class WorkedFilters(OfFigure):
    main = ("certified",)
    certified = filters.ChoiceFilter(
        label=_("Certified"), choices=[("yes", _("Yes")), ("no", _("No"))], method="with_one"
    )

    def with_one(self, rows: Any, name: str, value: str) -> Any:
        return rows.filter(certified=value == "yes")

    class Meta:
        model = WorkedShift
        fields: list[str] = []
