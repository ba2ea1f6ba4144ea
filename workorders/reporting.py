"""What a reporter is offered: the places they stand at, the pictures of what is usually wrong, who they are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from assets.models import Asset
from tenancy.models import Door, Hospital, Membership, Place, Unit
from tenancy.permissions import PLACE_VIEW
from tenancy.search import found, words_of
from workorders import work_types
from workorders.models import Problem, Service, WorkOrder
from workorders.permissions import ORDER_VIEW
from workorders.states import URGENCIES

USUAL = timedelta(days=365)  # how far back "usual here" looks
FOUND = 30


@dataclass(frozen=True)
class Tile:
    """One picture on the report page: a problem, or a service that has no pictures."""

    label: str
    icon: str
    service: int
    problem: int | None


@dataclass
class Group:
    """The pictures of one department."""

    key: str
    label: Any
    icon: str
    tiles: list[Tile] = field(default_factory=list)


def member_of(user: Any, hospital: int, day: date | None = None) -> Membership | None:
    """Where this person works at the hospital today."""
    at_work = Q(ends_on=None) | Q(ends_on__gte=day or timezone.localdate())
    return Membership.objects.filter(at_work, user=user, hospital=hospital).select_related("unit", "team").first()


def units_of(user: Any, hospital: int | None = None) -> list[Unit]:
    """The person's own units; in all their hospitals, or in one."""
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    at_work &= Q(hospital=hospital) if hospital else Q()
    members = Membership.objects.filter(at_work, user=user, unit__isnull=False).select_related("unit__place")
    return [member.unit for member in members.order_by("hospital_id")]


def unit_at(place: Place) -> Unit | None:
    """The unit whose rooms the place belongs to: the one that stands nearest above it."""
    units = Unit.objects.filter(hospital=place.hospital_id, closed_on=None, place__path__in=place.paths_above)
    return units.order_by("-place__path").first()


def colleagues(unit: Unit | None, user: Any) -> list[str]:
    """Who may stand before a ward's shared account: the people of the ward by name, nothing else about them."""
    if unit is None:
        return []
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    people = Membership.objects.filter(at_work, unit=unit, user__is_shared=False).exclude(user=user)
    return list(people.order_by("initials", "name").values_list("name", flat=True)[:60])


def reportable(user: Any) -> Any:
    """Places where something may be reported: what the person may see and what is not closed."""
    places = Place.objects.for_user(user, PLACE_VIEW)
    return places.filter(Q(closed_on=None) | Q(closed_on__gt=timezone.localdate()))


def own_places(user: Any, units: Iterable[Unit]) -> list[Place]:
    """The unit's own place first, then its rooms."""
    own = [unit.place for unit in units if unit.place]
    if not own:
        return []
    below = Q()
    for place in own:
        below |= Place.within(place.path)
    tops = [place.pk for place in own]
    found = list(reportable(user).filter(below).order_by("path")[:12])
    return sorted(found, key=lambda place: (place.pk not in tops, place.path))


def recent_places(user: Any, units: Iterable[Unit], without: Iterable[Place] = ()) -> list[Place]:
    """Where the person or the ward reported lately."""
    mine = Q(reporter_id=user.pk) | Q(unit_id__in=[unit.pk for unit in units])
    orders = WorkOrder.objects.for_user(user, ORDER_VIEW).filter(mine, reported_at__gte=timezone.now() - USUAL)
    last = orders.exclude(place__in=without).values("place").annotate(at=Max("reported_at")).order_by("-at")[:6]
    ids = [row["place"] for row in last]
    places = reportable(user).in_bulk(ids)
    return [places[pk] for pk in ids if pk in places]


def find_places(user: Any, text: str, hospital: int | None) -> list[Place]:
    """Any part of the name or code, the first letters of its pinyin, or the extension: 护士, hsz, B1-3, 8301."""
    places = reportable(user).exclude(parent=None)
    places = places.filter(hospital=hospital) if hospital else places
    if words := words_of(text):
        places = places.filter(pk__in=found(Place, words, [hospital] if hospital else None))
    return list(places.order_by("path")[:FOUND])


def usage(user: Any, unit: Unit | None) -> dict[int, int]:
    """How often the unit reported each problem in the last year."""
    if unit is None:
        return {}
    orders = WorkOrder.objects.for_user(user, ORDER_VIEW).filter(unit=unit, problem__isnull=False)
    counted = orders.filter(reported_at__gte=timezone.now() - USUAL).values("problem").annotate(n=Count("id"))
    return {row["problem"]: row["n"] for row in counted}


def groups(
    hospital: Hospital,
    used: dict[int, int] | None = None,
    *,
    patients: bool = False,
    asset: Asset | None = None,
) -> list[Group]:
    """The pictures by department: the most used first; for patients only theirs; for an asset its repairs first."""
    used = used or {}
    offered = Service.objects.filter(hospital=hospital, active=True, internal=False, department__in=hospital.modules)
    services = [
        service for service in offered.order_by("id") if not patients or work_types.is_for_patients(service.key)
    ]
    pictures: dict[int, list[Problem]] = {service.pk: [] for service in services}
    for problem in Problem.objects.filter(service__in=pictures, active=True).order_by("order", "id"):
        pictures[problem.service_id].append(problem)
    by_department: dict[str, Group] = {}
    for service in sorted(services, key=lambda s: not _fits(s, asset)):
        name = work_types.department_of(service.department)
        group = by_department.setdefault(service.department, Group(service.department, name.label, name.icon))
        group.tiles += _tiles(service, pictures[service.pk])
    shown = list(by_department.values())
    if not asset:
        for group in shown:
            group.tiles.sort(key=lambda tile: -used.get(tile.problem or 0, 0))
        shown.sort(key=lambda g: (-sum(used.get(t.problem or 0, 0) for t in g.tiles), -len(g.tiles)))
    return _usual(shown, used) + shown


def _fits(service: Service, asset: Asset | None) -> bool:
    return asset is not None and work_types.repairs(service.key, asset.kind.family)


def _tiles(service: Service, problems: list[Problem]) -> list[Tile]:
    if not problems:
        return [Tile(str(service), service.icon, service.pk, None)]
    return [Tile(str(problem), problem.icon, service.pk, problem.pk) for problem in problems]


def _usual(shown: list[Group], used: dict[int, int]) -> list[Group]:
    tiles = [tile for group in shown for tile in group.tiles if used.get(tile.problem or 0)]
    tiles = sorted(tiles, key=lambda tile: -used[tile.problem or 0])[:6]
    return [Group("usual", _("Usual here"), "history", tiles)] if tiles else []


def raised(urgency: str) -> list[str]:
    """The urgencies a reporter may choose: the usual one, or a higher."""
    order = list(URGENCIES)
    return order[order.index(urgency) :]


def door_of(token: str) -> Door | None:
    """The door that a printed code opens, if it still does."""
    if not token or "\0" in token:
        return None
    return Door.objects.filter(token=token, revoked_at=None).select_related("hospital").first()
