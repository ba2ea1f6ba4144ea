"""The pages of rounds that the common list, record and steps draw."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from inspections import permissions as perm
from inspections.machine import ROUNDS
from inspections.models import Round
from inspections.round_filters import RoundFilters
from inspections.round_tables import RoundTable
from ui.crud import Crud

RELATED = ("hospital", "plan", "checklist", "edition", "place", "asset__kind", "team", "unit", "skill", "assignee")


def rounds() -> Any:
    return Round.objects.select_related(*RELATED)


ROUND = Crud(
    name="inspections:round",
    title=_("Inspection rounds"),
    queryset=rounds,
    view=perm.ROUND_VIEW,
    table=RoundTable,
    filterset=RoundFilters,
    machine=ROUNDS,
    tabs=(
        (_("All"), ""),
        (_("Still to be done"), "state=undone"),
        (_("Missed"), "state=missed"),
        (_("Skip asked for"), "state=skipping"),
        (_("Skipped"), "state=skipped"),
        (_("Something found"), "found=yes"),
    ),
    empty=_("No rounds yet. Running plans create them five weeks ahead."),
    icon="route",
)
