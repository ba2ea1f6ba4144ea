"""Checklists, plans and rounds that are due, written straight into the tables."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from assets.models import Asset, Kind
from inspections.models import Checklist, Edition, Item, Plan, PlanPoint, Round

HOUR = timedelta(hours=1)
LINES: tuple[dict[str, Any], ...] = (
    {"text": "外观完好", "kind": "check"},
    {"text": "压力", "kind": "value", "unit": "MPa", "low": "0.3", "high": "0.5"},
)


def edition(world: Any, lines: Any = LINES, *, key: str = "maintenance.pump", **facts: Any) -> Edition:
    """An edition in force; the items have the keys i1, i2, …"""
    checklist = Checklist.objects.create(
        consortium=world.consortium, key=key, own_name="水泵检查", department="maintenance"
    )
    made = Edition.objects.create(consortium=world.consortium, checklist=checklist, number=1, state="draft", **facts)
    Item.objects.bulk_create(
        Item(**{"consortium": world.consortium, "edition": made, "order": n, "key": f"i{n}", "photo": "never", **line})
        for n, line in enumerate(lines, start=1)
    )
    Edition.objects.filter(pk=made.pk).update(state="current", lines=len(lines))
    made.state = "current"
    return made


def asset(world: Any, code: str, place: Any = None) -> Asset:
    kind, _made = Kind.objects.get_or_create(consortium=world.consortium, name="消防泵", family="building")
    return Asset.objects.create(
        hospital=world.a.hospital, kind=kind, place=place or world.a.room, code=code, name=f"泵 {code}"
    )


def plan(world: Any, checklist: Checklist, name: str = "水泵周检", **facts: Any) -> Plan:
    facts = {"subject": "place", "place": world.a.room, "step": "week", "team": world.a.team, **facts}
    return Plan.objects.create(
        hospital=world.a.hospital, name=name, department="maintenance", checklist=checklist, state="running",
        starts_on=timezone.localdate(), **facts,
    )  # fmt: skip


def due(world: Any, made: Plan, **facts: Any) -> Round:
    """A round of the plan that may be done now."""
    now = timezone.now()
    times = {"due_at": now + HOUR, "opens_at": now - HOUR, "late_from": now + 24 * HOUR}
    return Round.objects.create(
        **{
            **times, "hospital": made.hospital, "plan": made, "checklist": made.checklist, "department": made.department,
            "team": made.team, "skill": made.skill, "place": made.place, "asset": made.asset, "unit": made.unit,
            "needs_signature": made.needs_signature, "minutes": made.minutes, **facts,
        }
    )  # fmt: skip


def route(world: Any, count: int, lines: Any = LINES, *, walk: int = 0, **facts: Any) -> Round:
    """A route of pumps in one room, due now."""
    made = plan(world, edition(world, lines).checklist, "水泵巡检", subject="route", **facts)
    for n in range(1, count + 1):
        pump = asset(world, f"P{n:02}")
        PlanPoint.objects.create(hospital=made.hospital, plan=made, order=n, place=pump.place, asset=pump, walk=walk)
    return due(world, made)


def one(world: Any, lines: Any = LINES, **facts: Any) -> Round:
    """A round of one pump, due now."""
    return due(world, plan(world, edition(world, lines).checklist, subject="asset", asset=asset(world, "P01"), **facts))
