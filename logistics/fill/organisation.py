"""Hospitals, places, units and teams: opened through the verbs of the organisation, their many places laid down at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from flow.domain import subject_of
from flow.models import Event
from flow.origin import COMMAND
from logistics.fill import words
from logistics.fill.plan import Plan
from tenancy import domain, modules
from tenancy.models import Consortium, Contractor, Hospital, Place, Team, Unit
from tenancy.pinyin import initials
from workorders.models import Service

AREA_OF_A_BED = 110  # m²


@dataclass
class Built:
    """One hospital as it stands: what people, equipment and orders are hung on."""

    number: int  # 0 is the largest
    hospital: Hospital
    share: float
    buildings: list[Place] = field(default_factory=list)
    floors: list[Place] = field(default_factory=list)
    units: list[Unit] = field(default_factory=list)
    rooms: dict[int, list[Place]] = field(default_factory=dict)  # by unit
    labels: dict[int, list[str]] = field(default_factory=dict)  # what the ward calls them, by unit
    teams: list[Team] = field(default_factory=list)


class Laid:
    """Rows of one hospital on their way into the database, with their history."""

    def __init__(self, actor: Any, hospital_id: int, at: datetime) -> None:
        self.actor, self.hospital_id, self.at = actor, hospital_id, at
        self.notes: list[Event] = []

    def note(self, row: Any, verb: str, data: dict[str, Any] | None = None, at: datetime | None = None) -> None:
        """The line the verb of the organisation would have written."""
        self.notes.append(
            Event(
                hospital_id=self.hospital_id, subject=subject_of(row), subject_id=row.pk, verb=verb, at=at or self.at,
                actor_kind="system", actor_name=self.actor.name, data=data or {}, channel=COMMAND,
            )
        )  # fmt: skip

    def save(self, *batches: list[Any]) -> None:
        for rows in (*batches, self.notes):
            if rows:
                type(rows[0]).objects.bulk_create(rows, batch_size=2000)
        self.notes = []


def keys_for(model: Any, count: int) -> list[int]:
    """So many fresh keys of a table, taken from its own counter."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, max(count, 0)]
        )
        return [key for (key,) in cursor.fetchall()]


def morning(plan: Plan) -> datetime:
    """When the organisation was set up: the first morning, before anything is reported."""
    return timezone.make_aware(datetime.combine(plan.since - timedelta(days=30), time(8)))


def hospital(actor: Any, plan: Plan, consortium: Consortium, number: int, taken: set[str]) -> Built:
    """Open one hospital with its places and units."""
    name, short, kind = words.hospital(number)
    share = plan.shares()[number]
    beds = max(24, round(share * 12_000 / 10) * 10)
    code = _code(name, taken)
    made = domain.open_hospital(
        actor, consortium=consortium, code=code, name=name, short_name=short, kind=kind, beds=beds,
        area=beds * AREA_OF_A_BED, staff=round(beds * 1.6), modules=[slug for slug, _label in modules.choices()],
    )  # fmt: skip
    built = Built(number, made, share)
    laid = Laid(actor, made.pk, morning(plan))
    _places(plan, built, laid)
    return built


def _code(name: str, taken: set[str]) -> str:
    """Up to six letters and digits that begin every order number."""
    stem = initials(name).upper()[:4]
    code = next(c for c in (stem, *(f"{stem}{n}" for n in range(2, 99))) if c not in taken)
    taken.add(code)
    return code


def _places(plan: Plan, built: Built, laid: Laid) -> None:
    """Campus, buildings, floors; a unit on each floor in turn, with rooms until the hospital's number is reached."""
    wanted = max(60, round(plan.places * built.share))
    units = max(6, min(len(words.UNITS), wanted // 14))
    buildings = max(2, min(len(words.BUILDINGS), 1 + units // 6))
    root = Place.objects.get(hospital=built.hospital, parent=None)
    rows: list[Place] = []
    free = iter(keys_for(Place, wanted + 200))
    campus = _place(rows, free, root, "campus", "本部院区")
    for code, name, _floors in words.BUILDINGS[:buildings]:
        built.buildings.append(_place(rows, free, campus, "building", name, code))
    per_building = -(-units // buildings)
    for number in range(1, per_building + 1):
        for building in built.buildings:
            built.floors.append(_place(rows, free, building, "floor", f"{number} 层", f"{building.code}-{number}"))
    per_unit = max(3, (wanted - len(rows)) // units)
    unit_rows = []
    for index, (name, kind) in enumerate(words.UNITS[:units]):
        floor = built.floors[index % len(built.floors)]
        unit = Unit(
            hospital=built.hospital, code=f"K{index + 1:02d}", name=name, initials=initials(name), kind=kind, place=floor,
            phone=f"8{index + 1:03d}",
        )  # fmt: skip
        unit_rows.append(unit)
        known = words.WARD_ROOMS if kind == "clinical" else words.OFFICE_ROOMS
        labels = [known[i] if i < len(known) else f"{i + 1} 号房" for i in range(per_unit)]
        rooms = [
            _place(rows, free, floor, "room", f"{name}{label}", f"{floor.code}-{unit.code}-{i + 1:02d}",
                   unit.phone if not i else "")
            for i, label in enumerate(labels)
        ]  # fmt: skip
        built.units.append(unit)
        built.rooms[index], built.labels[index] = rooms, labels
    for unit, key in zip(unit_rows, keys_for(Unit, len(unit_rows)), strict=True):
        unit.pk = key
    for row in (*rows, *unit_rows):
        laid.note(row, "added")
    laid.save(rows, unit_rows)


def _place(rows: list[Place], free: Any, parent: Place, kind: str, name: str, code: str = "", phone: str = "") -> Place:
    place = Place(
        id=next(free), hospital_id=parent.hospital_id, parent=parent, kind=kind, name=name, code=code, phone=phone,
        initials=initials(name)[:100], full_name=f"{parent.full_name} / {name}" if parent.full_name else name,
    )  # fmt: skip
    place.path = f"{parent.path}{place.pk:08d}."
    rows.append(place)
    return place


def firms(actor: Any, consortium: Consortium) -> list[Contractor]:
    return [
        domain.add_contractor(actor, consortium=consortium, name=name, registration_number=number)
        for name, number in words.FIRMS
    ]


def teams(actor: Any, plan: Plan, built: Built, known: list[Contractor]) -> None:
    """The crews; some of cleaning and security are firms', engaged from the first day. Each service gets its usual one."""
    count = len(words.TEAMS) if built.share * plan.hospitals >= 0.8 else 5
    engaged: set[tuple[int, str]] = set()
    for department, name, _services, may in words.TEAMS[:count]:
        firm = _firm(built.number, department, known) if may else None
        if firm is not None and (firm.pk, department) not in engaged:
            engaged.add((firm.pk, department))
            domain.engage_contractor(
                actor, hospital=built.hospital, contractor=firm, department=department,
                starts_on=plan.since - timedelta(days=30),
            )  # fmt: skip
        built.teams.append(
            domain.add_team(actor, hospital=built.hospital, department=department, name=name, contractor=firm)
        )
    for service in Service.objects.filter(hospital=built.hospital):
        service.team = _usual(built, service)
        service.save(update_fields=["team"])


def _firm(number: int, department: str, known: list[Contractor]) -> Contractor | None:
    """The first firm cleans at the three largest and at every second hospital; security is the firms' at every third."""
    if department == "cleaning":
        return known[0] if number < 3 or number % 2 else known[2 + number // 2 % 2]
    return known[1] if number % 3 == 0 else None


def _usual(built: Built, service: Service) -> Team:
    own = [team for team in built.teams if team.department == service.department]
    plan = {(department, name): names for department, name, names, _may in words.TEAMS}
    short = service.key.partition(".")[2]
    return next((team for team in own if short in plan[team.department, team.name]), own[0])


def move_some(actor: Any, plan: Plan, built: Built) -> int:
    """Wards that moved: a few rooms lie on another floor now, with path and full name of the new place."""
    dice, moved = plan.dice(f"moves {built.number}"), 0
    for index in dice.sample(range(len(built.units)), min(3, len(built.units))):
        room = built.rooms[index][-1]
        others = [floor for floor in built.floors if floor.pk != room.parent_id]
        if others:
            domain.move_place(actor, room, parent=dice.choice(others))
            moved += 1
    return moved
