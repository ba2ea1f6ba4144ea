"""What the reports are made of: orders of a team, measured."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from kpi import measure
from kpi.periods import earlier
from tenancy import domain as organisation
from tenancy.scope import scope
from tests.factories.orders import unsaved
from tests.ground import Layer
from tests.world import role
from workorders import catalogue
from workorders.models import Service, WorkOrder


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def last_month() -> date:
    return earlier(timezone.localdate().replace(day=1), 1)


def measured(*hospitals: int) -> None:
    for hospital in hospitals:
        while measure.measure_next(hospital):
            pass


def shop_of(world):
    """`orders` writes some orders of a hospital, `measure` counts what is not counted yet."""
    made = SimpleNamespace(world=world, services=world.services)

    def orders(site, day, number=1, *, late=0, state="closed", **fields):
        """So many orders reported at noon of that day and finished three hours later; `late` of them after their limit."""
        rows = []
        with scope([site.id]):
            for n in range(number):
                at = noon(day) + timedelta(minutes=n)
                due = at + timedelta(hours=1 if n < late else 24)
                facts = {"team": site.team, "due_at": due, **fields}
                rows.append(unsaved(site.hospital, made.services[site.id], site.room, state, at, **facts))
            WorkOrder.objects.bulk_create(rows)
        return rows

    made.orders = orders
    made.measure = lambda: measured(world.a.id, world.b.id)
    return made


def services(world):
    world.services = {}
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            world.services[site.id] = Service.objects.get(hospital=site.hospital, key="maintenance.water")


OPENED = Layer(services)
opened = OPENED.fixture("opened")


@pytest.fixture
def shop(opened):
    """Hospitals A and B with their services."""
    return shop_of(opened)


@pytest.fixture
def crew(world):
    """Four more people in Tom's team at A."""
    with scope([world.a.id]):
        return [
            organisation.add_person(
                world.setup, hospital=world.a.hospital, staff_number=f"14{n:02d}", name=f"Mate {n}", email=f"m{n}@example.org",
                password=world.password, team=world.a.team, grants=[{"role": role(world, "staff")}],
            ).user
            for n in range(4)
        ]  # fmt: skip
