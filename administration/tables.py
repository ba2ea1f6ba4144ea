"""Lists of the organisation."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import SignIn
from administration import events
from flow.origin import CHANNELS
from flow.states import choices
from tenancy import modules
from tenancy.models import Hospital, Place, Unit
from ui import formats
from ui import tables as ui


class HospitalTable(ui.Table):
    order = "code"
    columns = (
        ui.Title("name", _("Name"), url="administration:hospital", sort="name"),
        ui.Text("code", _("Code"), sort="code"),
        ui.Choice("kind", _("Kind"), choices=Hospital.Kind.choices),
        ui.Number("beds", _("Beds"), sort="beds"),
        ui.Number("area", _("Floor area, m²")),
        ui.Number("staff", _("Staff")),
        ui.Made(
            ("modules",), _("Departments"), make=lambda row: formats.listed(modules.label_of(m) for m in row["modules"])
        ),
        ui.YesNo("is_open", _("Open")),
    )


class PlaceTable(ui.Table):
    order = "path"
    columns = (
        ui.Title("name", _("Name"), url="administration:place", second="full_name"),
        ui.Choice("kind", _("Kind"), choices=Place.Kind.choices),
        ui.Text("code", _("Code"), sort="code"),
        ui.Text("phone", _("Extension")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
        ui.Date("closed_on", _("Out of use")),
    )


class UnitTable(ui.Table):
    order = "code"
    columns = (
        ui.Title("name", _("Name"), url="administration:unit", sort="name"),
        ui.Text("code", _("Code"), sort="code"),
        ui.Choice("kind", _("Kind"), choices=Unit.Kind.choices),
        ui.PlacePath("place__full_name", _("Place")),
        ui.Text("phone", _("Extension")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
        ui.Text("merged_into__name", _("Merged into")),
        ui.Date("closed_on", _("Out of use")),
    )


class TeamTable(ui.Table):
    order = "name"
    columns = (
        ui.Title("name", _("Name"), url="administration:team", sort="name"),
        ui.Made(("department",), _("Department"), make=lambda row: modules.label_of(row["department"])),
        ui.Text("contractor__name", _("Contractor")),
        ui.Text("phone", _("Phone")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
        ui.Text("merged_into__name", _("Merged into")),
        ui.Date("closed_on", _("Out of use")),
    )


class PersonTable(ui.Table):
    order = "staff_number"
    columns = (
        ui.Title("name", pgettext_lazy("of a person", "Name"), url="administration:person", sort="name", second="post"),
        ui.Text("staff_number", _("Staff number"), sort="staff_number"),
        ui.Text("unit__name", _("Unit")),
        ui.Text("team__name", _("Team")),
        ui.Text("contractor__name", _("Contractor")),
        ui.Text("phone", _("Phone")),
        ui.Text("user__email", _("E-mail")),
        ui.YesNo("user__is_shared", _("Shared")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
        ui.Date("ends_on", _("Left")),
    )


class EngagementTable(ui.Table):
    order = "-starts_on"
    columns = (
        ui.Title("contractor__name", _("Firm"), url="administration:engagement"),
        ui.Made(("department",), _("Department"), make=lambda row: modules.label_of(row["department"])),
        ui.Text("hospital__short_name", _("Hospital")),
        ui.Date("starts_on", _("From"), sort="starts_on"),
        ui.Date("ends_on", _("Until")),
    )


class SignInTable(ui.Table):
    order = "-at"
    columns = (
        ui.DateTime("at", _("When"), sort="at"),
        ui.Text("login", _("What was typed")),
        ui.Text("user__name", _("Person")),
        ui.Choice("outcome", _("Outcome"), choices=SignIn.Outcome.choices),
        ui.Text("address", _("From where")),
        ui.Text("device", _("Device")),
    )


class RefusalTable(ui.Table):
    order = "-at"
    columns = (
        ui.DateTime("at", _("When"), sort="at"),
        ui.Text("user__name", _("Person")),
        ui.Text("path", _("Page")),
        ui.Number("status", _("Answer")),
        ui.Text("address", _("From where")),
    )


class EventSubject(ui.Column):
    """The record something happened to; it leads there."""

    css = "nowrap"

    @property
    def needed(self) -> tuple[str, ...]:
        return ("subject", "subject_id", "opens")

    def value(self, row: Any) -> Any:
        return f"{events.label(row)} {row['subject_id']}"

    def show(self, row: Any) -> Any:
        return events.where(row)


class EventTable(ui.Table):
    """Who did what to which record, and when; the newest first."""

    order = "-at"
    columns = (
        ui.DateTime("at", _("When"), sort="at"),
        ui.Made(("actor_name", "actor_kind"), _("Who"), make=events.who, whole=True),
        ui.Made(("verb", "subject"), _("What happened"), make=events.what),
        EventSubject("subject_id", _("Record")),
        ui.Choice("channel", _("Came by"), choices=choices(CHANNELS)),
        ui.Text("address", _("Network address")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
    )
