"""Lines of a file against the people of a hospital: who joins, where, and with which role."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.importers import Bad, Record
from exchange.parsing import fold
from tenancy.access import can
from tenancy.domain import add_person, may_hand_out
from tenancy.models import Grant, Hospital, Membership, Role, Team, Unit
from tenancy.permissions import PERSON_CHANGE

STAFF = "staff"  # everybody who works here may report
# Roles that can be given by a table, and what each is narrowed to.
NARROWED: dict[str, tuple[str, ...]] = {
    STAFF: (),
    "requester": ("unit",),
    "worker": ("team",),
    "leader": ("team",),
    "desk": (),
    "head": ("department",),
    "manager": (),
    "administrator": (),
    "asset_keeper": (),
}


@dataclass
class Staff:
    """What every line is compared with."""

    actor: Any
    hospital: Hospital
    units: dict[str, Unit]
    teams: dict[str, Team]
    roles: dict[str, Role]  # by key and by name
    numbers: set[str]
    emails: set[str]
    seen: dict[tuple[str, str], int] = field(default_factory=dict)


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> Staff:
    roles = Role.objects.filter(consortium=hospital.consortium_id, key__in=NARROWED, retired=False)
    members = Membership.objects.filter(hospital=hospital)
    return Staff(
        actor,
        hospital,
        {fold(name): u for u in Unit.objects.filter(hospital=hospital, closed_on=None) for name in (u.name, u.code)},
        {fold(team.name): team for team in Team.objects.filter(hospital=hospital, closed_on=None, contractor=None)},
        {fold(name): role for role in roles for name in (role.key, str(role))},
        set(members.values_list("staff_number", flat=True)),
        set(members.filter(ends_on=None, user__email__gt="").values_list("user__email", flat=True)),
    )


def check(context: Staff, record: Record) -> Bad:
    """Are number and e-mail free, do unit, team and role exist, may the person give this role here?"""
    yield from _once(context, record, "staff_number", context.numbers, _("a staff number that nobody here has yet"))
    yield from _once(context, record, "email", context.emails, _("an e-mail that nobody here has yet"))
    unit, team, role = _found(context, record)
    if record["unit"] and unit is None:
        yield "unit", _("the code or the name of a unit")
    if record["team"] and team is None:
        yield "team", _("the name of a team of the hospital")
    if record["role"] and role is None:
        names = ", ".join(sorted({str(role) for role in context.roles.values()}))
        yield "role", _("one of: %(words)s") % {"words": names}
    if not can(context.actor, PERSON_CHANGE, Membership(hospital=context.hospital, unit=unit, team=team)):
        yield "unit", _("a unit or team whose people you may arrange")
    if role and role.key != STAFF:
        yield from _gives(context, role, unit, team)


def _once(context: Staff, record: Record, key: str, taken: set[str], expected: str) -> Bad:
    value = record[key]
    if not value:
        return
    if value in taken:
        yield key, expected
    elif line := context.seen.get((key, value)):
        yield key, _("a value of its own; line %(line)s has the same") % {"line": line}
    else:
        context.seen[key, value] = record.line


def _found(context: Staff, record: Record) -> tuple[Unit | None, Team | None, Role | None]:
    return (
        context.units.get(fold(record["unit"] or "")),
        context.teams.get(fold(record["team"] or "")),
        context.roles.get(fold(record["role"] or "")),
    )


def _narrowing(role: Role, unit: Unit | None, team: Team | None) -> dict[str, Any]:
    parts = {"unit": unit, "team": team, "department": team.department if team else ""}
    return {name: parts[name] for name in NARROWED[role.key]}


def _gives(context: Staff, role: Role, unit: Unit | None, team: Team | None) -> Bad:
    narrowed = _narrowing(role, unit, team)
    lacking = [name for name, value in narrowed.items() if not value]
    if lacking:
        column = "unit" if lacking == ["unit"] else "team"
        yield column, _("filled in: the role %(role)s needs it") % {"role": role}
    elif not may_hand_out(context.actor, role.permissions, Grant(hospital=context.hospital, role=role, **narrowed)):
        yield "role", _("a role whose permissions you hold yourself")


def write(context: Staff, records: list[Record]) -> dict[str, int]:
    for record in records:
        unit, team, role = _found(context, record)
        grants = [{"role": context.roles[STAFF]}]
        if role and role.key != STAFF:
            grants.append({"role": role, **_narrowing(role, unit, team)})
        add_person(
            context.actor,
            hospital=context.hospital,
            staff_number=record["staff_number"],
            name=record["name"],
            email=record["email"] or "",
            unit=unit,
            team=team,
            phone=record["phone"] or "",
            post=record["post"] or "",
            is_leader=bool(role and role.key == "leader"),
            grants=grants,
        )
    return {ngettext("person", "people", len(records)): len(records)}
