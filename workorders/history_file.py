"""A file of work-order history against one hospital: its kinds of work, machines and places, line by line."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.domain import add_asset
from assets.models import Asset, Kind
from exchange.importers import Bad, Record
from exchange.parsing import fold
from tenancy.models import Hospital, Place, Unit
from ui.formats import money, number
from workorders.imports import Old, bring_in_orders
from workorders.models import Service

ALL_TYPES = "*"


@dataclass
class History:
    """What every line of the history is compared with, looked up once."""

    actor: Any
    hospital: Hospital
    services: dict[str, Service]  # by the older system's kind; ALL_TYPES: every other
    place: Place
    new_kind: Kind | None  # machines that are not in the register are entered as this kind
    places: dict[str, Place] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    file: str = ""


def prepare(actor: Any, hospital: Hospital, options: dict[str, Any]) -> History:
    """Read the settings: default service, services by kind, place, kind of new machines. By codes and names."""
    offered = {s.key: s for s in Service.objects.filter(hospital=hospital, active=True)}
    wanted = {fold(kind): key for kind, key in (options.get("services") or {}).items() if key}
    if options.get("service"):
        wanted[ALL_TYPES] = options["service"]
    if unknown := sorted(set(wanted.values()) - offered.keys()):
        raise ValidationError({"service": _("This hospital does not offer: %(keys)s") % {"keys": ", ".join(unknown)}})
    if not wanted:
        raise ValidationError({"service": _("Please choose the service.")})
    places, root = _places(hospital)
    place = places.get(fold(options["place"])) if options.get("place") else root
    if place is None:
        raise ValidationError({"place": _("This hospital has no place “%(name)s”.") % {"name": options["place"]}})
    return History(
        actor, hospital, {kind: offered[key] for kind, key in wanted.items()}, place,
        _kind(hospital, options.get("make_assets") or ""), places,
        {fold(name): unit for unit in Unit.objects.filter(hospital=hospital) for name in (unit.name, unit.code)},
        {fold(asset.code): asset for asset in Asset.objects.filter(hospital=hospital).select_related("place")},
    )  # fmt: skip


def _places(hospital: Hospital) -> tuple[dict[str, Place], Place]:
    found, root = {}, None
    for place in Place.objects.filter(hospital=hospital):
        root = root or (None if place.parent_id else place)
        for name in filter(None, (place.code, place.full_name)):
            found[fold(name)] = place
    assert root is not None, "a hospital has its root place"
    return found, root


def _kind(hospital: Hospital, name: str) -> Kind | None:
    if not name:
        return None
    kind = Kind.objects.filter(consortium=hospital.consortium_id, name=name).first()
    if kind is None:
        raise ValidationError({"make_assets": _("There is no kind of equipment “%(name)s”.") % {"name": name}})
    return kind


def _service(context: History, record: Record) -> Service | None:
    return context.services.get(fold(record["type"] or "")) or context.services.get(ALL_TYPES)


def check(context: History, record: Record) -> Bad:
    """Does the line fit this hospital: kind of work, machine, place, unit; does it end after it began?"""
    if _service(context, record) is None:
        yield "type", _("one of the kinds that are assigned to a service")
    if record["asset"] and not context.new_kind and fold(record["asset"]) not in context.assets:
        yield "asset", _("the code of an asset in the register")
    if record["place"] and fold(record["place"]) not in context.places:
        yield "place", _("the code or the full name of a place")
    if record["unit"] and fold(record["unit"]) not in context.units:
        yield "unit", _("the code or the name of a unit")
    begun, ended = record["reported_at"], record["finished_at"]
    if begun and ended and timezone.localdate(ended) < timezone.localdate(begun):
        yield "finished_at", _("a day that is not before the report")


def summary(context: History, records: list[Record]) -> list[tuple[str, str]]:
    """What the file holds, to be compared with the older system before anything is written."""
    days = [timezone.localdate(record["reported_at"]) for record in records]
    lines = [
        (_("Orders"), number(len(records))),
        (_("Cost"), money(sum((r["cost"] or 0 for r in records), Decimal(0)))),
    ]
    if days:
        lines += [(_("First day"), f"{min(days)}"), (_("Last day"), f"{max(days)}")]
    for key, title in (("asset", _("By asset")), ("type", _("By kind"))):
        counts = Counter(record[key] for record in records if record[key]).most_common(12)
        if counts:
            lines.append((title, ", ".join(f"{name} {number(count)}" for name, count in counts)))
    return lines


def write(context: History, records: list[Record]) -> dict[str, int]:
    """Enter the machines that are new, then the orders."""
    before = len(context.assets)
    orders = bring_in_orders(context.actor, context.hospital, (_old(context, record) for record in records))
    made = {ngettext("work order", "work orders", orders): orders}
    if new := len(context.assets) - before:
        made[ngettext("new asset", "new assets", new)] = new
    return made


def _old(context: History, record: Record) -> Old:
    asset = _asset(context, record)
    named = context.places.get(fold(record["place"])) if record["place"] else None
    service = _service(context, record)
    assert service is not None, "checked before"
    origin = {"line": record.line, "type": record["type"] or "", "number": record["old_number"] or ""}
    return Old(
        reported_at=record["reported_at"], finished_at=record["finished_at"], title=record["title"] or "",
        description=record["description"] or "", service=service, place=named or (asset.place if asset else context.place),
        asset=asset, unit=context.units.get(fold(record["unit"])) if record["unit"] else None,
        cost=record["cost"] or Decimal(0), reporter_name=record["reporter_name"] or "",
        origin={key: value for key, value in origin.items() if value},
    )  # fmt: skip


def _asset(context: History, record: Record) -> Asset | None:
    if not (code := record["asset"]):
        return None
    if fold(code) not in context.assets:
        assert context.new_kind is not None, "checked before"
        context.assets[fold(code)] = add_asset(
            context.actor, kind=context.new_kind, place=context.place, code=code, name=code
        )
    return context.assets[fold(code)]
