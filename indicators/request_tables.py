"""Requests and requested returns as lists."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from indicators import spans
from indicators.request_states import AUDIENCES, DUE_STATES, RHYTHMS, TO_FILL
from ui import parts
from ui.tables import Badge, Column, Date, DateTime, Made, Number, Person, Row, Table, Text, Title


class Deadline(Column):
    """The last day: red once it is over and nothing was handed in, amber today."""

    css = "nowrap"

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key, "state")

    def show(self, row: Row) -> Any:
        return deadline(row[self.key], row["state"])


def deadline(due_on: Any, state: str) -> Any:
    """A last day as it stands today."""
    left = (due_on - timezone.localdate()).days
    if state not in TO_FILL or left > 3:
        return parts.moment(due_on)
    if left > 0:
        return parts.badge(ngettext("%(days)s day left", "%(days)s days left", left) % {"days": left}, "amber", "clock")
    if left == 0:
        return parts.badge(gettext("today"), "amber", "clock")
    return parts.badge(
        ngettext("overdue for %(days)s day", "overdue for %(days)s days", -left) % {"days": -left}, "red", "alarm"
    )


class DueTable(Table):
    """What, which period, whose, by when, how far."""

    order = "-due_on"
    columns = (
        Title("request__name", _("Return"), url="indicators:due"),
        Made(("first", "last"), _("Period"), make=lambda row: spans.written(row["first"], row["last"]), whole=True),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Badge("state", _("State"), states=DUE_STATES),
        Deadline("due_on", _("Due"), sort="due_on"),
        DateTime("handed_in_at", _("Handed in")),
        Person("handed_in_by__name", _("By"), extra=True),
        Number("times_returned", _("Sent back"), extra=True),
        Number("times_corrected", _("Corrected after acceptance"), extra=True),
    )


class RequestTable(Table):
    """What the office asks for."""

    order = "-id"
    columns = (
        Title("name", _("Request"), url="indicators:request"),
        Badge("rhythm", _("How often"), states=RHYTHMS),
        Badge("audience", _("Whom it asks"), states=AUDIENCES),
        Number("due_days", _("Due, days after the period")),
        Date("valid_from", _("From the period of")),
        Date("valid_until", _("Until the period of")),
    )
