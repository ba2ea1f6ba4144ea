"""The verbs of the register: add, change, move an asset; kinds of equipment; documents."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assets import permissions as perm
from assets.models import Asset, Kind
from assets.states import CONDEMNED, KEEPER
from flow import domain as flow
from tenancy import modules
from tenancy.access import can, hospitals_with
from tenancy.locks import hold
from tenancy.models import Consortium, Door, Hospital, Place, Unit
from tenancy.pinyin import initials

EDITABLE = {
    *("kind", "place", "custodian", "code", "name", "criticality", "maker", "model", "serial", "supplier"),
    *("bought_on", "warranty_until", "value", "note", "department"),
}


def _check(asset: Asset) -> None:
    hold("assets.code", asset.hospital_id)  # who enters the same code meanwhile waits, and finds it taken
    wrong: dict[str, Any] = {}
    if asset.department not in dict(modules.choices()):
        wrong["department"] = _("Please choose which department keeps it in order.")
    if asset.place.hospital_id != asset.hospital_id:
        wrong["place"] = _("This place is in another hospital.")
    if asset.custodian and asset.custodian.hospital_id != asset.hospital_id:
        wrong["custodian"] = _("This unit is in another hospital.")
    if asset.bought_on and asset.warranty_until and asset.warranty_until < asset.bought_on:
        wrong["warranty_until"] = _("The warranty ends before the day it was bought.")
    if Asset.objects.filter(hospital_id=asset.hospital_id, code=asset.code).exclude(pk=asset.pk).exists():
        wrong["code"] = _("Another asset has this code.")
    if wrong:
        raise ValidationError(wrong)
    asset.full_clean(exclude=["hospital", "initials"], validate_unique=False, validate_constraints=False)


@transaction.atomic
def add_asset(
    actor: Any, *, kind: Kind, place: Place, code: str, name: str, custodian: Unit | None = None, **facts: Any
) -> Asset:
    """Enter a thing in the register of its place's hospital; kept by the department of its kind unless told otherwise.

    Raises PermissionDenied, or ValidationError by field.
    """
    if unknown := facts.keys() - EDITABLE:
        raise TypeError(f"an asset has no {unknown}")
    facts["department"] = facts.get("department") or kind.department
    asset = Asset(
        hospital_id=place.hospital_id, kind=kind, place=place, custodian=custodian, code=code.strip(), name=name.strip(),
        **facts,
    )  # fmt: skip
    asset.initials = initials(asset.name)[:80]
    if not can(actor, perm.ASSET_CHANGE, asset):
        raise PermissionDenied(perm.ASSET_CHANGE)
    _check(asset)
    asset.save(force_insert=True)
    flow.record(asset, "created", actor)
    return asset


@transaction.atomic
def edit_asset(actor: Any, asset: Asset, **new: Any) -> Asset:
    """Correct the record or move the asset; its label goes on leading to it, at the new place.

    Writes "edited" with old and new values. Raises PermissionDenied, or ValidationError by field.
    """
    if unknown := new.keys() - EDITABLE:
        raise TypeError(f"an asset has no {unknown}")
    rows = Asset.objects.select_for_update(of=("self",)).select_related("place", "custodian", "kind")
    row: Asset = rows.get(pk=asset.pk)
    if not can(actor, perm.ASSET_CHANGE, row):
        raise PermissionDenied(perm.ASSET_CHANGE)
    if row.state == CONDEMNED:
        raise ValidationError(_("This asset is condemned."), code="stale")
    if "department" in new:
        new["department"] = new["department"] or new.get("kind", row.kind).department
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    row.initials = initials(row.name)[:80]
    _check(row)
    if not can(actor, perm.ASSET_CHANGE, row):
        raise PermissionDenied("out of reach")
    row.save()
    if "place" in new and old["place"] != row.place:
        Door.objects.filter(hospital_id=row.hospital_id, asset_id=row.pk).update(place_id=row.place_id)
    flow.edited(row, actor, old, {name: getattr(row, name) for name in new})
    return row


def may_arrange(actor: Any, consortium: Consortium) -> bool:
    """Kinds are the consortium's; whoever arranges assets at one of its hospitals may add one."""
    ours = hospitals_with(actor, perm.ASSET_CHANGE)
    return Hospital.objects.filter(pk__in=ours, consortium=consortium).exists()


@transaction.atomic
def add_kind(actor: Any, *, consortium: Consortium, name: str, family: str, department: str = KEEPER) -> Kind:
    """Make a kind of equipment known to the consortium; one that is there already is answered as it is.

    `department` keeps what is of this kind in order.
    """
    if not may_arrange(actor, consortium):
        raise PermissionDenied(perm.ASSET_CHANGE)
    known: Kind | None = Kind.objects.filter(consortium=consortium, name=name.strip()).first()
    if known:
        return known
    kind = Kind(consortium=consortium, name=name.strip(), family=family, department=department or KEEPER)
    kind.full_clean(exclude=["consortium"])
    kind.save(force_insert=True)
    return kind


def attach(actor: Any, asset: Asset, upload: Any, *, kind: str) -> Any:
    """Add a photo or document to the asset's file."""
    if not can(actor, perm.ASSET_CHANGE, asset):
        raise PermissionDenied(perm.ASSET_CHANGE)
    return flow.attach(asset, actor, upload, kind=kind)
