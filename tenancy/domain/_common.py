"""What all verbs of the organisation share: may I, is it right, save it, write it down."""

from __future__ import annotations

from datetime import date
from typing import Any, TypeVar, cast

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import ForeignKey, Model, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy import history, hooks
from tenancy.access import can
from tenancy.models import Grant, Membership, TenantModel
from tenancy.pinyin import initials

M = TypeVar("M", bound=Model)
DERIVED = {"path", "full_name", "initials"}


def need(actor: Any, permission: str, row: Any) -> None:
    """Raises PermissionDenied unless the actor may."""
    if not can(actor, permission, row):
        raise PermissionDenied(permission)


def check(row: Model, key: str) -> None:
    """Raises ValidationError by field; what concerns several fields is told at the field `key`."""
    _same_hospital(row)
    try:
        row.full_clean(exclude=DERIVED)
    except ValidationError as error:
        errors = error.error_dict
        if NON_FIELD_ERRORS in errors:
            errors.setdefault(key, []).extend(errors.pop(NON_FIELD_ERRORS))
        raise ValidationError(errors) from error


def _same_hospital(row: Any) -> None:
    for field in row._meta.concrete_fields:
        if isinstance(field, ForeignKey) and issubclass(field.related_model, TenantModel):
            target = getattr(row, field.name)
            if target is not None and target.hospital_id != row.hospital_id:
                raise ValidationError({field.name: _("This belongs to another hospital.")})


def create(actor: Any, permission: str, row: M, *, key: str, verb: str = "added") -> M:
    """Check, save and note a new row. The actor must hold the permission on the row as it will be."""
    need(actor, permission, row)
    _name(row)
    check(row, key)
    row.save(force_insert=True)
    history.note(row, verb, actor)
    return row


def lock(row: M) -> M:
    """The row as it is now, held until the end of the transaction."""
    manager = type(row)._default_manager
    return manager.select_for_update(of=("self",)).get(pk=row.pk)


def edit(actor: Any, permission: str, row: M, fields: dict[str, Any], *, allowed: set[str], key: str) -> M:
    """Check, save and note changed fields. The actor must hold the permission before and after."""
    if unknown := fields.keys() - allowed:
        raise TypeError(f"{type(row).__name__}: {', '.join(sorted(unknown))} cannot be edited")
    row = lock(row)
    need(actor, permission, row)
    changes = {}
    for name, value in fields.items():
        before = getattr(row, name)
        if before != value:
            setattr(row, name, value)
            changes[name] = [_text(before), _text(value)]
    if not changes:
        return row
    need(actor, permission, row)
    _name(row)
    check(row, key)
    row.save()
    history.note(row, "edited", actor, {"changes": changes})
    return row


def close(actor: Any, permission: str, row: M, on: date | None) -> M:
    """Close a unit or a team from a day on. What happened there stays.

    Raises ValidationError while it has open work: that must be finished, or go along in a merger.
    """
    row = lock(row)
    need(actor, permission, row)
    refuse_open_work(row)
    row.closed_on = on or timezone.localdate()  # type: ignore[attr-defined]
    row.save(update_fields=["closed_on"])
    history.note(row, "closed", actor, {"on": str(row.closed_on)})  # type: ignore[attr-defined]
    return row


def refuse_open_work(part: Any) -> None:
    if count := hooks.open_work_here(part):
        message = _("%(count)s jobs are still open here. Let them be finished, or merge it into another one.")
        raise ValidationError({"on": message % {"count": count}})


def merge(actor: Any, permission: str, merged: M, into: M, field: str) -> M:
    """Close `merged` and let it point at `into`; its people, current grants and open work follow, its history stays."""
    merged, into = lock(merged), lock(into)
    a, b = cast(Any, merged), cast(Any, into)
    need(actor, permission, merged)
    need(actor, permission, into)
    if a.pk == b.pk or a.hospital_id != b.hospital_id or a.merged_into_id or b.closed_on:
        raise ValidationError({"into": _("Please choose another one of the same hospital that is open.")})
    day = timezone.localdate()
    a.closed_on, a.merged_into = day, into
    merged.save(update_fields=["closed_on", "merged_into"])
    for model in (Membership, Grant):
        model.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), **{field: merged}).update(**{field: into})
    for follow in hooks.references:
        follow(actor, a, b)
    history.note(merged, "merged", actor, {"into": into.pk, "name": str(into)})
    history.note(into, "took_over", actor, {"from": merged.pk, "name": str(merged)})
    return into


def _name(row: Any) -> None:
    if hasattr(row, "initials"):
        row.initials = initials(row.name)[: row._meta.get_field("initials").max_length]


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
