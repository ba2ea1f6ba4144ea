"""The list of targets."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from kpi import registry
from ui import tables


def _figure(row: tables.Row) -> Any:
    return next((kpi.label for kpi in registry.kpis() if kpi.key == row["kpi"]), row["kpi"])


def _hospital(row: tables.Row) -> Any:
    return row["hospital__short_name"] or _("All hospitals of the consortium")


class TargetTable(tables.Table):
    """Which target held when, and who decided it."""

    columns = (
        tables.Made(("kpi",), _("Figure"), make=_figure),
        tables.Made(("hospital__short_name",), _("Hospital"), make=_hospital),
        tables.Number("target", _("Target")),
        tables.Number("floor", _("Lowest acceptable value")),
        tables.Date("valid_from", _("From"), sort="valid_from"),
        tables.Date("valid_to", _("Until")),
        tables.Text("decided", _("Decided by")),
        tables.Person("set_by__name", _("Set by")),
        tables.DateTime("set_at", _("Set on")),
    )
    order = "-valid_from"
