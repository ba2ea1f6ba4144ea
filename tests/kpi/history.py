"""A random history of work orders with everything that is ugly about real ones."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assets.models import Asset, Kind
from tests.factories.orders import unsaved
from tests.kpi import checks, machines
from workorders.models import Service, WorkOrder
from workorders.states import STATES, WAITING_REASONS

DAYS = 70


def services(site: Any) -> list[Service]:
    return list(Service.objects.filter(hospital=site.hospital, key__in=SERVICES).order_by("key"))


SERVICES = (
    "maintenance.water",
    "maintenance.lift",
    "cleaning.terminal",
    "security.keys",
    "maintenance.other",
    "cleaning.work_complaint",
)


def write(world: Any, seed: int, number: int = 400, *, loop: bool = True) -> None:
    """Orders, rounds and hazards at both hospitals over the last ten weeks.

    All states, no rating, half a rating, midnight, imports, reports of the same fault merged, paused ones, sent back, complaints;
    rounds in parts, late, missed, skipped; hazards that were none, or came back. `loop`: appeals and actions to figures that
    nobody froze.
    """
    dice = random.Random(seed)
    for site in (world.a, world.b):
        if "lifts" not in site.__dict__:
            site.lifts = [assets(world, site, n) for n in range(4)]
            machines.write(site, [*site.lifts, *(assets(world, site, n) for n in range(4, 12))], dice)
            machines.shifts(world, site, dice)
        made = WorkOrder.objects.bulk_create(of_site(world, site, dice, number))
        _merge(made, dice)
        checks.write(world, site, dice, number // 2, loop=loop)


def assets(world: Any, site: Any, n: int) -> Asset:
    kind, _made = Kind.objects.get_or_create(consortium=world.consortium, name="电梯", family="building")
    place, state = (site.room, site.floor)[n % 2], ("in_use", "standby", "broken", "sealed")[n % 4]
    return Asset.objects.create(
        hospital=site.hospital, kind=kind, place=place, code=f"L{n}", name=f"电梯 {n}", state=state
    )


def _merge(made: list[WorkOrder], dice: random.Random) -> None:
    """Some of the cancelled ones were the same fault, reported again."""
    for order in made:
        if order.state == "cancelled" and dice.random() < 0.5:
            order.duplicate_of = dice.choice([other for other in made if other is not order])
    WorkOrder.objects.bulk_update([order for order in made if order.duplicate_of_id], ["duplicate_of"])


def of_site(world: Any, site: Any, dice: random.Random, number: int) -> list[WorkOrder]:
    return [_one(world, site, dice) for _ in range(number)]


def _one(world: Any, site: Any, dice: random.Random) -> WorkOrder:
    service = dice.choice(site.known)
    at = _moment(dice)
    state = dice.choice(list(STATES))
    mine = site is world.a
    fields: dict[str, Any] = {
        "due_at": at + timedelta(seconds=dice.randrange(0, 6 * 86400)),
        "unit": dice.choice([site.ward, site.other_ward, None]),
        "team": dice.choice([site.team, site.other_team, site.cleaners, None]),
        "assignee": dice.choice([world.tom if mine else world.tom_b, world.lea if mine else world.lea_b, None]),
        "contractor": dice.choice([world.firm, None]),
        "channel": dice.choice(["web", "phone", "scan", "import"]),
        "returned": dice.choice([0, 0, 0, 1, 2]),
        "waited_seconds": dice.choice([0, 0, dice.randrange(0, 5000)]),
        "cost": dice.choice([0, 0, dice.randrange(0, 100_000) / 100]),
        "asset": dice.choice([*site.__dict__.get("lifts", ()), None, None]),
    }
    order = unsaved(site.hospital, service, dice.choice([site.room, site.other_room, site.floor]), state, at, **fields)
    _bend(order, dice)
    return order


def _moment(dice: random.Random) -> datetime:
    """Any moment; one in six exactly at, or a microsecond before, local midnight."""
    now = timezone.now()
    at = now - timedelta(seconds=dice.randrange(3600, DAYS * 86400))
    if dice.random() < 1 / 6:
        at = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        at -= timedelta(microseconds=dice.randrange(2))
    return at


def _bend(order: WorkOrder, dice: random.Random) -> None:
    if order.state == "waiting":
        order.waiting_reason = dice.choice(list(WAITING_REASONS))
        order.clock_runs_on = dice.random() < 0.3
    order.respond_by = order.reported_at + timedelta(minutes=dice.choice([5, 15, 60, 3000]))
    if order.finished_at:
        order.finished_at = order.reported_at + timedelta(seconds=dice.randrange(5000, 4 * 86400))
        for name in ("attitude", "skill", "speed"):
            setattr(order, name, dice.choice([None, 1, 2, 3, 4, 5, 5]))
        if dice.random() < 0.1:
            order.due_at = order.finished_at
    if order.state == "closed" and dice.random() < 0.4:
        order.signed_at = None
