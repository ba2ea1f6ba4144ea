"""The list of orders and the service catalogue, column by column."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ui.tables import Badge, DateTime, Due, Made, PlacePath, Table, Text, Title
from workorders import work_types
from workorders.states import STATES, URGENCIES


def service_name(row: Any) -> str:
    """The hospital's own words for a service, else the shipped ones in the reader's language."""
    return row["service__own_name"] or str(work_types.label_of(row["service__key"]))


def who(row: Any) -> str | None:
    """The person, or the team while nobody has taken it."""
    return row["assignee__name"] or row["team__name"]


class OrderTable(Table):
    """What, where, how urgent, how far, who, since when, until when."""

    order = "-reported_at"
    columns = (
        Title("title", _("What"), url="workorders:order", second="number"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        PlacePath("place__full_name", _("Place")),
        Made(("service__own_name", "service__key"), _("Service"), make=service_name),
        Badge("urgency", _("Urgency"), states=URGENCIES),
        Badge("state", _("State"), states=STATES),
        Made(("assignee__name", "team__name"), _("Who"), make=who, whole=True),
        DateTime("reported_at", _("Reported on"), sort="reported_at"),
        Due("due_at", _("Due"), done="finished_at", sort="due_at"),
    )
