"""The shift handover: what the next shift must know, and the record of who handed over to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from people import queries as people
from people.queries import ON, Contact, Standing
from people.states import Line
from tenancy.access import can
from tenancy.models import Hospital, Team
from workorders import permissions as perm
from workorders.models import Handover, WorkOrder, held
from workorders.states import CRITICAL, OPEN, URGENCIES, WAITING

PROMISED = timedelta(hours=12)
SHIFT = timedelta(hours=12)  # how far back "the last shift" looks where nothing was handed over since
NEXT = timedelta(hours=8)  # when the next shift is there, where no roster says when this one ends
MOST = 500
LENGTH = 2000
OVERDUE, SOON, HELD, REST, EMERGENCIES = "overdue", "promised", "waiting", "open", "emergencies"
SECTIONS = {
    OVERDUE: (_("Overdue"), "alarm"),
    SOON: (_("Promised within the next 12 hours"), "clock"),
    HELD: (_("On hold"), "player-pause"),
    REST: (_("Other open work"), "clipboard-list"),
    EMERGENCIES: (_("Emergencies of the last shift"), "urgent"),
}


@dataclass(frozen=True)
class Watch:
    """Who is there at one moment: by the roster, and who may be called."""

    at: datetime
    on_duty: list[Standing]
    called: list[Contact]

    @property
    def words(self) -> list[str]:
        """Each as one says it: 张伟 (早班), 李强 (值班) 8301."""
        there = [f"{one.name} ({one.shift})" for one in self.on_duty]
        lines = dict(Line.choices)
        return there + [f"{one.name} ({lines[one.line]}) {one.phone}".strip() for one in self.called]


@dataclass(frozen=True)
class Sheet:
    """What the next shift must know at this moment. Each open order stands in one section only."""

    sections: dict[str, list[WorkOrder]]
    now: Watch
    next: Watch
    last: Handover | None


def sheet(user: Any, hospital: int, department: str, at: datetime) -> Sheet:
    """In six statements, however many orders and people there are."""
    last = handovers(user).filter(hospital=hospital, department=department).order_by("-given_at", "-pk").first()
    rows = WorkOrder.objects.for_user(user, perm.ORDER_DISPATCH).filter(hospital=hospital)
    rows = rows.filter(department=department) if department else rows
    rows = rows.select_related("place", "team", "assignee")
    found = sections(list(rows.filter(state__in=OPEN).order_by("due_at", "pk")[:MOST]), at)
    since = max(last.given_at, at - 2 * SHIFT) if last else at - SHIFT
    lately = rows.filter(reported_at__gte=since, urgency=CRITICAL).order_by("-reported_at", "-pk")
    found[EMERGENCIES] = list(lately[:MOST])
    teams = Team.objects.filter(hospital=hospital, closed_on=None)
    keys = list((teams.filter(department=department) if department else teams).values_list("pk", flat=True))
    now = _watch(hospital, department, keys, at)
    ends = [one.until for one in now.on_duty if one.until]
    return Sheet(found, now, _watch(hospital, department, keys, min(ends, default=at + NEXT)), last)


def sections(orders: list[WorkOrder], at: datetime) -> dict[str, list[WorkOrder]]:
    """Overdue, promised soon, on hold, the rest; each by urgency, then by what is due first."""
    ranks = list(URGENCIES)
    found: dict[str, list[WorkOrder]] = {key: [] for key in (OVERDUE, SOON, HELD, REST)}
    for order in sorted(orders, key=lambda o: (-ranks.index(o.urgency), o.due_at, o.pk)):
        if order.due_at < at and not held(order.state, order.clock_runs_on):
            found[OVERDUE].append(order)
        elif order.state == WAITING:
            found[HELD].append(order)
        else:
            found[SOON if order.due_at <= at + PROMISED else REST].append(order)
    return found


def _watch(hospital: int, department: str, teams: list[int], at: datetime) -> Watch:
    there = [one for one in people.standing_of_teams(teams, at) if one.roster == ON and not one.absent]
    return Watch(at, there, people.called(hospital, at, department))


def handovers(user: Any) -> Any:
    """The handovers this person may see."""
    return Handover.objects.for_user(user, perm.ORDER_DISPATCH)


def departments_of(user: Any, hospital: int, offered: list[str]) -> list[str]:
    """For which departments this person may hand over; "" is the whole hospital."""
    asked = (Handover(hospital_id=hospital, department=slug) for slug in ("", *offered))
    return [row.department for row in asked if can(user, perm.ORDER_DISPATCH, row)]


@transaction.atomic
def hand_over(actor: Any, hospital: Hospital, department: str, remarks: str, at: datetime | None = None) -> Handover:
    """The outgoing person writes down how the shift stands. Raises PermissionDenied, or ValidationError by field."""
    at = at or timezone.now()
    row = Handover(hospital=hospital, department=department, given_at=at, given_by_id=actor.pk)
    if not can(actor, perm.ORDER_DISPATCH, row):
        raise PermissionDenied(perm.ORDER_DISPATCH)
    if len(remarks.strip()) > LENGTH:
        raise ValidationError({"remarks": _("At most 2,000 characters, please.")})
    stands = sheet(actor, hospital.pk, department, at)
    row.remarks, row.given_name = remarks.strip(), actor.name[:60]
    row.orders = {key: [order.pk for order in orders] for key, orders in stands.sections.items()}
    row.on_duty = [[watch.at.isoformat(), watch.words] for watch in (stands.now, stands.next)]
    row.save()
    flow.record(row, "handed_over", actor, at=at)
    return row


@transaction.atomic
def take_over(handover: Handover, actor: Any, at: datetime | None = None) -> Handover:
    """The incoming person confirms with one tap. Raises PermissionDenied, or ValidationError when somebody was faster."""
    row: Handover = Handover.objects.select_for_update().get(pk=handover.pk)
    if not can(actor, perm.ORDER_DISPATCH, row):
        raise PermissionDenied(perm.ORDER_DISPATCH)
    if row.taken_at:
        raise ValidationError(_("%(who)s has taken over already.") % {"who": row.taken_name}, code="stale")
    if row.given_by_id == actor.pk:
        raise ValidationError(_("Somebody else confirms that they have taken over."))
    row.taken_at, row.taken_by_id, row.taken_name = at or timezone.now(), actor.pk, actor.name[:60]
    row.save(update_fields=["taken_at", "taken_by", "taken_name"])
    flow.record(row, "taken_over", actor, at=row.taken_at)
    return row


def orders_of(handover: Handover, user: Any) -> dict[str, list[WorkOrder]]:
    """The orders of a handover as they stand today, of those the reader may see; in one statement."""
    keys = {pk for section in handover.orders.values() for pk in section}
    seen = WorkOrder.objects.for_user(user, perm.ORDER_VIEW).select_related("place", "team", "assignee")
    found = seen.in_bulk(keys)
    return {key: [found[pk] for pk in handover.orders.get(key, []) if pk in found] for key in SECTIONS}
