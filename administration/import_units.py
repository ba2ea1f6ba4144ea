"""Lines of a file against a hospital's units."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.importers import Bad, Record
from exchange.parsing import fold
from tenancy.domain import add_unit
from tenancy.models import Hospital, Place, Unit


@dataclass
class Units:
    """What every line is compared with."""

    actor: Any
    hospital: Hospital
    codes: set[str]
    places: dict[str, Place]
    seen: dict[str, int] = field(default_factory=dict)


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> Units:
    places = Place.objects.filter(hospital=hospital, closed_on=None)
    return Units(
        actor,
        hospital,
        set(Unit.objects.filter(hospital=hospital).values_list("code", flat=True)),
        {fold(name): place for place in places for name in (place.full_name, place.code) if name},
    )


def check(context: Units, record: Record) -> Bad:
    """Is the code free, does the place exist?"""
    code = record["code"]
    if code in context.codes:
        yield "code", _("a code that no unit has yet")
    elif code in context.seen:
        yield "code", _("a code of its own; line %(line)s has the same") % {"line": context.seen[code]}
    elif code:
        context.seen[code] = record.line
    if record["place"] and fold(record["place"]) not in context.places:
        yield "place", _("the code or the full name of a place")


def write(context: Units, records: list[Record]) -> dict[str, int]:
    for record in records:
        add_unit(
            context.actor,
            hospital=context.hospital,
            code=record["code"],
            name=record["name"],
            kind=record["kind"] or Unit.Kind.CLINICAL,
            place=context.places[fold(record["place"])] if record["place"] else None,
            phone=record["phone"] or "",
        )
    return {ngettext("unit", "units", len(records)): len(records)}
