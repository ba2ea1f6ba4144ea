"""The list of orders and the service catalogue, column by column."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from ui import formats
from ui.tables import Badge, Date, DateTime, Due, Made, Money, Number, Person, PlacePath, Table, Text, Title, YesNo
from workorders import work_types
from workorders.models import held
from workorders.states import STATES, URGENCIES


def service_name(row: Any) -> str:
    """The hospital's own words for a service, else the shipped ones in the reader's language."""
    return row["service__own_name"] or str(work_types.label_of(row["service__key"]))


def who(row: Any) -> str | None:
    """The person, or the team while nobody has taken it."""
    return row["assignee__name"] or row["team__name"]


STILL = gettext_noop("The clock stands still")


class Limit(Due):
    """Until when; while it is on hold for a reason that stops the clock it is never overdue."""

    @property
    def needed(self) -> tuple[str, ...]:
        return (*super().needed, "state", "clock_runs_on")

    def show(self, row: Any, clock: formats.Clock | None = None) -> Any:
        if not held(row["state"], row["clock_runs_on"]):
            return super().show(row, clock)
        return (clock or formats.Clock()).said(STILL)


class OrderTable(Table):
    """What, where, how urgent, how far, who, since when, until when."""

    order = "-reported_at"
    columns = (
        Title("title", _("What"), url="workorders:order", second="number"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        PlacePath("place__full_name", _("Place")),
        Made(("service__own_name", "service__key"), _("Service"), make=service_name, repeats=True),
        Badge("urgency", _("Urgency"), states=URGENCIES),
        Badge("state", _("State"), states=STATES),
        Made(("assignee__name", "team__name"), _("Who"), make=who, whole=True),
        DateTime("reported_at", _("Reported on"), sort="reported_at"),
        Limit("due_at", _("Due"), done="finished_at", sort="due_at"),
    )


class ServiceTitle(Title):
    """A service by the hospital's words, else the shipped ones."""

    @property
    def needed(self) -> tuple[str, ...]:
        return ("own_name", "key", "pk")

    def value(self, row: Any) -> Any:
        return row["own_name"] or str(work_types.label_of(row["key"]))


def promise(kind: str) -> Any:
    """The limits of the three urgencies in one cell: 2 小时 / 30 分 / 10 分."""
    keys = tuple(f"{kind}_{urgency}" for urgency in URGENCIES)
    return keys, lambda row: " / ".join(formats.duration(row[key] * 60) for key in keys)


def _limits(kind: str, label: Any) -> Made:
    keys, make = promise(kind)
    return Made(keys, label, make=make)


class ServiceTable(Table):
    """The catalogue: what is offered, what is promised."""

    order = "key"
    columns = (
        ServiceTitle("own_name", _("Service"), url="workorders:service"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Made(("department",), _("Department"), make=lambda row: work_types.department_of(row["department"]).label),
        _limits("respond", _("Respond within (normal / urgent / emergency)")),
        _limits("complete", _("Complete within (normal / urgent / emergency)")),
        Text("team__name", _("Usual team")),
        YesNo("needs_signature", _("Signature")),
        YesNo("is_safety", _("Safety")),
        YesNo("active", _("Offered")),
    )


class RateTitle(Title):
    """Whose rate it is: a team's, a firm's, a department's, or everybody's."""

    @property
    def needed(self) -> tuple[str, ...]:
        return ("team__name", "contractor__name", "department", "pk")

    def value(self, row: Any) -> Any:
        if row["team__name"] or row["contractor__name"]:
            return row["team__name"] or row["contractor__name"]
        return work_types.department_of(row["department"]).label if row["department"] else _("Everybody else")


class RateTable(Table):
    """What an hour costs, the latest first."""

    order = "-valid_from"
    columns = (
        RateTitle("team__name", _("Who"), url="workorders:rate"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Money("price", _("Yuan per hour")),
        Date("valid_from", _("From"), sort="valid_from"),
        Person("set_by__name", _("Set by")),
    )


class CostTable(Table):
    """Finished orders with what they cost."""

    order = "-reported_at"
    columns = (
        Title("title", _("What"), url="workorders:order", second="number"),
        Text("hospital__short_name", _("Hospital"), only_all=True),
        Text("unit__name", _("Unit")),
        PlacePath("place__full_name", _("Place"), extra=True),
        Made(("service__own_name", "service__key"), _("Service"), make=service_name, repeats=True),
        Text("contractor__name", _("Outside firm")),
        DateTime("finished_at", _("Finished")),
        Number("minutes", _("Minutes")),
        Money("labour_cost", _("Labour")),
        Money("cost", _("Cost")),
    )
