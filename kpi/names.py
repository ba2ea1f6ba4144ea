"""What the parts are called by which figures are broken down. Rooms above register the kinds they know."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kpi.registry import Words
from tenancy.models import Contractor, Hospital, Place, Team, Unit

Naming = Callable[[Collection[Any]], dict[Any, str]]  # refs → names
_namings: dict[str, tuple[Words, Naming]] = {}


def register(kind: str, label: Words, naming: Naming) -> None:
    _namings[kind] = (label, naming)


def label_of(kind: str) -> Words:
    """What a kind of part is called: unit, team, …"""
    return _namings[kind][0]


def names(kind: str, refs: Collection[Any]) -> dict[Any, str]:
    """The name of each part; one question to the database, none for nothing."""
    return _namings[kind][1](refs) if refs else {}


def _by_name(model: Any, column: str = "name") -> Naming:
    return lambda refs: dict(model.objects.filter(pk__in=refs).values_list("pk", column))


def _by_hospital(model: Any, column: str = "name") -> Naming:
    """Of several hospitals each name says of which."""

    def names(refs: Collection[Any]) -> dict[Any, str]:
        rows = list(model.objects.filter(pk__in=refs).values_list("pk", column, "hospital__short_name"))
        one = len({hospital for _pk, _name, hospital in rows}) == 1
        return {pk: name if one else f"{hospital} · {name}" for pk, name, hospital in rows}

    return names


register("hospital", _("Hospital"), _by_name(Hospital, "short_name"))
register("unit", _("Unit"), _by_hospital(Unit))
register("team", _("Team"), _by_hospital(Team))
register("place", _("Place"), _by_hospital(Place, "full_name"))
register("contractor", _("Contractor"), _by_name(Contractor))
register("person", _("Person"), _by_name(User))
