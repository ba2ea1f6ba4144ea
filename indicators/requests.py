"""Requests for returns: arranged by the office, made due for every hospital and period, drafted, reminded of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from celery import current_app
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from flow import domain as flow
from flow.machine import moved, stale
from indicators import permissions as perm
from indicators import request_spans as periods
from indicators.domain import need
from indicators.machine import DUES
from indicators.models import Quantity, RequestedQuantity, ReturnDue, ReturnRequest
from indicators.request_states import AT_LEAST, EVERYBODY, GIVEN, GROUP, SOME, TO_FILL
from kpi.models import PeerMember
from tenancy import history
from tenancy.access import can
from tenancy.actors import System
from tenancy.locks import hold
from tenancy.models import Hospital, Membership

ASKER = System("indicators.make_returns_due", frozenset({perm.RETURN_VIEW}))
OLDEST = 3  # years back a request may begin
TYPED = ("value.", "unknown.", "note.")  # the boxes of a form for each quantity


@dataclass(frozen=True)
class Line:
    """A line of a form: the quantity, or name and unit of one that nobody has reported so far, and its help."""

    quantity: Quantity | None
    help: str = ""
    name: str = ""
    unit: str = ""
    key: str = ""  # of the library; empty: made of nothing but its name


@transaction.atomic
def arrange(actor: Any, request: ReturnRequest, lines: Iterable[Line], **facts: Any) -> ReturnRequest:
    """Write a new request, or change one; what is open already is asked for by the new lines, what was handed in stays.

    Raises PermissionDenied, or ValidationError by field.
    """
    need(actor, request.consortium)
    hold("indicators.request", request.consortium_id)  # another one written meanwhile waits, and finds this one's name
    old = {name: getattr(request, name) for name in facts} if request.pk else {}
    for name, value in facts.items():
        setattr(request, name, value)
    lines = list(lines)
    _check(request, lines)
    request.asked_on = request.asked_on or timezone.localdate()
    request.full_clean(exclude=["consortium"])
    request.save()
    asked = _lines(request, lines)
    changed = {name: [str(old.get(name, "")), str(value)] for name, value in facts.items() if old.get(name) != value}
    history.note(request, "edited" if old else "added", actor, {"changed": changed, "asked": asked})
    transaction.on_commit(lambda: current_app.send_task("indicators.tasks.make_returns_due"), robust=True)
    return request


def _check(request: ReturnRequest, lines: list[Line]) -> None:
    wrong: dict[str, Any] = {}
    if not lines:
        wrong["lines"] = _("Please choose what is asked.")
    if request.audience == GROUP and not request.group:
        wrong["group"] = _("Please choose the peer group.")
    if request.audience == SOME and not request.hospitals:
        wrong["hospitals"] = _("Please choose the hospitals.")
    if request.valid_until and request.valid_from and request.valid_until < request.valid_from:
        wrong["valid_until"] = _("The last period must not lie before the first one.")
    same = ReturnRequest.objects.filter(consortium=request.consortium_id, name=request.name).exclude(pk=request.pk)
    if same.exists():
        wrong["name"] = _("There is a request of this name already.")
    if request.valid_from and request.valid_from.year < timezone.localdate().year - OLDEST:
        wrong["valid_from"] = _("A request reaches back %(years)s years at most.") % {"years": OLDEST}
    if request.valid_from and request.valid_from.year > timezone.localdate().year + OLDEST:
        wrong["valid_from"] = _("Please check the year.")
    if wrong:
        raise ValidationError(wrong)


def _lines(request: ReturnRequest, lines: list[Line]) -> list[str]:
    RequestedQuantity.objects.filter(request=request).delete()
    once: dict[int, tuple[Quantity, str]] = {}  # what is named twice is asked once
    for line in lines:
        quantity = line.quantity or _quantity(request, line)
        once.setdefault(quantity.pk, (quantity, line.help.strip()[:200]))
    rows = [
        RequestedQuantity(
            consortium_id=request.consortium_id, request=request, quantity=quantity, position=position, help=text
        )
        for position, (quantity, text) in enumerate(once.values(), 1)
    ]
    RequestedQuantity.objects.bulk_create(rows)
    return [row.quantity.key for row in rows]


def _quantity(request: ReturnRequest, line: Line) -> Quantity:
    """A quantity nobody has reported so far; one of the same name and unit is that one."""
    name, unit = line.name.strip()[:120], line.unit.strip()[:20]
    ours = Quantity.objects.filter(consortium=request.consortium_id)
    if line.key:
        facts = {"name": name, "unit": unit}
        return ours.get_or_create(consortium_id=request.consortium_id, key=line.key, defaults=facts)[0]
    hold("indicators.quantity", request.consortium_id)  # who names another one meanwhile waits, and finds this one
    if found := ours.filter(name=name, unit=unit).first():
        return found
    number = ours.count() + 1
    while ours.filter(key=f"q{number}").exists():
        number += 1
    return Quantity.objects.create(consortium_id=request.consortium_id, key=f"q{number}", name=name, unit=unit)


def asks(request: ReturnRequest, hospital: Hospital, group: str) -> bool:
    """Is this hospital asked?"""
    if request.consortium_id != hospital.consortium_id or not hospital.is_open:
        return False
    chosen = {EVERYBODY: True, GROUP: group == request.group, SOME: hospital.pk in request.hospitals}
    return chosen[request.audience]


def due_on(request: ReturnRequest, last: date) -> date:
    """The last day; nobody is late on the day they are first asked."""
    return max(last + timedelta(days=request.due_days), request.asked_on + timedelta(days=AT_LEAST))


@transaction.atomic
def make_due(hospitals: Collection[Hospital], today: date, *, at: datetime | None = None) -> int:
    """What these hospitals are asked for and has no row yet gets one. Answers how many. Runs inside their scope.

    Who runs at the same time waits; the same day again makes nothing.
    """
    for consortium in sorted({hospital.consortium_id for hospital in hospitals}):
        hold("indicators.make_due", consortium)
    requests = list(ReturnRequest.objects.filter(valid_from__lte=today, lines__isnull=False).distinct())
    groups = dict(PeerMember.objects.filter(hospital__in=hospitals).values_list("hospital", "group"))
    there, person = _there(hospitals)
    rows = [
        ReturnDue(
            hospital=hospital, request=request, first=first, last=last, due_on=due_on(request, last),
            person_id=person.get((hospital.pk, request.pk)),
        )
        for request in requests
        for hospital in hospitals if asks(request, hospital, groups.get(hospital.pk, ""))
        for first, last in periods.over(request.rhythm, request.begins, request.valid_from, request.valid_until, today)
        if (hospital.pk, request.pk, first) not in there
    ]  # fmt: skip
    ReturnDue.objects.bulk_create(rows, batch_size=1000)
    _announce(rows, at)
    return len(rows)


def _there(hospitals: Collection[Hospital]) -> tuple[set[tuple[int, int, date]], dict[tuple[int, int], int | None]]:
    """What is there, and who filled in the newest period of each request."""
    there: set[tuple[int, int, date]] = set()
    person: dict[tuple[int, int], int | None] = {}
    found = ReturnDue.objects.filter(hospital__in=hospitals).order_by("first")
    for hospital, request, first, who in found.values_list("hospital", "request", "first", "person"):
        there.add((hospital, request, first))
        person[hospital, request] = who
    return there, person


def _announce(rows: list[ReturnDue], at: datetime | None) -> None:
    """Everybody hears of the newest period of a request; the older ones only stand in the list."""
    newest: dict[tuple[int, int], ReturnDue] = {}
    for row in rows:
        newest[row.hospital_id, row.request_id] = row
    for row in rows:
        event = flow.record(row, "asked", ASKER, at=at, data={"due_on": row.due_on.isoformat()})
        if newest[row.hospital_id, row.request_id] is row:
            moved.send(ReturnDue, obj=row, event=event)


@transaction.atomic
def keep_draft(actor: Any, due: ReturnDue, typed: dict[str, str], seen: str) -> ReturnDue:
    """Keep what was typed, for whoever goes on. Raises ValidationError "stale" if another has written since `seen`."""
    row: ReturnDue = DUES.lock(due)
    if not can(actor, perm.RETURN_FILL, row):
        raise PermissionDenied(perm.RETURN_FILL)
    if row.state not in TO_FILL:
        raise stale(row)
    if row.draft and row.draft["by"] != actor.pk and row.draft["at"] != seen:
        words = _("%(name)s has gone on with this form meanwhile. Open it again to see what stands there.")
        raise ValidationError(words % {"name": row.draft["by_name"]}, code="stale")
    keys = row.request.lines.values_list("quantity__key", flat=True)
    boxes = {f"{part}{key}" for key in keys for part in TYPED}
    kept = {name: text.replace("\0", "")[:400] for name, text in typed.items() if text and name in boxes}
    row.draft = {"typed": kept, "by": actor.pk, "by_name": actor.name, "at": timezone.now().isoformat()}
    row.save(update_fields=["draft"])
    return row


@transaction.atomic
def assign(actor: Any, due: ReturnDue, *, person: Any) -> ReturnDue:
    """From now on this person fills it in, for this period and those after it."""
    row: ReturnDue = DUES.lock(due)
    if not can(actor, perm.RETURN_FILL, row):
        raise PermissionDenied(perm.RETURN_FILL)
    if row.state in GIVEN:
        raise stale(row)
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), hospital=row.hospital_id)
    if not here.filter(user=person).exists() or not can(person, perm.RETURN_FILL, row):
        raise ValidationError({"person": _("This person may not fill in returns here.")})
    row.person = person
    row.save(update_fields=["person"])
    event = flow.record(row, "assigned", actor, data={"to": person.name, "due_on": row.due_on.isoformat()})
    moved.send(ReturnDue, obj=row, event=event)
    return row


@transaction.atomic
def remind(actor: Any, request: ReturnRequest, dues: Iterable[ReturnDue]) -> int:
    """The office reminds hospitals that have not handed in, once a day each. Answers how many were reminded."""
    need(actor, request.consortium)
    wanted = [due.pk for due in dues]
    rows = ReturnDue.objects.filter(pk__in=wanted, request=request, state__in=TO_FILL).select_related(
        "request", "hospital"
    )
    told = _reminded_today(wanted)
    todo = [row for row in rows.select_for_update(of=("self",)).order_by("id") if row.pk not in told]
    for row in todo:
        event = flow.record(row, "reminded", actor, data={"due_on": row.due_on.isoformat()})
        moved.send(ReturnDue, obj=row, event=event)
    return len(todo)


def _reminded_today(dues: list[int]) -> set[int]:
    today: dict[int, bool] = defaultdict(bool)
    events = flow.Event.objects.filter(subject="indicators.returndue", subject_id__in=dues, verb="reminded")
    for pk, at in events.values_list("subject_id", "at"):
        today[pk] |= timezone.localdate(at) == timezone.localdate()
    return {pk for pk, yes in today.items() if yes}
