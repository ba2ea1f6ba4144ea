"""Lines of a file against a hospital's tree of places."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.importers import Bad, Record
from exchange.parsing import fold
from tenancy.access import can
from tenancy.domain import add_place
from tenancy.models import Hospital, Place
from tenancy.permissions import PLACE_CHANGE

LEVELS = ("campus", "building", "floor", "room")
Way = tuple[str, ...]  # names from the hospital down, folded


@dataclass
class Tree:
    """What every line is compared with."""

    actor: Any
    root: Place
    places: dict[Way, Place]
    codes: set[str]
    seen: dict[Way, int] = field(default_factory=dict)  # lines of this file, by what they name
    seen_codes: dict[str, int] = field(default_factory=dict)
    allowed: dict[int, bool] = field(default_factory=dict)


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> Tree:
    found = list(Place.objects.filter(hospital=hospital).order_by("path"))
    ways: dict[int, Way] = {}
    for place in found:  # parents come first: a path begins with its parent's
        ways[place.pk] = (*ways[place.parent_id], fold(place.name)) if place.parent_id else ()
    places = {ways[place.pk]: place for place in found}
    return Tree(actor, places[()], places, {place.code for place in found if place.code})


def steps_of(record: Record) -> list[tuple[str, str]]:
    """(kind, name) from the campus down to the place the line is about."""
    return [(kind, record[kind]) for kind in LEVELS if record[kind]]


def _ways(steps: list[tuple[str, str]]) -> list[Way]:
    names = [fold(name) for _kind, name in steps]
    return [tuple(names[: depth + 1]) for depth in range(len(names))]


def check(context: Tree, record: Record) -> Bad:
    """Is it a place that is not there yet, with a code of its own, where the person may arrange places?"""
    steps = steps_of(record)
    if not steps:
        yield "building", _("the name of a building, floor or room")
        return
    way, last = _ways(steps)[-1], steps[-1][0]
    if way in context.places:
        yield last, _("a place that is not there yet")
    elif way in context.seen:
        yield last, _("a place of its own; line %(line)s names the same") % {"line": context.seen[way]}
    context.seen.setdefault(way, record.line)
    if (code := record["code"]) and code in context.codes:
        yield "code", _("a code that no place has yet")
    elif code and code in context.seen_codes:
        yield "code", _("a code of its own; line %(line)s has the same") % {"line": context.seen_codes[code]}
    elif code:
        context.seen_codes[code] = record.line
    if not _may(context, way):
        yield last, _("a place where you may arrange places")


def _may(context: Tree, way: Way) -> bool:
    """May the person add below the nearest place that is there?"""
    while way not in context.places:
        way = way[:-1]
    above = context.places[way]
    if above.pk not in context.allowed:
        context.allowed[above.pk] = can(context.actor, PLACE_CHANGE, above)
    return context.allowed[above.pk]


def write(context: Tree, records: list[Record]) -> dict[str, int]:
    """Add the places, larger ones first, with everything they lie in."""
    before = len(context.places)
    for record in sorted(records, key=lambda record: len(steps_of(record))):
        steps = steps_of(record)
        parent = context.root
        for (kind, name), way in zip(steps, _ways(steps), strict=True):
            if way not in context.places:
                own = {"code": record["code"] or "", "phone": record["phone"] or ""} if way == _ways(steps)[-1] else {}
                context.places[way] = add_place(context.actor, parent=parent, kind=kind, name=name, **own)
            parent = context.places[way]
    made = len(context.places) - before
    return {ngettext("place", "places", made): made}
