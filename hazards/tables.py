"""The register as a list."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from hazards.queries import TO_RECTIFY
from hazards.states import GRADES, SOURCES, STATES
from ui import parts
from ui.tables import Badge, Choice, Column, DateTime, Made, Number, Person, PlacePath, Row, Table, Text, Title
from workorders.work_types import department_of


class Deadline(Column):
    """The last day: red once it is over and the hazard not rectified, amber today."""

    css = "nowrap"

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key, "state")

    def show(self, row: Row) -> Any:
        return deadline(row[self.key], row["state"])


def deadline(due_on: Any, state: str) -> Any:
    """A last day as it stands today."""
    left = (due_on - timezone.localdate()).days
    if state not in TO_RECTIFY or left > 0:
        return parts.moment(due_on)
    if left == 0:
        return parts.badge(gettext("today"), "amber", "clock")
    words = ngettext("overdue for %(days)s day", "overdue for %(days)s days", -left) % {"days": -left}
    return parts.badge(words, "red", "alarm")


class HazardTable(Table):
    """What, where, how serious, how far, who, by when."""

    order = "-found_at"
    columns = (
        Title("title", _("What is dangerous"), url="hazards:hazard", second="number"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        PlacePath("place__full_name", _("Place")),
        Badge("grade", _("Grade"), states=GRADES),
        Badge("state", _("State"), states=STATES),
        Person("responsible__name", _("Responsible")),
        Deadline("due_on", _("Rectify by"), sort="due_on"),
        DateTime("found_at", _("Found on"), sort="found_at"),
        Choice("source", _("Brought up by"), choices=[(key, state.label) for key, state in SOURCES.items()]),
        Made(("department",), _("Department"), make=lambda row: department_of(row["department"]).label, extra=True),
        Text("asset__name", _("Asset"), extra=True),
        Person("found_name", _("Found by"), extra=True),
        DateTime("closed_at", _("Closed"), extra=True),
        Number("reopened", _("Opened again"), extra=True),
    )
