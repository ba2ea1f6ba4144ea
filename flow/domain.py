"""Writing history: record, comment, attach."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import origin, store
from flow import permissions as perm
from flow.chains import Chain, cell
from flow.models import Attachment, ChainSetting, Event
from tenancy.access import can
from tenancy.actors import kind_of
from tenancy.models import Hospital

COMMENT_LENGTH = 2000


def subject_of(obj: Any) -> str:
    return str(type(obj)._meta.label_lower)


def record(
    obj: Any,
    verb: str,
    actor: Any,
    *,
    at: datetime | None = None,
    source: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Write down that something happened to `obj`. With a source it was a move, to the state `obj` has now."""
    return Event.objects.create(
        hospital_id=obj.hospital_id,
        subject=subject_of(obj),
        subject_id=obj.pk,
        verb=verb,
        source=source,
        target=obj.state if source else "",
        at=at or timezone.now(),
        actor_id=actor.pk,
        actor_kind=kind_of(actor),
        actor_name=actor.name,
        data=data or {},
        **origin.current().facts(kind_of(actor)),
    )


def note(hospital_id: int, obj: Any, verb: str, actor: Any, data: dict[str, Any]) -> Event:
    """Write down what was done to a part of the organisation, in this hospital's history."""
    return Event.objects.create(
        hospital_id=hospital_id,
        subject=subject_of(obj),
        subject_id=obj.pk,
        verb=verb,
        at=timezone.now(),
        actor_id=actor.pk,
        actor_kind=kind_of(actor),
        actor_name=actor.name,
        data=data,
        **origin.current().facts(kind_of(actor)),
    )


def comment(obj: Any, actor: Any, text: str, *, at: datetime | None = None) -> Event:
    """Add a comment. Raises ValidationError when it is empty or over 2,000 characters."""
    text = text.strip()
    if not text:
        raise ValidationError({"text": _("Please write something.")})
    if len(text) > COMMENT_LENGTH:
        raise ValidationError({"text": _("At most 2,000 characters, please.")})
    return record(obj, "commented", actor, at=at, data={"text": text})


def attach(
    obj: Any, actor: Any, upload: Any, *, kind: str, at: datetime | None = None, picture: bool = False
) -> Attachment:
    """Check, clean and keep a file. The same file twice is one attachment. A PDF is a document, whatever it was called.

    `picture`: it proves how something looks. Raises ValidationError for what is no photo (or PDF), or is too large.
    """
    kept = store.keep(upload, picture)
    if kept.content_type == store.PDF:
        kind = Attachment.Kind.DOCUMENT
    attachment, made = Attachment.objects.get_or_create(
        hospital_id=obj.hospital_id,
        subject=subject_of(obj),
        subject_id=obj.pk,
        sha256=kept.sha256,
        defaults={
            "kind": kind,
            "name": kept.name,
            "content_type": kept.content_type,
            "size": kept.size,
            "at": at or timezone.now(),
            "by_id": actor.pk,
            "by_name": actor.name,
        },
    )
    if made:
        record(obj, "attached", actor, at=at, data={"attachment": attachment.pk, "kind": kind, "name": kept.name})
    return attachment


def edited(obj: Any, actor: Any, old: dict[str, Any], new: dict[str, Any]) -> Event | None:
    """Record a field edit: old and new value of what changed; nothing where nothing did."""
    changes = {k: [_text(old.get(k)), _text(v)] for k, v in new.items() if old.get(k) != v}
    return record(obj, "edited", actor, data={"changes": changes}) if changes else None


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, (bool, int, float, str)) else str(value)


@transaction.atomic
def set_chain(actor: Any, hospital: Hospital, chain: Chain, days: Mapping[str, int], *, version: int) -> ChainSetting:
    """Set the hospital's own days of a chain, by cell; without any it stands as it came. What is open follows at once.

    `version` is the one the person saw (0: nothing set yet). Raises PermissionDenied, or ValidationError: by cell, or
    "stale" where somebody else has changed it since.
    """
    if not can(actor, perm.CHAIN_CHANGE, hospital):
        raise PermissionDenied(perm.CHAIN_CHANGE)
    if wrong := _wrong_days(chain, days):
        raise ValidationError(wrong)
    row: ChainSetting = ChainSetting.objects.select_for_update().get_or_create(hospital=hospital, key=chain.key)[0]
    if row.version != version:
        words = _(
            "Somebody else has changed these days since you opened them. "
            "Theirs stand beside yours; save again to replace them."
        )
        raise ValidationError(words, code="stale")
    shipped = chain.shipped
    old, row.days, row.version = row.days, {name: days[name] for name in shipped if name in days}, version + 1
    row.save(update_fields=["days", "version"])
    edited(row, actor, {**shipped, **old}, {**shipped, **row.days})
    return row


def _wrong_days(chain: Chain, days: Mapping[str, int]) -> dict[str, Any]:
    """What is wrong, by cell: out of bounds, before the level above it, later than for the grade before it."""
    wrong: dict[str, Any] = {}
    milder: dict[str, int] = {}
    for column, steps in chain.with_days(days).items():
        before = chain.least
        for level, after in steps:
            name = cell(column, level)
            if not chain.least <= after <= chain.most:
                limits = {"low": chain.least, "high": chain.most}
                wrong[name] = _("A number between %(low)s and %(high)s, please.") % limits
                continue
            if after < before:
                wrong[name] = _("Not before the level in the line above, please.")
            elif after > milder.get(level, chain.most):
                wrong[name] = _("Not later than for the milder grade, please.")
            before, milder[level] = max(before, after), after
    return wrong
