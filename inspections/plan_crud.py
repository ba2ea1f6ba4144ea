"""The pages of plans: list, record, form, steps."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspections import permissions as perm
from inspections import planning
from inspections.models import Plan
from inspections.plan_filters import PlanFilters
from inspections.plan_forms import PlanForm
from inspections.plan_machine import PLANS
from inspections.plan_tables import PlanTable
from ui.crud import Crud


def update(actor: Any, plan: Plan, **new: Any) -> Plan:
    return planning.change(actor, plan, **new)


PLAN = Crud(
    name="inspections:plan",
    title=_("Inspection plans"),
    queryset=lambda: Plan.objects.select_related(
        "hospital", "checklist", "team", "skill", "asset", "kind", "place", "unit"
    ),
    view=perm.PLAN_VIEW,
    table=PlanTable,
    filterset=PlanFilters,
    form=PlanForm,
    create=planning.write,
    add=perm.PLAN_CHANGE,
    add_label=_("New plan"),
    update=update,
    change=perm.PLAN_CHANGE,
    machine=PLANS,
    tabs=(
        (_("All"), ""),
        (_("Running"), "state=running"),
        (_("Drafts"), "state=draft"),
        (_("Required by law"), "statutory=yes"),
    ),
    empty=_(
        "No plans here. A plan says what is inspected, how often and by whom; rounds come out of it by themselves."
    ),
    icon="calendar",
)
