"""Plans as a list."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from django.utils.translation import gettext_lazy as _

from flow.states import choices
from inspections import wording
from inspections.catalogue import label_of
from inspections.states import BY_DONE, PLAN_STATES, SUBJECTS
from ui import tables
from workorders import work_types

OF_RHYTHM = (
    *("every", "step", "weekdays", "month_day", "nth", "weekday", "offset_days", "months", "on_holiday", "basis", "at"),
    *("until", "starts_on", "meter", "meter_every", "spread_days"),
)


def rhythm(row: Mapping[str, Any]) -> str:
    """How often, in words, from a row of `values()`."""
    rolling = row["basis"] == BY_DONE or row["meter_every"] is not None
    return wording.rhythm(SimpleNamespace(**{name: row[name] for name in OF_RHYTHM}, is_rolling=rolling))


def checklist(row: Mapping[str, Any]) -> str:
    return row["checklist__own_name"] or str(label_of(row["checklist__key"]))


def what(row: Mapping[str, Any]) -> str:
    """The asset, the kind and where, the place or where the route begins."""
    if row["asset__name"]:
        return f"{row['asset__name']} {row['asset__code']}"
    where = row["place__full_name"] or row["place__name"]
    return f"{row['kind__name']} · {where}" if row["kind__name"] else str(where)


def department(row: Mapping[str, Any]) -> str:
    return str(work_types.department_of(row["department"]).label)


class PlanTable(tables.Table):
    columns = (
        tables.Title("name", _("Plan"), url="inspections:plan", sort="name"),
        tables.Badge("state", _("State"), states=PLAN_STATES),
        tables.Made(("checklist__own_name", "checklist__key"), _("Checklist"), make=checklist),
        tables.Made(
            ("asset__name", "asset__code", "kind__name", "place__full_name", "place__name"), _("What"), make=what
        ),
        tables.Made(OF_RHYTHM, _("How often"), make=rhythm),
        tables.Text("team__name", _("Team")),
        tables.Text("hospital__short_name", _("Hospital"), only_all=True),
        tables.Made(("department",), _("Department"), make=department, extra=True),
        tables.Choice("subject", _("Kind of plan"), choices=choices(SUBJECTS), extra=True),
        tables.YesNo("statutory", _("Required by law"), extra=True),
        tables.Number("minutes", _("Minutes"), extra=True),
    )
    order = "name"


def departments() -> list[tuple[str, Any]]:
    return [(slug, name.label) for slug, name in work_types.departments().items()]
