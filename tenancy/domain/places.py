"""Arranging the tree of places, and the doors on them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, Q, Value
from django.db.models.functions import Concat, Length, Substr
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy import history, hooks, permissions
from tenancy.domain._common import check, edit, lock, need, refuse_open_work
from tenancy.locks import hold
from tenancy.models import Door, Grant, Place, Unit
from tenancy.pinyin import initials

DEPTH = {kind: depth for depth, kind in enumerate(Place.Kind.values)}
EDITABLE = {"name", "code", "phone"}
LONGEST = Place._meta.get_field("full_name").max_length or 300


def _full_name(parent: Place, name: str) -> str:
    full = f"{parent.full_name} / {name}" if parent.full_name else name
    if len(full) > LONGEST:
        raise ValidationError({"name": _("The name is too long together with the names above it.")})
    return full


def _fits(parent: Place, kind: str) -> None:
    if DEPTH.get(kind, 0) <= DEPTH[parent.kind]:
        raise ValidationError({"kind": _("A place lies inside a larger one: campus, building, floor, room.")})


def _lock_tree(hospital_id: int) -> None:
    """One at a time rearranges a hospital's tree."""
    hold("place", hospital_id)


@transaction.atomic
def add_place(actor: Any, *, parent: Place, kind: str, name: str, code: str = "", phone: str = "") -> Place:
    """Add a place below another. Raises ValidationError for a code that is taken or a kind that does not fit."""
    need(actor, permissions.PLACE_CHANGE, parent)
    _fits(parent, kind)
    place = Place(hospital_id=parent.hospital_id, parent=parent, kind=kind, name=name.strip(), code=code, phone=phone)
    place.full_name, place.initials = _full_name(parent, place.name), initials(place.name)[:100]
    check(place, "code")
    place.save(force_insert=True)
    place.path = f"{parent.path}{place.pk:08d}."
    place.save(update_fields=["path"])
    history.note(place, "added", actor)
    return place


@transaction.atomic
def edit_place(actor: Any, place: Place, **fields: Any) -> Place:
    """Change name, code or extension; a new name goes down into the full names of everything below."""
    _lock_tree(place.hospital_id)
    renamed = edit(actor, permissions.PLACE_CHANGE, place, fields, allowed=EDITABLE, key="code")
    if "name" in fields and renamed.parent is not None:
        _rewrite(renamed, renamed.parent)
    return renamed


@transaction.atomic
def move_place(actor: Any, place: Place, *, parent: Place) -> Place:
    """Move a place with everything below it. One at a time in a hospital; paths and full names change in one step.

    Raises ValidationError when the new parent is the place itself, lies below it, or is of another hospital.
    """
    _lock_tree(place.hospital_id)
    place, parent = lock(place), lock(parent)
    need(actor, permissions.PLACE_CHANGE, place)
    need(actor, permissions.PLACE_CHANGE, parent)
    if parent.hospital_id != place.hospital_id:
        raise ValidationError({"parent": _("This belongs to another hospital.")})
    if parent.path.startswith(place.path):
        raise ValidationError({"parent": _("A place cannot lie inside itself.")})
    _fits(parent, place.kind)
    before = place.full_name
    place.parent = parent
    place.save(update_fields=["parent"])
    _rewrite(place, parent)
    history.note(place, "moved", actor, {"from": before, "to": place.full_name})
    return place


def _rewrite(place: Place, parent: Place) -> None:
    """Give the subtree its new path and full names, in one UPDATE."""
    old_path, old_name = place.path, place.full_name
    new_path, new_name = f"{parent.path}{place.pk:08d}.", _full_name(parent, place.name)
    below = Place.objects.filter(Place.within(old_path), hospital=place.hospital_id)
    longest = below.aggregate(n=Max(Length("full_name")))["n"] or 0
    if longest - len(old_name) + len(new_name) > LONGEST:
        raise ValidationError({"name": _("The name is too long together with the names below it.")})
    below.update(
        path=Concat(Value(new_path), Substr(F("path"), len(old_path) + 1)),
        full_name=Concat(Value(new_name), Substr(F("full_name"), len(old_name) + 1)),
    )
    place.refresh_from_db()


@transaction.atomic
def close_place(actor: Any, place: Place, *, on: date | None = None) -> Place:
    """Close a place and everything below it. What happened there stays; new reports cannot choose it.

    Raises ValidationError while there is open work at it or inside it.
    """
    _lock_tree(place.hospital_id)
    place = lock(place)
    need(actor, permissions.PLACE_CHANGE, place)
    if place.parent_id is None:
        raise ValidationError({"place": _("The hospital itself cannot be closed here.")})
    refuse_open_work(place)
    day = on or timezone.localdate()
    Place.objects.filter(Place.within(place.path), hospital=place.hospital_id, closed_on=None).update(closed_on=day)
    place.refresh_from_db()
    history.note(place, "closed", actor, {"on": str(day)})
    return place


@transaction.atomic
def merge_places(actor: Any, place: Place, *, into: Place) -> Place:
    """Close `place` and let it point at `into`: what lies inside, its doors, units, grants and open work follow.

    Finished work stays where it was done. Raises ValidationError when one is closed, of another hospital, or inside
    the other.
    """
    _lock_tree(place.hospital_id)
    place, into = lock(place), lock(into)
    need(actor, permissions.PLACE_CHANGE, place)
    need(actor, permissions.PLACE_CHANGE, into)
    apart = place.hospital_id == into.hospital_id and not into.path.startswith(place.path)
    if not apart or place.closed_on or into.closed_on or place.parent_id is None:
        raise ValidationError({"into": _("Please choose another one of the same hospital that is open.")})
    for child in Place.objects.filter(parent=place):
        move_place(actor, child, parent=into)
    day = timezone.localdate()
    place.closed_on, place.merged_into = day, into
    place.save(update_fields=["closed_on", "merged_into"])
    Unit.objects.filter(place=place).update(place=into)
    Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), place=place).update(place=into)
    doors = Door.objects.filter(hospital_id=place.hospital_id, revoked_at=None, asset_id=None)
    if doors.filter(place_id=into.pk).exists():
        doors.filter(place_id=place.pk).update(revoked_at=timezone.now())
    else:
        doors.filter(place_id=place.pk).update(place_id=into.pk)
    for follow in hooks.references:
        follow(actor, place, into)
    history.note(place, "merged", actor, {"into": into.pk, "name": str(into)})
    history.note(into, "took_over", actor, {"from": place.pk, "name": str(place)})
    return into


def door_for(*, place: Place, asset_id: int | None = None) -> Door:
    """The door of a place, or of an asset at it; made at the first question. Who prints labels is checked before."""
    key = {"asset_id": asset_id} if asset_id else {"place_id": place.pk, "asset_id": None}
    door, _made = Door.objects.get_or_create(
        hospital_id=place.hospital_id, revoked_at=None, **key, defaults={"place_id": place.pk}
    )
    return door


@transaction.atomic
def revoke_door(actor: Any, door: Door) -> Door:
    """A lost or copied label opens nothing any more; the next print gets a new one."""
    place = Place.objects.get(pk=door.place_id)
    need(actor, permissions.PLACE_CHANGE, place)
    if door.revoked_at is None:
        door.revoked_at = timezone.now()
        door.save(update_fields=["revoked_at"])
        history.note(place, "door_revoked", actor, {"asset": door.asset_id})
    return door
