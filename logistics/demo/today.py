"""What the people of the demonstration find when they sign in: something to do for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from logistics.demo.build import Built
from workorders import domain
from workorders.machine import ORDERS
from workorders.models import Problem, WorkOrder

Story = Iterator[datetime]


def stories(built: Built, now: datetime) -> Iterator[tuple[datetime, Story]]:
    """The day's orders, each with the moment it begins."""
    for begin, make in (
        (27 * 60, _waits_for_a_part),
        (190, _to_be_signed),
        (95, _under_way),
        (55, _given_to_the_technician),
        (32, _given_to_the_team),
        (12, _new),
        (6, _burst_pipe),
    ):
        at = now - timedelta(minutes=begin)
        yield at, make(built, at)


def _report(built: Built, at: datetime, problem: str, unit: int, room: int, channel: str = "scan") -> WorkOrder:
    """A nurse of the unit reports; the named nurse works in the first unit."""
    found = Problem.objects.select_related("service").get(hospital=built.hospital, key=f"maintenance.{problem}")
    ward = built.units[unit]
    return domain.open_order(
        built.nurses[ward.pk][0], place=built.rooms[ward.pk][room], service=found.service, problem=found, unit=ward,
        channel=channel, at=at,
    )  # fmt: skip


def _dispatch(built: Built, order: WorkOrder, at: datetime, worker: Any = None) -> None:
    team = built.teams["maintenance.water"]
    ORDERS.move(order, "dispatch", built.named["desk"], at=at, team=team, assignee=worker)


def _steps(built: Built, order: WorkOrder, at: datetime, *names: str) -> Story:
    """The technician takes one step every few minutes."""
    worker = built.named["tech"]
    at += timedelta(minutes=6)
    yield at
    _dispatch(built, order, at, worker)
    for name in names:
        at += timedelta(minutes=9)
        yield at
        ORDERS.move(order, name, worker, at=at)


def _waits_for_a_part(built: Built, at: datetime) -> Story:
    order = _report(built, at, "water.toilet", 1, 6)
    yield from _steps(built, order, at, "accept", "arrive")
    at += timedelta(minutes=40)
    yield at
    ORDERS.move(order, "wait", built.named["tech"], at=at, waiting_reason="material", reason="进水阀缺货,已报采购")


def _to_be_signed(built: Built, at: datetime) -> Story:
    order = _report(built, at, "water.tap", 0, 5)
    yield from _steps(built, order, at, "accept", "arrive")
    at += timedelta(minutes=58)
    yield at
    worker = built.named["tech"]
    ORDERS.move(
        order, "finish", worker, at=at, musts=order.service.musts, minutes=25, cause="老化", remedy="更换阀芯后正常"
    )


def _under_way(built: Built, at: datetime) -> Story:
    order = _report(built, at, "power.socket", 2, 2)
    yield from _steps(built, order, at, "accept", "arrive")


def _given_to_the_technician(built: Built, at: datetime) -> Story:
    order = _report(built, at, "power.light", 0, 1)
    yield from _steps(built, order, at)


def _given_to_the_team(built: Built, at: datetime) -> Story:
    order = _report(built, at, "power.call_bell", 3, 3)
    at += timedelta(minutes=8)
    yield at
    _dispatch(built, order, at)


def _new(built: Built, at: datetime) -> Story:
    _report(built, at, "joinery.lock", 4, 4, "phone")
    yield from ()


def _burst_pipe(built: Built, at: datetime) -> Story:
    _report(built, at, "water.burst", 5 if len(built.units) > 5 else 3, 0)
    yield from ()
