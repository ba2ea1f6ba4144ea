"""Arranging the demonstration's organisation through the verbs of `tenancy` and `assets`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from assets.models import Asset, Kind
from logistics import crews
from logistics.demo.cast import ACROSS, DOMAIN, FIRM, KINDS, PASSWORD, ROOMS, WARD_NAMES, HospitalPlan, TeamPlan
from tenancy import domain
from tenancy.models import Consortium, Contractor, Hospital, Place, Role, Team, Unit
from tenancy.pinyin import initials
from workorders.models import Service


@dataclass
class Built:
    """One hospital as it stands: what `life` needs to play it."""

    hospital: Hospital
    plan: HospitalPlan
    rooms: dict[int, list[Place]] = field(default_factory=dict)  # by unit
    units: list[Unit] = field(default_factory=list)
    nurses: dict[int, list[User]] = field(default_factory=dict)  # by unit
    teams: dict[str, Team] = field(default_factory=dict)  # by service key
    crew: dict[int, list[User]] = field(default_factory=dict)  # by team
    assets: list[Asset] = field(default_factory=list)
    named: dict[str, User] = field(default_factory=dict)


def hospital(actor: Any, consortium: Consortium, plan: HospitalPlan, firm: Contractor, since: date) -> Built:
    """Open one hospital with everything and everybody in it."""
    modules = sorted({team.department for team in plan.teams})
    made = domain.open_hospital(
        actor, consortium=consortium, code=plan.code, name=plan.name, short_name=plan.short_name, kind=plan.kind,
        beds=plan.beds, area=plan.area, staff=plan.staff, modules=modules,
    )  # fmt: skip
    built = Built(made, plan)
    for department in sorted({team.department for team in plan.teams if team.firm}):
        domain.engage_contractor(actor, hospital=made, contractor=firm, department=department, starts_on=since)
    _units(actor, built, _floors(actor, built))
    roles = {role.key: role for role in Role.objects.filter(consortium=consortium)}
    numbers = iter(range(1001, 9999))
    for team in plan.teams:
        _team(actor, built, team, firm, roles, numbers, since)
    for service in Service.objects.filter(hospital=made, team=None):  # a small hospital's crew does the rest as well
        crew = next(t for t in built.teams.values() if t.department == service.department)
        built.teams[service.key] = service.team = crew
        service.save(update_fields=["team"])
    _nurses(actor, built, roles, numbers, since)
    _leaders(actor, built, roles, numbers, since)
    _assets(built)
    crews.rates(made, since, timezone.localdate())
    return built


def _floors(actor: Any, built: Built) -> dict[tuple[str, int], Place]:
    root = Place.objects.get(hospital=built.hospital, parent=None)
    campus = domain.add_place(actor, parent=root, kind="campus", name="本部院区")
    floors = {}
    for code, (name, count) in built.plan.buildings.items():
        building = domain.add_place(actor, parent=campus, kind="building", name=name, code=code)
        for number in range(1, count + 1):
            floor = domain.add_place(actor, parent=building, kind="floor", name=f"{number} 层", code=f"{code}-{number}")
            floors[code, number] = floor
    return floors


def _units(actor: Any, built: Built, floors: dict[tuple[str, int], Place]) -> None:
    for index, (code, name, building, number, kind) in enumerate(built.plan.units):
        floor = floors[building, number]
        phone = f"8{(built.plan.code == 'B' and 5) or 2}{index:02d}"
        unit = domain.add_unit(
            actor, hospital=built.hospital, code=code, name=name, kind=kind, place=floor, phone=phone
        )
        built.units.append(unit)
        wanted = ROOMS if kind == "clinical" else ("办公室", "库房", "卫生间")
        built.rooms[unit.pk] = [
            domain.add_place(
                actor, parent=floor, kind="room", name=f"{name}{room}", code=f"{building}{number}-{code}-{i:02d}",
                phone=phone if i == 1 else "",
            )
            for i, room in enumerate(wanted, 1)
        ]  # fmt: skip


def _team(
    actor: Any, built: Built, plan: TeamPlan, firm: Contractor, roles: dict[str, Role], numbers: Any, since: date
) -> None:
    contractor = firm if plan.firm else None
    team = domain.add_team(
        actor, hospital=built.hospital, department=plan.department, name=plan.name, contractor=contractor
    )
    for service in plan.services:
        key = f"{plan.department}.{service}"
        built.teams[key] = team
        Service.objects.filter(hospital=built.hospital, key=key).update(team=team)
    built.crew[team.pk] = [
        domain.add_person(
            actor, hospital=built.hospital, staff_number=str(next(numbers)), name=name, team=team, contractor=contractor,
            post="组员", starts_on=since, phone=f"1390000{next(numbers)}",
            grants=[{"role": roles["staff"], "starts_on": since}, {"role": roles["worker"], "team": team, "starts_on": since}],
        ).user
        for name in plan.people
    ]  # fmt: skip


def _nurses(actor: Any, built: Built, roles: dict[str, Role], numbers: Any, since: date) -> None:
    for index, unit in enumerate(built.units):
        names = [WARD_NAMES[(index * 2 + i) % len(WARD_NAMES)] for i in range(2)]
        built.nurses[unit.pk] = [
            _person(actor, built, roles, str(next(numbers)), name, "护士", since, ward=unit) for name in names
        ]
    shared = built.units[0]
    domain.add_person(
        actor, hospital=built.hospital, staff_number="W01", name=f"{shared.name}公用", unit=shared, is_shared=True,
        post="科室公用账号", starts_on=since, grants=_ward_grants(roles, shared, since),
    )  # fmt: skip


def _ward_grants(roles: dict[str, Role], unit: Unit, since: date) -> list[dict[str, Any]]:
    return [
        {"role": roles["staff"], "starts_on": since},
        {"role": roles["requester"], "unit": unit, "starts_on": since},
        {"role": roles["requester"], "own": True, "starts_on": since},
    ]


def _person(
    actor: Any, built: Built, roles: dict[str, Role], number: str, name: str, post: str, since: date,
    *, account: str = "", ward: Unit | None = None, team: Team | None = None, grants: tuple[dict[str, Any], ...] = (),
    leads: bool = False,
) -> User:  # fmt: skip
    given = _ward_grants(roles, ward, since) if ward else [{"role": roles["staff"], "starts_on": since}]
    return domain.add_person(
        actor, hospital=built.hospital, staff_number=number, name=name, post=post, unit=ward, team=team, is_leader=leads,
        email=f"{account}@{DOMAIN}" if account else "", starts_on=since,
        phone=f"1380000{number}", grants=[*given, *({**g, "starts_on": since} for g in grants)],
    ).user  # fmt: skip


def _leaders(actor: Any, built: Built, roles: dict[str, Role], numbers: Any, since: date) -> None:
    first = next((t for k, t in built.teams.items() if k == "maintenance.water"), None)
    jobs: dict[str, tuple[dict[str, Any], ...]] = {
        "ward": (),
        "desk": ({"role": roles["desk"]}, {"role": roles["returns_clerk"]}),
        "night": ({"role": roles["desk"]},),
        "tech": ({"role": roles["worker"], "team": first},),
        "lead": ({"role": roles["leader"], "team": first},),
        "head": ({"role": roles["head"], "department": "maintenance"}, {"role": roles["asset_keeper"]}),
        "manager": ({"role": roles["manager"]},),
        "admin": ({"role": roles["administrator"]},),
    }
    for account, (name, post) in built.plan.named.items():
        job = account.partition(".")[0]
        ward = built.units[0] if job == "ward" else None
        team = first if job in ("tech", "lead") else None
        user = _person(
            actor, built, roles, str(next(numbers)), name, post, since,
            account=account if "." in account else "", ward=ward, team=team, grants=jobs[job], leads=job == "lead",
        )  # fmt: skip
        built.named[job] = user
        if job == "tech" and first:
            built.crew[first.pk].insert(0, user)
        if job == "ward":
            built.nurses[built.units[0].pk].insert(0, user)


def _assets(built: Built) -> None:
    dice = random.Random(built.plan.code)
    kinds = {
        name: Kind.objects.get_or_create(consortium_id=built.hospital.consortium_id, name=name, family=family)[0]
        for name, family in KINDS
    }
    clinical = [unit for unit in built.units if unit.kind == "clinical"]
    for number in range(1, 10 + built.plan.beds // 12):
        name, family = KINDS[number % len(KINDS)]
        unit = dice.choice(clinical if family != "building" else built.units)
        bought = date(2012 + dice.randrange(13), 1 + dice.randrange(12), 1 + dice.randrange(28))
        built.assets.append(
            Asset(
                hospital=built.hospital, kind=kinds[name], place=dice.choice(built.rooms[unit.pk]), custodian=unit,
                code=f"{built.plan.code}{number:05d}", name=f"{name} {number} 号", initials=initials(name),
                criticality={"medical": "high", "building": "high"}.get(family, "normal"),
                maker=dice.choice(("迈瑞", "通力", "格力", "鱼跃", "美的")), bought_on=bought,
                warranty_until=bought.replace(year=bought.year + 3), value=Decimal(dice.randrange(20, 4000)) * 100,
            )
        )  # fmt: skip
    Asset.objects.bulk_create(built.assets)


def across(actor: Any, consortium: Consortium, firm: Contractor, built: list[Built], since: date) -> None:
    """The consortium's office, the auditor, and the contractor's manager who works at two hospitals."""
    roles = {role.key: role for role in Role.objects.filter(consortium=consortium)}
    key = {"office": "office", "auditor": "auditor", "contractor": "contractor_manager"}
    for number, (account, (name, post)) in enumerate(ACROSS.items(), 9001):
        bound = firm if account == "contractor" else None
        given: dict[str, Any] = {"role": roles[key[account]], "consortium": consortium, "starts_on": since}
        for place in built[:2] if bound else built[:1]:
            domain.add_person(
                actor, hospital=place.hospital, staff_number=str(number), name=name, post=post, contractor=bound,
                email=f"{account}@{DOMAIN}", starts_on=since,
                grants=[{**given, "contractor": bound} if bound else given] if place is built[0] else (),
            )  # fmt: skip


def set_passwords() -> None:
    """One password for every account of the demonstration, worked out once: working it out is slow on purpose."""
    named = User.objects.filter(Q(email__endswith=f"@{DOMAIN}") | Q(is_shared=True))
    named.update(password=make_password(PASSWORD))


def contractor(actor: Any, consortium: Consortium) -> Contractor:
    return domain.add_contractor(actor, consortium=consortium, name=FIRM[0], registration_number=FIRM[1])
