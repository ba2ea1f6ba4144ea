"""The list of targets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from kpi.aims import Aim
from ui import formats, tables


def _hospital(row: tables.Row) -> Any:
    if row["hospital__short_name"]:
        return row["hospital__short_name"]
    return row["group"] or _("All hospitals of the consortium")


class Value(tables.Made):
    """A value as people write it, with its unit."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.css = "end nowrap"


class TargetTable(tables.Table):
    """Which target held when, for whom, and who decided it. `aims`: what they are targets of."""

    columns = (
        tables.Made(("kpi",), _("Figure"), make=lambda row: row["label"]),
        tables.Made(("hospital__short_name", "group"), _("Holds for"), make=_hospital),
        Value(("target",), _("Target"), make=lambda row: row["shown"]["target"]),
        Value(("floor",), _("Lowest acceptable value"), make=lambda row: row["shown"]["floor"]),
        Value(("stretch",), _("Stretch"), make=lambda row: row["shown"]["stretch"]),
        tables.Date("valid_from", _("From"), sort="valid_from"),
        tables.Date("valid_to", _("Until")),
        tables.Text("decided", _("Decided by")),
        tables.Date("decided_on", _("Decided on")),
        tables.Text("minutes", pgettext_lazy("of a meeting", "Minutes")),
        tables.Person("set_by__name", _("Set by")),
        tables.DateTime("set_at", _("Set on")),
    )
    order = "-valid_from"


def shown(row: dict[str, Any], aim: Aim | None) -> dict[str, Any]:
    """The row with its figure's name, and its values as people write them."""
    scale = aim.scale if aim else 1
    unit = f"{formats.THIN}{aim.unit}" if aim and aim.unit else ""
    values = {name: row[name] for name in ("target", "floor", "stretch")}
    return row | {
        "label": aim.label if aim else row["kpi"],
        "shown": {k: "" if v is None else f"{formats.number(v / scale)}{unit}" for k, v in values.items()},
    }
