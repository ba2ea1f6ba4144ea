"""May this person do this, here? One rule with two faces, `can` for a row and `where` for a table; no other exists."""

from __future__ import annotations

import json
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model, Q
from django.utils import timezone

from tenancy import scope
from tenancy.actors import System, Visitor
from tenancy.permissions import require_declared

NOTHING = Q(pk__in=[])
EVERYTHING = ~NOTHING


def path_end(path: str) -> str:
    """The first path after everything below `path` ("/" follows "." in ASCII)."""
    return path[:-1] + "/"


@dataclass(frozen=True)
class Paths:
    """Where a model's rows stand, and by which look-ups a grant may be narrowed. Empty: by none."""

    hospital: str = "hospital_id"
    consortium: str = ""  # counts for rows without a hospital
    place: str = ""
    department: str = ""
    contractor: str = ""
    unit: str = ""
    team: str = ""
    own: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reach:
    """One grant, flattened: what it allows, how far it reaches, what it is narrowed to."""

    permissions: frozenset[str]
    hospitals: frozenset[int]
    consortium: int | None = None  # set: the grant stands at the consortium itself
    path: str = ""  # "": the whole hospital
    department: str = ""
    contractor: int | None = None
    unit: int | None = None
    team: int | None = None
    own: bool = False
    person: int | None = None
    grant: int | None = None
    is_job: bool = False  # a job of the platform: consortium rows are left to the wall

    def _narrowed(self) -> list[tuple[str, Any]]:
        parts = [
            ("department", self.department),
            ("contractor", self.contractor),
            ("unit", self.unit),
            ("team", self.team),
        ]
        return [(name, value) for name, value in parts if value]

    @property
    def is_whole(self) -> bool:
        """Does it reach everything of its hospitals?"""
        return not (self.path or self.own or self._narrowed())

    def misses(self, row: Any) -> str:
        """The first thing that keeps it from this row (a name of `Paths`); empty where it reaches. The rule of `q`."""
        paths: Paths = type(row).reach
        hospital = _get(row, paths.hospital) if paths.hospital else None
        if hospital is None and paths.consortium:
            if not self.is_job and (not self.consortium or _get(row, paths.consortium) != self.consortium):
                return "consortium"
        elif hospital not in self.hospitals:
            return "hospital"
        if self.path and not (paths.place and (_get(row, paths.place) or "").startswith(self.path)):
            return "place"
        for name, value in self._narrowed():
            lookup = getattr(paths, name)
            if not lookup or _get(row, lookup) != value:
                return name
        return "own" if self.own and not any(_get(row, lookup) == self.person for lookup in paths.own) else ""

    def covers(self, row: Any) -> bool:
        """Does it reach this row?"""
        return not self.misses(row)

    def q(self, model: type[Model]) -> Q | None:
        """The rule of `misses`, for a table; None where it reaches nothing."""
        paths: Paths = model.reach  # type: ignore[attr-defined]
        q = self._standing(paths)
        if self.path:  # a range, not LIKE: the index serves it behind the wall
            if not paths.place:
                return None
            q &= Q(**{f"{paths.place}__gte": self.path, f"{paths.place}__lt": path_end(self.path)})
        for name, value in self._narrowed():
            if not (lookup := getattr(paths, name)):
                return None
            q &= Q(**{lookup: value})
        if self.own:
            if not paths.own:
                return None
            mine = Q()
            for lookup in paths.own:
                mine |= Q(**{lookup: self.person})
            q &= mine
        return q

    def _standing(self, paths: Paths) -> Q:
        q = Q(**{f"{paths.hospital}__in": self.hospitals}) if paths.hospital else NOTHING
        if not paths.consortium or not (self.consortium or self.is_job):
            return q
        at = EVERYTHING if self.is_job else Q(**{paths.consortium: self.consortium})
        return q | (at & Q(**{paths.hospital: None}) if paths.hospital else at)


def _get(row: Any, lookup: str) -> Any:
    try:
        return attrgetter(lookup.replace("__", "."))(row)
    except AttributeError:  # an empty relation on the way
        return None


def _flatten(facts: dict[str, Any], person: int) -> list[Reach]:
    return [
        Reach(
            permissions=frozenset(r["permissions"]),
            hospitals=frozenset(r["hospitals"]),
            consortium=r["consortium"],
            path=r["path"],
            department=r["department"],
            contractor=r["contractor"],
            unit=r["unit"],
            team=r["team"],
            own=r["own"],
            person=person,
            grant=r["grant"],
        )
        for r in facts["reaches"]
    ]


def enter(user: Any) -> dict[str, Any]:
    """Read the person's grants and set the scope of this transaction to what they reach, in one statement."""
    return _facts(user, "tenancy_enter")


def _facts(user: Any, function: str) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [user.pk, timezone.localdate()])
        facts: dict[str, Any] = json.loads(cursor.fetchone()[0])
    user._reaches = _flatten(facts, user.pk)
    user._hospitals = facts["hospitals"]
    return facts


def reaches(actor: Any) -> list[Reach]:
    """Everything the actor holds; read once per request."""
    if isinstance(actor, System):
        return [Reach(actor.permissions, scope.current() or frozenset(), is_job=True)]
    if isinstance(actor, Visitor):
        return [Reach(actor.permissions, frozenset([actor.door.hospital_id]))]
    if not actor.is_authenticated:
        return []
    if not hasattr(actor, "_reaches"):
        _facts(actor, "tenancy_reaches")
    found: list[Reach] = actor._reaches
    return found


def forget(user: Any) -> None:
    """Read the grants anew at the next question: they have just changed."""
    if hasattr(user, "_reaches"):
        del user._reaches, user._hospitals


def hospitals(user: Any) -> list[dict[str, Any]]:
    """The hospitals in the person's scope, by code: id, code, name, short_name, kind, consortium, modules."""
    if not getattr(user, "is_authenticated", False):
        return []
    reaches(user)
    found: list[dict[str, Any]] = user._hospitals
    return found


def can(actor: Any, permission: str, row: Any = None) -> bool:
    """May the actor do this to the row (or, without a row, to anything at all)?"""
    require_declared(permission)
    return any(permission in reach.permissions and (row is None or reach.covers(row)) for reach in reaches(actor))


def where(actor: Any, permission: str, model: type[Model]) -> Q:
    """The rows of `model` on which the actor holds `permission`."""
    require_declared(permission)
    found = NOTHING
    for reach in reaches(actor):
        if permission in reach.permissions and (q := reach.q(model)) is not None:
            found |= q
    return found


def hospitals_with(actor: Any, permission: str) -> frozenset[int]:
    """Ids of the hospitals where the actor holds the permission on something."""
    require_declared(permission)
    return frozenset().union(*(r.hospitals for r in reaches(actor) if permission in r.permissions))


def permissions_of(actor: Any) -> frozenset[str]:
    """Every permission held anywhere; for menus."""
    return frozenset().union(*(r.permissions for r in reaches(actor)))
