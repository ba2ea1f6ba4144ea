"""Two hospitals of one consortium, a third outside it, and the people who play in the tests.

At hospital A: Rita reports from her ward, Dan sits at the service desk, Tom repairs, Lea leads his team, Hal heads
maintenance, Max manages, Ada administers. Their namesakes at B end in `_b`. Kim works in the consortium's office,
Audrey audits, Cleo's firm cleans at A and B. Olga administers the hospital outside.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.models import User
from tenancy import domain, hooks
from tenancy.models import Hospital, Role
from tenancy.scope import scope
from tests.factories import tenancy as make
from tests.factories.accounts import PASSWORD

MODULES = ["maintenance", "cleaning", "procurement", "catering", "security"]


class World(SimpleNamespace):
    """Everything by name: `world.a.ward`, `world.rita`, `world.cleaners`."""

    password = PASSWORD

    def hospitals(self) -> list[int]:
        return [self.a.id, self.b.id, self.outside.id]


class Site(SimpleNamespace):
    """One hospital with its places, units and teams."""

    hospital: Hospital

    @property
    def id(self) -> int:
        return self.hospital.pk


def build() -> World:
    """Make the world through the verbs of the organisation."""
    actor = make.setup()
    ours, theirs = make.consortium(), make.consortium("Other consortium")
    world = World(consortium=ours, other_consortium=theirs, setup=actor)
    with _without_checklists():
        for name, consortium, code in (("a", ours, "A"), ("b", ours, "B"), ("outside", theirs, "X")):
            setattr(world, name, Site(hospital=make.hospital(consortium, code, beds=100, area=9000, modules=MODULES)))
    world.firm = None
    with scope(world.hospitals()):
        world.firm = domain.add_contractor(actor, consortium=ours, name="Bright Cleaning", registration_number="91-1")
        for site, firm in ((world.a, world.firm), (world.b, world.firm), (world.outside, None)):
            arrange(site, actor, firm)
        _cast(world, world.a, "")
        _cast(world, world.b, "_b")
        _across(world)
    return world


@contextmanager
def _without_checklists() -> Iterator[None]:
    """Hundreds of rows that few tests ask for: those take them by `tests.factories.checklists.shipped`."""
    every = list(hooks.on_open_hospital)
    hooks.on_open_hospital[:] = [hook for hook in every if hook.__module__ != "inspections.checklist_hooks"]
    try:
        yield
    finally:
        hooks.on_open_hospital[:] = every


def arrange(site: Site, actor: Any, firm: Any) -> None:
    hospital = site.hospital
    site.root = make.root(hospital)
    site.campus = domain.add_place(actor, parent=site.root, kind="campus", name="东院区")
    site.building = domain.add_place(actor, parent=site.campus, kind="building", name="门诊楼", code="B1")
    site.floor = domain.add_place(actor, parent=site.building, kind="floor", name="3 层")
    site.room = domain.add_place(actor, parent=site.floor, kind="room", name="护士站", code="B1-301", phone="8301")
    site.other_building = domain.add_place(actor, parent=site.campus, kind="building", name="住院楼", code="B2")
    site.other_room = domain.add_place(actor, parent=site.other_building, kind="room", name="201", code="B2-201")
    site.ward = domain.add_unit(actor, hospital=hospital, code="W1", name="心内科", place=site.floor)
    site.other_ward = domain.add_unit(actor, hospital=hospital, code="W2", name="骨科", place=site.other_building)
    site.team = domain.add_team(actor, hospital=hospital, department="maintenance", name="水电班")
    site.other_team = domain.add_team(actor, hospital=hospital, department="maintenance", name="木工班")
    site.cleaners = domain.add_team(
        actor, hospital=hospital, department="cleaning", name="保洁班", contractor=firm, phone="8700"
    )
    if firm is not None:
        site.engagement = domain.engage_contractor(
            actor, hospital=hospital, contractor=firm, department="cleaning", starts_on=timezone.localdate()
        )


def role(world: World, key: str) -> Role:
    return Role.objects.get(consortium=world.consortium, key=key)


def _cast(world: World, site: Site, suffix: str) -> None:
    staff = [{"role": role(world, "staff")}]

    def person(name: str, number: str, *grants: dict[str, Any], **fields: Any) -> User:
        member = domain.add_person(
            world.setup,
            hospital=site.hospital,
            staff_number=number,
            name=name,
            email=f"{name.lower()}{suffix}@example.org",
            password=PASSWORD,
            grants=[*staff, *grants],
            **fields,
        )
        setattr(world, f"{name.lower()}{suffix}", member.user)
        return member.user

    def held(key: str, **narrowed: Any) -> dict[str, Any]:
        return {"role": role(world, key), **narrowed}

    technician = [
        held("worker", team=site.team),
        held("worker", place=site.building, department="maintenance"),
        held("worker", place=site.other_building, department="maintenance"),
    ]
    person("Rita", "1001", held("requester", unit=site.ward), unit=site.ward, phone="8301")
    person("Dan", "1002", held("desk"))
    person("Tom", "1003", *technician, team=site.team)
    person("Lea", "1004", held("leader", team=site.team), team=site.team, is_leader=True)
    person("Hal", "1005", held("head", department="maintenance"))
    person("Max", "1006", held("manager"))
    person("Ada", "1007", held("administrator"))


def _across(world: World) -> None:
    everywhere = {"consortium": world.consortium}

    def person(name: str, number: str, key: str, site: Site, **narrowed: Any) -> Any:
        grants = [{"role": role(world, key), **everywhere, **narrowed}]
        member = domain.add_person(
            world.setup,
            hospital=site.hospital,
            staff_number=number,
            name=name,
            email=f"{name.lower()}@example.org",
            password=PASSWORD,
            grants=grants,
            contractor=narrowed.get("contractor"),
        )
        setattr(world, name.lower(), member.user)
        return member

    person("Kim", "2001", "office", world.a)
    person("Audrey", "2002", "auditor", world.a)
    person("Cleo", "2003", "contractor_manager", world.a, contractor=world.firm)
    domain.add_person(
        world.setup,
        hospital=world.b.hospital,
        staff_number="2003",
        name="Cleo",
        email="cleo@example.org",
        contractor=world.firm,
    )
    outside = Role.objects.get(consortium=world.other_consortium, key="administrator")
    world.olga = domain.add_person(
        world.setup,
        hospital=world.outside.hospital,
        staff_number="3001",
        name="Olga",
        email="olga@example.org",
        password=PASSWORD,
        grants=[{"role": outside}],
    ).user
