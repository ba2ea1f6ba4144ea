"""The verbs of the register: report, correct, have a work order do it. Steps go through `HAZARDS.move`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from flow import domain as flow
from flow.machine import moved
from flow.models import Attachment
from hazards import permissions as perm
from hazards.machine import HAZARDS
from hazards.models import Hazard
from hazards.numbers import next_number
from hazards.queries import last_day
from hazards.states import FINAL, GENERAL, GRADES, LIVE, REPORT, SOURCES
from tenancy.access import can, hospitals_with
from tenancy.models import Place, Unit
from workorders import domain as orders
from workorders import states as order_states
from workorders.models import Service, WorkOrder

EDITABLE = {"title", "description", "place", "asset", "unit", "source", "source_note", "interim"}


@transaction.atomic
def report(
    actor: Any,
    *,
    place: Place,
    title: str,
    department: str,
    grade: str = GENERAL,
    source: str = REPORT,
    source_note: str = "",
    origin: str | None = None,
    asset: Asset | None = None,
    unit: Unit | None = None,
    description: str = "",
    photos: Iterable[Any] = (),
    found_name: str = "",
    due_on: date | None = None,
    form_key: UUID | None = None,
    at: datetime | None = None,
) -> Hazard:
    """Enter a hazard in the register of the place's hospital, to be rectified within the days of its grade.

    `origin` names what raised it ("inspections.answer:17"): a second arrival finds the first, and so does a form key that
    was used before. Writes the event "reported" and tells who steers. Raises PermissionDenied, or ValidationError by field.
    """
    if place.hospital_id not in hospitals_with(actor, perm.HAZARD_REPORT):
        raise PermissionDenied(perm.HAZARD_REPORT)
    if (seen := _seen(place.hospital_id, origin, form_key)) is not None:
        return seen
    at = at or timezone.now()
    hazard = Hazard(
        hospital=place.hospital, place=place, title=title.strip(), department=department, grade=grade, source=source,
        source_note=source_note.strip(), origin=origin, asset=asset, unit=unit, description=description.strip(),
        form_key=form_key, found_at=at, found_by_id=actor.pk, found_name=(found_name.strip() or actor.name)[:60],
    )  # fmt: skip
    _check(hazard)
    if getattr(actor, "is_shared", False) and not found_name.strip():
        raise ValidationError({"found_name": _("Please choose who reports.")})
    hazard.due_on = due_on or last_day(hazard.hospital_id, grade, timezone.localdate(at))
    if not _write_once(hazard):
        return _seen(place.hospital_id, origin, form_key) or hazard
    for photo in photos:
        attach(hazard, actor, photo, at=at)
    event = flow.record(hazard, "reported", actor, at=at, data={"grade": grade, "source": source})
    moved.send(Hazard, obj=hazard, event=event)
    return hazard


def _seen(hospital_id: int, origin: str | None, form_key: UUID | None) -> Hazard | None:
    """What this origin or this form raised before."""
    for name, value in (("origin", origin), ("form_key", form_key)):
        if value and (found := Hazard.objects.filter(hospital_id=hospital_id, **{name: value}).first()):
            return found  # type: ignore[no-any-return]
    return None


def _write_once(hazard: Hazard) -> bool:
    """False where another transaction has just written what the same origin or form raised."""
    try:
        with transaction.atomic():
            hazard.number = next_number(hazard.hospital_id, hazard.hospital.code, hazard.found_at)
            hazard.save(force_insert=True)
    except IntegrityError:
        if _seen(hazard.hospital_id, hazard.origin, hazard.form_key) is None:
            raise
        return False
    return True


def _check(hazard: Hazard) -> None:
    wrong: dict[str, Any] = {}
    if not hazard.title:
        wrong["title"] = _("Please say what is dangerous.")
    for name, most in (("title", 80), ("description", 2000), ("source_note", 120), ("interim", 300)):
        if len(getattr(hazard, name)) > most:
            wrong[name] = _("At most %(most)s characters, please.") % {"most": most}
    if hazard.place.closed_on and hazard.place.closed_on <= timezone.localdate():
        wrong["place"] = _("This place is closed.")
    for name in ("place", "asset", "unit"):
        part = getattr(hazard, name)
        if part is not None and part.hospital_id != hazard.hospital_id:
            wrong[name] = _("This belongs to another hospital.")
    if hazard.department not in hazard.hospital.modules:
        wrong["department"] = _("This department is not switched on here.")
    if hazard.grade not in GRADES:
        wrong["grade"] = _("Please choose how serious it is.")
    if hazard.source not in SOURCES:
        wrong["source"] = _("Please choose where it comes from.")
    if wrong:
        raise ValidationError(wrong)


def attach(hazard: Hazard, actor: Any, upload: Any, *, at: datetime | None = None) -> Attachment:
    """Add a photo of how it was found."""
    try:
        return flow.attach(hazard, actor, upload, kind=Attachment.Kind.BEFORE, at=at, picture=True)
    except ValidationError as error:
        raise ValidationError({"photos": error.messages}) from error


@transaction.atomic
def edit(actor: Any, hazard: Hazard, **new: Any) -> Hazard:
    """Correct what was written. Writes "edited" with old and new values. Raises PermissionDenied, or ValidationError."""
    if unknown := new.keys() - EDITABLE:
        raise TypeError(f"cannot edit {unknown}")
    row: Hazard = HAZARDS.lock(hazard)
    if not can(actor, perm.HAZARD_ASSIGN, row):
        raise PermissionDenied(perm.HAZARD_ASSIGN)
    if row.state in FINAL:
        raise ValidationError(_("This hazard is closed."), code="stale")
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check(row)
    row.save()
    if not can(actor, perm.HAZARD_ASSIGN, row):
        raise PermissionDenied("out of reach")
    flow.edited(row, actor, old, {name: getattr(row, name) for name in new})
    return row


@transaction.atomic
def open_order(actor: Any, hazard: Hazard, *, service: Service, urgency: str = "") -> WorkOrder:
    """Have a work order remove the hazard; when it is finished, the register asks for the rectification to be entered."""
    row: Hazard = HAZARDS.lock(hazard)
    if not (can(actor, perm.HAZARD_ASSIGN, row) or can(actor, perm.HAZARD_RECTIFY, row)):
        raise PermissionDenied(perm.HAZARD_RECTIFY)
    if row.state not in LIVE or (row.order is not None and row.order.state not in order_states.FINAL):
        raise ValidationError(_("A work order is under way already, or the hazard is closed."), code="stale")
    made = orders.open_order(
        actor, place=row.place, service=service, asset=row.asset, unit=row.unit, title=row.title,
        description=f"{row.number} {row.description}".strip()[:2000], urgency=urgency,
        reporter_name=row.found_name if getattr(actor, "is_shared", False) else "",
    )  # fmt: skip
    row.order = made
    row.save(update_fields=["order"])
    event = flow.record(row, "order_opened", actor, data={"number": made.number, "order": made.pk})
    moved.send(Hazard, obj=row, event=event)
    return made


def order_moved(sender: Any, *, obj: WorkOrder, event: Any, **_more: Any) -> None:
    """The work order of a hazard was finished: whoever is responsible is asked to enter what was done."""
    if event.verb != "finish":
        return
    for hazard in Hazard.objects.filter(order=obj, state__in=LIVE).select_related(*HAZARDS.select):
        said = {"number": obj.number, "order": obj.pk, "text": obj.remedy}
        done = flow.record(hazard, "order_done", event.actor, at=event.at, data=said)
        moved.send(Hazard, obj=hazard, event=done)
