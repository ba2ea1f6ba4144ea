"""The meters of an asset: read by people and in rounds, and how much it is used.

A meter only rises. A new one in its place goes on where the old one stopped: `total` counts the use of the asset. The same
reading that arrives again, as from a phone that was offline, is one reading.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.dispatch import Signal
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets import permissions as perm
from assets.models import Asset, Downtime, Meter, Reading
from assets.states import CONDEMNED
from kpi.periods import FIRST_YEAR
from tenancy.access import can

MOST = Decimal(10) ** 12
# What rooms above expect to be counted on an asset, as (name, unit): offered on its page where it is missing.
usual: list[Callable[[Asset], Iterable[tuple[str, str]]]] = []
# A name that the platform itself gave, by which rounds and plans find the meter, in the reader's language; else as it stands.
words: list[Callable[[str], str]] = []
was_read = Signal()  # meter=, reading=; inside the transaction
CLOCKS_DIFFER = timedelta(minutes=5)  # a phone may be that much ahead


@transaction.atomic
def add_meter(actor: Any, asset: Asset, *, name: str, unit: str = "") -> Meter:
    """Say what counts on an asset; a meter of that name that is there already is answered as it is.

    Raises PermissionDenied, or ValidationError by field.
    """
    if not can(actor, perm.ASSET_CHANGE, asset):
        raise PermissionDenied(perm.ASSET_CHANGE)
    if asset.state == CONDEMNED:
        raise ValidationError(_("This asset is condemned."), code="stale")
    meter = Meter(hospital_id=asset.hospital_id, asset=asset, name=name.strip(), unit=unit.strip())
    meter.full_clean(exclude=["hospital", "asset", "read_at"], validate_unique=False, validate_constraints=False)
    kept: Meter = Meter.objects.get_or_create(
        asset=asset, name=meter.name, defaults={"hospital_id": asset.hospital_id, "unit": meter.unit}
    )[0]
    return kept


@transaction.atomic
def read(
    actor: Any,
    meter: Meter,
    value: Decimal,
    *,
    at: datetime | None = None,
    replaced: bool = False,
    source: str = "",
) -> Reading:
    """Write down what a meter shows, now or at a moment before; see `enter`. Raises PermissionDenied as well."""
    if not can(actor, perm.METER_READ, meter):
        raise PermissionDenied(perm.METER_READ)
    return enter(meter, value, by=actor, at=at, replaced=replaced, source=source)


@transaction.atomic
def enter(
    meter: Meter,
    value: Decimal,
    *,
    by: Any,
    at: datetime | None = None,
    replaced: bool = False,
    source: str = "",
) -> Reading:
    """A reading by somebody who may, as in a round. `replaced`: it is a new meter's first one.

    One that was written down before (the same source, or the same moment and value) is answered as it is.
    Raises ValidationError by field when it is less than before.
    """
    row: Meter = Meter.objects.select_for_update(of=("self",)).get(pk=meter.pk)
    now = timezone.now()
    at = at or now
    if (again := _again(row, value, at, source)) is not None:
        return again
    if not Decimal(0) <= value < MOST:
        raise ValidationError({"value": _("Please write what the meter shows.")})
    if at > now + CLOCKS_DIFFER:
        raise ValidationError({"at": _("This moment has not come yet.")})
    if at.year < FIRST_YEAR:
        raise ValidationError({"at": _("Please check the year.")})
    reading = Reading(
        hospital_id=row.hospital_id, meter=row, at=at, value=value, total=_total(row, value, at, replaced),
        replaced=replaced, source=source[:60], by_id=by.pk,
    )  # fmt: skip
    reading.save(force_insert=True)
    if row.read_at is None or at > row.read_at:
        row.value, row.read_at = value, at
        row.save(update_fields=["value", "read_at"])
    was_read.send(Meter, meter=row, reading=reading)
    return reading


def _again(meter: Meter, value: Decimal, at: datetime, source: str) -> Reading | None:
    readings = Reading.objects.filter(meter=meter)
    found: Reading | None = readings.filter(source=source).first() if source else None
    found = found or readings.filter(at=at).first()
    if found is not None and found.value != value:
        raise ValidationError({"value": _("At this moment another reading was written down.")})
    return found


def _total(meter: Meter, value: Decimal, at: datetime, replaced: bool) -> Decimal:
    """The use counted up to this reading. Raises ValidationError where it does not fit between its neighbours."""
    before = Reading.objects.filter(meter=meter, at__lt=at).order_by("-at").first()
    after = Reading.objects.filter(meter=meter, at__gt=at).order_by("at").first()
    if after is not None and (replaced or (not after.replaced and value > after.value)):
        raise ValidationError({"value": _("A later reading is less than this one.")})
    if before is None:
        return value
    if replaced:
        return Decimal(before.total)
    if value < before.value:
        words = _("Less than the last reading, %(value)s. Was the meter replaced?")
        raise ValidationError({"value": ValidationError(words, params={"value": before.value})})
    return Decimal(before.total + value - before.value)


@dataclass(frozen=True)
class Use:
    """How much an asset was used since a moment, when that was last read, and how much it is used a day."""

    since: Decimal
    read_at: datetime
    per_day: Decimal

    def reaches(self, amount: Decimal) -> datetime | None:
        """When it has been used so much: when it was read, or as it goes on. None: it stands still."""
        if self.since >= amount:
            return self.read_at
        if self.per_day <= 0:
            return None
        days = (amount - self.since) / self.per_day
        return self.read_at + timedelta(days=float(min(days, Decimal(36_500))))


LOOK_BACK = 90  # days before the last reading, from which the use a day is taken
USE = """
SELECT w.asset_id, w.name, l.total - b.total, l.at,
  (l.total - e.total) / greatest(extract(epoch FROM l.at - e.at) / 86400, 1)
FROM unnest(%s::bigint[], %s::text[], %s::timestamptz[]) AS w (asset_id, name, since)
JOIN assets_meter m ON m.asset_id = w.asset_id AND m.name = w.name
CROSS JOIN LATERAL (SELECT at, total FROM assets_reading WHERE meter_id = m.id ORDER BY at DESC LIMIT 1) l
CROSS JOIN LATERAL (SELECT total FROM assets_reading WHERE meter_id = m.id
  ORDER BY at <= w.since DESC, CASE WHEN at <= w.since THEN at END DESC, at LIMIT 1) b
CROSS JOIN LATERAL (SELECT at, total FROM assets_reading WHERE meter_id = m.id AND at >= l.at - %s * interval '1 day'
  ORDER BY at LIMIT 1) e"""


def use_since(wanted: Iterable[tuple[int, str, datetime]]) -> dict[tuple[int, str], Use]:
    """(asset, name of its meter, since when) → its use. Those without a reading are left out.

    Since a moment before the first reading means since that. Two moments for one meter: ask twice.
    """
    rows = list(wanted)
    if not rows:
        return {}
    assets, names, moments = (list(column) for column in zip(*rows, strict=True))
    with connection.cursor() as cursor:
        cursor.execute(USE, [assets, names, moments, LOOK_BACK])
        return {(asset, name): Use(used, at, per_day) for asset, name, used, at, per_day in cursor.fetchall()}


DOWNTIMES = 5  # shown


def of_asset(user: Any, asset: Asset) -> dict[str, Any] | None:
    """For the asset's page: its meters with their use a day, and when it was out of order."""
    found = list(Meter.objects.filter(asset=asset).order_by("name"))
    downtimes = list(Downtime.objects.filter(asset=asset).order_by("-began_at")[:DOWNTIMES])
    may_add = asset.state != CONDEMNED and can(user, perm.ASSET_CHANGE, asset)
    if not (found or downtimes or may_add):
        return None
    use = use_since((asset.pk, meter.name, timezone.now()) for meter in found)
    per_day = {name: one.per_day for (_asset, name), one in use.items()}
    may_read = can(user, perm.METER_READ, asset)
    rows = [(meter, per_day.get(meter.name)) for meter in found]
    offered = missing(asset, {meter.name for meter, _per_day in rows}) if may_add else []
    return {"meters": rows, "may_add": may_add, "may_read": may_read, "downtimes": downtimes, "offered": offered}


def called(name: str) -> str:
    """What a meter of this name is called, for the one who reads it."""
    for known in words:
        name = known(name)
    return name


def missing(asset: Asset, there: Collection[str]) -> list[tuple[str, str, str]]:
    """The usual meters of such an asset that it does not have yet: name, unit, what the reader calls it."""
    wanted = dict(pair for known in usual for pair in known(asset))
    return [(name, unit, called(name)) for name, unit in wanted.items() if name not in there]
