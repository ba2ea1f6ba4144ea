"""What plans are searched by."""

from __future__ import annotations

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from flow.states import choices
from inspections.models import Plan
from inspections.plan_tables import departments
from inspections.states import PLAN_STATES, SUBJECTS
from ui import filters
from workorders.filters import Hidden, YesNo


class PlanFilters(filters.FilterSet):
    main = ("state", "department", "place")
    state = filters.ChoiceFilter(label=_("State"), choices=choices(PLAN_STATES))
    department = filters.ChoiceFilter(label=_("Department"), choices=departments)
    place = filters.PlaceFilter()
    subject = filters.ChoiceFilter(label=_("Kind of plan"), choices=choices(SUBJECTS))
    statutory = YesNo(Q(statutory=True), label=_("Required by law"))
    checklist = Hidden(field_name="checklist_id")
    asset = Hidden(field_name="asset_id")
    team = Hidden(field_name="team_id")

    class Meta:
        model = Plan
        fields: list[str] = []
