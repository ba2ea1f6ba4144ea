"""The lists of the inspections, column by column."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inspections.checklist_models import name_of
from inspections.states import DRAFT, EDITIONS, NEARLY, OFFERED
from tenancy.modules import label_of
from ui import parts
from ui.tables import Date, Made, Number, Table, Title


class ChecklistTitle(Title):
    """By its own name, else the shipped one in the reader's language."""

    @property
    def needed(self) -> tuple[str, ...]:
        return (*super().needed, "key", "shipped_name")

    def value(self, row: Any) -> Any:
        return name_of(row["own_name"], row["key"], row["shipped_name"])


def validity(until: date | None) -> tuple[Any, str] | None:
    """Words and colour for a standard that has run out or nearly has; None while there is nothing to say."""
    if until is None or until > timezone.localdate() + NEARLY:
        return None
    if until < timezone.localdate():
        return _("Standard ran out on %(day)s") % {"day": until}, "red"
    return _("Standard runs out on %(day)s") % {"day": until}, "amber"


def flags(row: Any) -> Any:
    """What asks for somebody: no edition yet, a draft, an offer, an unconfirmed figure, a standard that runs out."""
    found: list[tuple[Any, str, str]] = []
    if not row["active"]:
        found.append((_("No longer in use"), "grey", "archive"))
    if row["in_force__number"] is None:
        found.append((_("Not in force yet"), "amber", "hourglass"))
    for state, number in ((OFFERED, row["offered__number"]), (DRAFT, row["drafted__number"])):
        if number is not None:
            found.append((EDITIONS[state].label, EDITIONS[state].tone, EDITIONS[state].icon))
    if row["in_force__to_confirm"]:
        found.append((_("To be confirmed"), "amber", "help-circle"))
    if said := validity(row["in_force__valid_until"]):
        found.append((*said, "calendar-due"))
    return format_html_join(" ", "{}", ((parts.badge(words, tone, icon),) for words, tone, icon in found))


def statute(row: Any) -> str:
    """Law or standard with its clause."""
    return " ".join(filter(None, (row["in_force__standard"], row["in_force__clause"])))


def whose(row: Any) -> str:
    return row["home__short_name"] or _("All hospitals")


class ChecklistTable(Table):
    """What there is to look at, in which edition, after which law."""

    order = "department"
    columns = (
        ChecklistTitle("own_name", gettext_lazy("Checklist"), url="inspections:checklist"),
        Made(("department",), gettext_lazy("Department"), make=lambda row: label_of(row["department"])),
        Made(("home__short_name",), gettext_lazy("For"), make=whose, whole=True),
        Made(("in_force__standard", "in_force__clause"), gettext_lazy("Law or standard"), make=statute),
        Number("in_force__lines", gettext_lazy("Items")),
        Number("in_force__number", gettext_lazy("Edition")),
        Date("in_force__published_at", gettext_lazy("In force since")),
        Made(
            (
                *("active", "in_force__number", "drafted__number", "offered__number"),
                *("in_force__to_confirm", "in_force__valid_until"),
            ),
            gettext_lazy("To look at"),
            make=flags,
        ),
    )
