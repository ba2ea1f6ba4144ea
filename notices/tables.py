"""Lists of channels, of what did not arrive, and of announcements."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from notices import rules
from notices.sealed import ending
from notices.states import CHANNELS, ROBOTS, STATES
from tenancy import modules
from ui import formats
from ui import tables as ui


class RobotTable(ui.Table):
    order = "name"
    columns = (
        ui.Title("name", _("Name of the group"), url="notices:robot", sort="name"),
        ui.Choice("kind", _("Messenger"), choices=ROBOTS),
        ui.Made(("key",), _("Key ends in"), make=lambda row: ending(row["key"]) or _("cannot be read")),
        ui.Made(("department",), _("Department"), make=lambda row: modules.label_of(row["department"]) or _("All")),
        ui.Text("team__name", _("Team")),
        ui.Made(("kinds",), _("Hears of"), make=lambda row: formats.listed(_heard(row["kinds"]))),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
        ui.YesNo("is_on", _("Switched on")),
    )


def _heard(kinds: list[str]) -> list[str]:
    words = rules.kinds()
    return [str(words[kind]) for kind in kinds if kind in words]


class DeliveryTable(ui.Table):
    columns = (
        ui.Title("title", _("About"), url="notices:delivery"),
        ui.Choice("channel", _("Sent by"), choices=CHANNELS),
        ui.Made(
            ("user__name", "robot__name"), _("To"), make=lambda row: row["user__name"] or row["robot__name"], whole=True
        ),
        ui.Badge("state", _("State"), states=STATES),
        ui.Text("last_error", _("What went wrong")),
        ui.Number("attempts", _("Tries")),
        ui.DateTime("created_at", _("Written")),
        ui.DateTime("next_at", _("Next try")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
    )


class AnnouncementTable(ui.Table):
    columns = (
        ui.Title("text", _("Announcement"), url="notices:announcement"),
        ui.PlacePath("place__full_name", _("Place")),
        ui.DateTime("starts_at", _("Shown from")),
        ui.DateTime("ends_at", _("Shown until")),
        ui.Text("made_by_name", _("By")),
        ui.Text("hospital__short_name", _("Hospital"), only_all=True),
    )
