"""The pages of the register that the common list, form and steps draw."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hazards import domain
from hazards import permissions as perm
from hazards.filters import HazardFilters
from hazards.forms import HazardForm
from hazards.machine import HAZARDS
from hazards.models import Hazard
from hazards.tables import HazardTable
from ui.crud import Crud
from ui.search import Found

RELATED = (
    "hospital",
    "place",
    "asset",
    "unit",
    "team",
    "order",
    "found_by",
    "responsible",
    "rectified_by",
    "verified_by",
)


def update(actor: Any, hazard: Hazard, **new: Any) -> Hazard:
    return domain.edit(actor, hazard, **new)


HAZARD = Crud(
    name="hazards:hazard",
    title=_("Hazards"),
    queryset=lambda: Hazard.objects.select_related(*RELATED),
    view=perm.HAZARD_VIEW,
    table=HazardTable,
    filterset=HazardFilters,
    form=HazardForm,
    create=domain.report,
    add=perm.HAZARD_ASSIGN,
    add_label=_("Enter a hazard"),
    update=update,
    change=perm.HAZARD_ASSIGN,
    machine=HAZARDS,
    tabs=(
        (_("All"), ""),
        (_("Not closed"), "state=live"),
        (_("For me to rectify"), "mine=rectify"),
        (_("For me to verify"), "mine=verify"),
        (pgettext_lazy("past its last day", "Overdue"), "overdue=yes"),
        (_("Major"), "grade=major&state=live"),
    ),
    empty=_("No hazards here. What anybody reports and what rounds find stands here, newest first."),
    icon="alert-triangle",
    found=Found(6, "number", ("state", "place__full_name", "responsible__name", "found_at"), straight=True),
)
