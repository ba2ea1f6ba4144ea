"""Checklists and plans as they stand in the tables."""

from __future__ import annotations

from datetime import date, datetime, time
from itertools import count
from typing import Any
from zoneinfo import ZoneInfo

from assets.models import Asset, Kind
from inspections import generation
from inspections.models import Checklist, Edition, Item, Plan
from workorders.limits import calendar_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
_numbers = count(1)


def local(text: str) -> datetime:
    """A moment as the clock on the hospital's wall shows it."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def checklist(world: Any, department: str = "maintenance", items: int = 2) -> Checklist:
    """A list of the consortium's with an edition in force."""
    number = next(_numbers)
    made = Checklist.objects.create(
        consortium=world.consortium, key=f"own.{number}", own_name=f"巡检表 {number}", department=department
    )
    edition = Edition.objects.create(
        consortium=world.consortium, checklist=made, number=1, state="current", lines=items,
        published_at=local("2026-01-01 08:00"),
    )  # fmt: skip
    for order in range(1, items + 1):
        Item.objects.create(
            consortium=world.consortium, edition=edition, order=order, key=f"i{order}", text=f"检查 {order}"
        )
    return made


def kind(world: Any, name: str = "离心水泵") -> Kind:
    return Kind.objects.get_or_create(consortium=world.consortium, name=name, defaults={"family": "building"})[0]


def asset(world: Any, site: Any = None, **fields: Any) -> Asset:
    site, number = site or world.a, next(_numbers)
    fields = {"kind": fields.pop("kind", None) or kind(world), "place": site.room, **fields}
    return Asset.objects.create(hospital=site.hospital, code=f"P-{number}", name=f"水泵 {number}", **fields)


def plan(world: Any, site: Any = None, *, began: datetime | None = None, **fields: Any) -> Plan:
    """A plan of maintenance; running since `began`, if that is given: its rounds are not made yet."""
    site, number = site or world.a, next(_numbers)
    values = {
        "name": f"巡检计划 {number}",
        "department": "maintenance",
        "team": site.team,
        "place": site.building,
        "subject": "place",
        "step": "day",
        "starts_on": date(2026, 1, 1),
        "at": time(8),
        **fields,
    }
    if began is not None:
        values |= {"state": "running", "planned_from": began}
    values.setdefault("checklist", None)
    values["checklist"] = values["checklist"] or checklist(world)
    return Plan.objects.create(hospital=site.hospital, **values)


def rounds_until(of: Plan, now: datetime) -> Plan:
    """Make the plan's rounds as the tick would."""
    calendar = calendar_of(of.hospital_id)
    if not of.is_rolling:
        generation.make([of], calendar, now)
    of.refresh_from_db()
    generation.follow([of], calendar, now)
    return of
