"""The verbs of work: report, move, correct, cost. Every page, the API, imports and jobs call these."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from flow import domain as flow
from flow.machine import moved
from tenancy.access import can, hospitals_with
from tenancy.actors import System, Visitor
from tenancy.models import Hospital, Place, Team, Unit
from workorders import permissions as perm
from workorders.labour import CENT, MOST_COST, reckon
from workorders.limits import promise_anew, promised
from workorders.machine import ORDERS
from workorders.models import Line, Problem, Service, WorkOrder
from workorders.numbers import next_number
from workorders.states import CHANNELS, DONE, FINAL, IN_HAND, LIVE, URGENCIES

CLOSER = System("workorders.close_unsigned", frozenset({perm.ORDER_CLOSE, perm.ORDER_VIEW}))


@transaction.atomic
def open_order(
    actor: Any,
    *,
    place: Place,
    service: Service,
    problem: Problem | None = None,
    asset: Asset | None = None,
    unit: Unit | None = None,
    title: str = "",
    description: str = "",
    urgency: str = "",
    channel: str = "web",
    reporter_name: str = "",
    phone: str = "",
    form_key: UUID | None = None,
    follow_token: str | None = None,
    parent: WorkOrder | None = None,
    reporter: Any = None,
    at: datetime | None = None,
) -> WorkOrder:
    """Report a fault or ask for a service; with a `reporter` on behalf of whoever hears of it, signs and rates it.

    Side effects, in order: a number, the order with its limits, the event "reported", the signal `moved`. With a form key
    that was used before it answers with the order of that time. Raises PermissionDenied, or ValidationError by field.
    """
    if place.hospital_id not in hospitals_with(actor, perm.ORDER_REPORT):
        raise PermissionDenied(perm.ORDER_REPORT)
    sent = WorkOrder.objects.filter(hospital_id=place.hospital_id, form_key=form_key)
    seen: WorkOrder | None = sent.first() if form_key else None
    if seen is not None:
        return _own(seen, actor)
    at = at or timezone.now()
    urgency = urgency or (problem.urgency if problem else "") or service.urgency
    title = title.strip() or _title(problem, service)
    _check(actor, place, service, problem, asset, unit, title, description, urgency, channel, reporter_name)
    respond_by, due_at = promised(service, urgency, at)
    order, new = _write_once(
        hospital=place.hospital,
        number=next_number(place.hospital_id, place.hospital.code, at),
        title=title,
        description=description.strip(),
        service=service,
        problem=problem,
        department=service.department,
        place=place,
        asset=asset,
        unit=unit,
        reporter_id=reporter.pk if reporter else actor.pk,
        reporter_name=reporter_name.strip() or actor.name,
        phone=phone.strip(),
        channel=channel,
        urgency=urgency,
        form_key=form_key,
        follow_token=follow_token,
        parent=parent,
        reported_at=at,
        respond_by=respond_by,
        due_at=due_at,
        next_alarm_at=at,
    )
    if not new:
        return _own(order, actor)
    event = flow.record(order, "reported", actor, at=at, data={"channel": channel, "urgency": urgency})
    moved.send(WorkOrder, obj=order, event=event)
    return order


def _write_once(**facts: Any) -> tuple[WorkOrder, bool]:
    """The order, and whether it is new: of two sent with one key at the same moment, the second finds the first's."""
    try:
        with transaction.atomic():
            return WorkOrder.objects.create(**facts), True
    except IntegrityError:
        seen = WorkOrder.objects.filter(hospital=facts["hospital"], form_key=facts["form_key"]).first()
        if facts["form_key"] is None or seen is None:
            raise
        return seen, False


def _own(seen: WorkOrder, actor: Any) -> WorkOrder:
    """The order of an earlier tap, for who sent it; another's key opens nobody's order."""
    if seen.reporter_id != actor.pk:
        raise ValidationError({"form_key": _("This key was used by somebody else.")})
    return seen


def _title(problem: Problem | None, service: Service) -> str:
    with translation.override("zh-hans"):  # what is written down is in the hospital's language, whoever reads it
        return str(problem or service)


def _check(
    actor: Any,
    place: Place,
    service: Service,
    problem: Problem | None,
    asset: Asset | None,
    unit: Unit | None,
    title: str,
    description: str,
    urgency: str,
    channel: str,
    reporter_name: str,
    changed: set[str] | None = None,
) -> None:
    """Raises ValidationError by field. Of an order that stands, only what is changed is judged."""
    wrong: dict[str, Any] = {}
    if place.closed_on and place.closed_on <= timezone.localdate():
        wrong["place"] = _("This place is closed.")
    if service.hospital_id != place.hospital_id:
        wrong["place"] = _("This place is in another hospital.")
    asked_for = not service.internal or isinstance(actor, System)
    if not (service.active and asked_for) or service.department not in place.hospital.modules:
        wrong["service"] = _("This service is not offered.")
    if problem and problem.service_id != service.pk:
        wrong["problem"] = _("This does not belong to the service.")
    if asset and asset.hospital_id != place.hospital_id:
        wrong["asset"] = _("This asset is in another hospital.")
    if unit and unit.hospital_id != place.hospital_id:
        wrong["unit"] = _("This unit is in another hospital.")
    if len(title) > 80:
        wrong["title"] = _("At most 80 characters, please.")
    if len(description) > 2000:
        wrong["description"] = _("At most 2,000 characters, please.")
    if urgency not in URGENCIES:
        wrong["urgency"] = _("Please choose how urgent it is.")
    if channel not in CHANNELS:
        wrong["channel"] = _("This channel is not known.")
    if getattr(actor, "is_shared", False) and not reporter_name.strip():
        wrong["reporter_name"] = _("Please choose who reports.")
    if wrong := {name: words for name, words in wrong.items() if changed is None or name in changed}:
        raise ValidationError(wrong)


@transaction.atomic
def edit_order(order: WorkOrder, actor: Any, **new: Any) -> WorkOrder:
    """Correct facts: title, description, place, asset, unit, urgency, phone. A new urgency moves the limits.

    Writes the event "edited" with old and new values. Raises PermissionDenied, or ValidationError by field.
    """
    row: WorkOrder = ORDERS.lock(order)
    if not can(actor, perm.ORDER_EDIT, row):
        raise PermissionDenied(perm.ORDER_EDIT)
    if row.state in FINAL:
        raise ValidationError(_("This order is closed."), code="stale")
    allowed = {"title", "description", "place", "asset", "unit", "urgency", "phone"}
    if unknown := set(new) - allowed:
        raise TypeError(f"cannot edit {unknown}")
    old = {name: getattr(row, name) for name in new}
    for name, value in new.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    _check(
        *(actor, row.place, row.service, row.problem, row.asset, row.unit, row.title, row.description),
        *(row.urgency, row.channel, row.reporter_name, {name for name in new if old[name] != getattr(row, name)}),
    )
    if row.urgency != old.get("urgency", row.urgency):
        promise_anew(row, timezone.now())
    row.save()
    if not can(actor, perm.ORDER_EDIT, row):
        raise PermissionDenied("out of reach")
    flow.edited(row, actor, old, {name: getattr(row, name) for name in new})
    return row


@transaction.atomic
def join(order: WorkOrder, actor: Any, *, caller: str = "") -> WorkOrder:
    """“We have that too”: the open order stays one; the event names who else waits for it, or who called the desk."""
    row: WorkOrder = ORDERS.lock(order)
    if row.hospital_id not in hospitals_with(actor, perm.ORDER_REPORT):
        raise PermissionDenied(perm.ORDER_REPORT)
    event = flow.record(row, "joined", actor, data={"caller": caller} if caller else None)
    moved.send(WorkOrder, obj=row, event=event)
    return row


@transaction.atomic
def add_line(
    order: WorkOrder,
    actor: Any,
    *,
    kind: str,
    text: str,
    quantity: Decimal = Decimal(1),
    price: Decimal = Decimal(0),
    minutes: int = 0,
    person: Any = None,
    at: datetime | None = None,
) -> Line:
    """Write down a part, a helper's minutes or a firm's bill; the order's cost and minutes follow.

    Raises PermissionDenied, or ValidationError by field.
    """
    row: WorkOrder = ORDERS.lock(order)
    if not (can(actor, perm.ORDER_WORK, row) or can(actor, perm.ORDER_EDIT, row)):
        raise PermissionDenied(perm.ORDER_WORK)
    if row.state in FINAL:
        raise ValidationError(_("This order is closed."), code="stale")
    line = Line(
        hospital_id=row.hospital_id, order=row, kind=kind, text=text.strip(), quantity=quantity, price=price,
        minutes=minutes, person=person, at=at or timezone.now(), by_id=actor.pk,
        amount=(quantity * price).quantize(CENT, ROUND_HALF_UP),
    )  # fmt: skip
    line.full_clean(exclude=["hospital", "order", "person", "by"], validate_constraints=True)
    row.cost += line.amount
    row.minutes += minutes
    if row.cost >= MOST_COST:
        raise ValidationError({"price": _("Together with the other lines this is too much for one order.")})
    line.save()
    _save_cost(row, at or timezone.now())
    flow.record(
        row, "line_added", actor, at=at, data={"text": line.text, "amount": str(line.amount), "minutes": minutes}
    )
    return line


@transaction.atomic
def remove_line(line: Line, actor: Any) -> None:
    """Take a line out again; history keeps what it said."""
    row = ORDERS.lock(line.order)
    if not (can(actor, perm.ORDER_WORK, row) or can(actor, perm.ORDER_EDIT, row)):
        raise PermissionDenied(perm.ORDER_WORK)
    if row.state in FINAL:
        raise ValidationError(_("This order is closed."), code="stale")
    if not Line.objects.filter(pk=line.pk).exists():  # taken out by an earlier tap, while this one waited
        return
    row.cost -= line.amount
    row.minutes = max(0, row.minutes - line.minutes)
    flow.record(row, "line_removed", actor, data={"text": line.text, "amount": str(line.amount)})
    line.delete()
    _save_cost(row, timezone.now())


def _save_cost(row: WorkOrder, at: datetime) -> None:
    """Of work that was finished at least once the labour follows its lines at once, else when it is finished."""
    if row.finished_at or row.labour:
        reckon(row, at)
    row.save(update_fields=["cost", "minutes", "labour", "labour_cost"])


def comment(order: WorkOrder, actor: Any, text: str, *, at: datetime | None = None) -> Any:
    """Add a remark to the order's timeline."""
    if not can(actor, perm.ORDER_COMMENT, order):
        raise PermissionDenied(perm.ORDER_COMMENT)
    event = flow.comment(order, actor, text, at=at)
    moved.send(WorkOrder, obj=order, event=event)
    return event


def attach(order: WorkOrder, actor: Any, upload: Any, *, kind: str, at: datetime | None = None) -> Any:
    """Add a photo or PDF to the order. A visitor may, to what they reported."""
    if not (isinstance(actor, Visitor) or can(actor, perm.ORDER_COMMENT, order)):
        raise PermissionDenied(perm.ORDER_COMMENT)
    return flow.attach(order, actor, upload, kind=kind, at=at)


def close_what_nobody_signed(hospital: Hospital, now: datetime) -> tuple[int, int]:
    """Remind at half time, then close as "not signed"; safety repairs stay open. Answers (reminded, closed).

    Runs inside the hospital's scope; running twice changes nothing more.
    """
    patience = timedelta(hours=hospital.unsigned_after_hours)
    waiting = WorkOrder.objects.filter(hospital=hospital, state=DONE)
    reminded = closed = 0
    unsigned = waiting.filter(service__needs_signature=True, reminded_at=None)
    for order in unsigned.filter(finished_at__lte=now - patience / 2).order_by("id")[:500]:
        reminded += _remind(order, now)
    for order in waiting.filter(finished_at__lte=now - patience, service__is_safety=False).order_by("id")[:500]:
        try:
            ORDERS.move(order, "close_unsigned", CLOSER, at=now)
        except ValidationError:  # signed in this very moment
            continue
        closed += 1
    return reminded, closed


@transaction.atomic
def _remind(order: WorkOrder, now: datetime) -> int:
    row: WorkOrder = ORDERS.lock(order)
    if row.state != DONE or row.reminded_at:
        return 0
    row.reminded_at = now
    row.save(update_fields=["reminded_at"])
    event = flow.record(row, "reminded", CLOSER, at=now)
    moved.send(WorkOrder, obj=row, event=event)
    return 1


def open_work_of(user: Any, hospital_id: int) -> int:
    """How many orders at this hospital a leaver still has in hand."""
    return WorkOrder.objects.filter(hospital_id=hospital_id, assignee=user, state__in=IN_HAND).count()


def hand_over_work(actor: Any, user: Any, hospital_id: int, to: Any = None) -> int:
    """Give a leaver's open orders to a colleague of the team, or back to the team."""
    mine = WorkOrder.objects.filter(hospital_id=hospital_id, assignee=user, state__in=IN_HAND).select_related("team")
    count = 0
    for order in mine.order_by("id"):
        ORDERS.move(order, "reassign", actor, team=order.team, assignee=to, reason=str(_("Colleague has left")))
        count += 1
    return count


def _open_of(part: Place | Unit | Team) -> Any:
    going_on = WorkOrder.objects.exclude(state__in=FINAL).filter(hospital_id=part.hospital_id)
    if isinstance(part, Place):
        return going_on.filter(Place.within(part.path, "place__path"))
    return going_on.filter(unit=part) if isinstance(part, Unit) else going_on.filter(team=part)


def open_work_here(part: Place | Unit | Team) -> int:
    """How many orders are not done or not signed yet at a place and inside it, of a unit, or with a team."""
    return int(_open_of(part).filter(state__in=LIVE).count())


def follow_merge(merged: Place | Unit | Team, into: Place | Unit | Team) -> None:
    """Open work of a merged place, unit or team goes on under the one it went into; finished work keeps what it was."""
    name = {Place: "place", Unit: "unit"}.get(type(merged), "team")
    _open_of(merged).update(**{name: into})
    if isinstance(merged, Team):
        Service.objects.filter(team_id=merged.pk).update(team_id=into.pk)


def close_signed(actor: Any, orders: Iterable[WorkOrder]) -> int:
    """The desk files what was signed."""
    return sum(1 for order in orders if ORDERS.move(order, "close", actor))
