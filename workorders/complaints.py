"""Complaints from work (WO-7): a bad rating, or work sent back a second time, asks the head of the department for an answer."""

from __future__ import annotations

import logging
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _

from flow.models import Event
from tenancy.actors import System
from tenancy.models import Place
from workorders import catalogue, domain, work_types
from workorders import permissions as perm
from workorders.machine import ORDERS
from workorders.models import Service, WorkOrder
from workorders.states import LIVE, REPORTED, SYSTEM

BAD = 2  # stars, of any of the three ratings
TOO_OFTEN = 2  # the time of being sent back that asks for an answer
COMPLAINTS = System("workorders.complaints", frozenset({perm.ORDER_REPORT, perm.ORDER_VIEW, perm.ORDER_VOID}))
log = logging.getLogger(__name__)


def hear(sender: Any, obj: WorkOrder, event: Event, **kwargs: Any) -> None:
    """Opens a complaint in the transaction of what caused it; takes it back with a rating that is taken back."""
    if obj.service.internal:
        return
    if event.verb == "undo":
        _take_back(obj, event)
    elif event.verb == "sign" and (stars := _bad(event)):
        _open(obj, event, _("Rated %(stars)s of 5.") % {"stars": stars}, event.data.get("comment", ""))
    elif event.verb == "reopen" and obj.returned == TOO_OFTEN:
        _open(obj, event, _("Sent back for rework a second time."), event.data.get("reason", ""))


def _bad(event: Event) -> int | None:
    given = [event.data[name] for name in ("attitude", "skill", "speed") if event.data.get(name)]
    return min(given) if given and min(given) <= BAD else None


def _open(order: WorkOrder, event: Event, why: str, words: str) -> None:
    there = WorkOrder.objects.filter(parent=order, service__internal=True, state__in=LIVE)
    if there.exists():  # it is being answered already
        return
    with translation.override("zh-hans"):  # what is written down is in the hospital's language, whoever rates
        title = _("Complaint: %(what)s") % {"what": order.title}
    try:
        domain.open_order(
            COMPLAINTS,
            place=_standing(order.place),
            service=_service(order),
            unit=order.unit,
            title=title[:80],
            description="\n".join(filter(None, (why, words)))[:2000],
            channel=SYSTEM,
            reporter=order.reporter,
            reporter_name=order.signed_name or order.reporter_name,
            phone=order.phone,
            parent=order,
            at=event.at,
        )
    except ValidationError as error:  # the department was switched off: the rating stands all the same
        log.warning("no complaint opened for %s: %s", order.number, error)


def _service(order: WorkOrder) -> Service:
    """The department's complaint service; a catalogue from before it was shipped gets it now."""
    key = f"{order.department}.{work_types.COMPLAINT}"
    found = Service.objects.filter(hospital=order.hospital_id, key=key)
    if not found.exists():
        catalogue.install(order.hospital)
    return found.get()


def _standing(place: Place) -> Place:
    """The place, or what it belongs to where it has been closed since."""
    while place.closed_on and place.parent is not None:
        place = place.parent
    return place


def _take_back(order: WorkOrder, event: Event) -> None:
    undone = Event.objects.filter(pk=event.data.get("undone"), verb="sign").first()
    if undone is None:
        return
    opened = WorkOrder.objects.filter(parent=order, service__internal=True, reported_at=undone.at)
    for complaint in opened.filter(state=REPORTED):
        ORDERS.move(complaint, "void", COMPLAINTS, reason=_("The rating was taken back."))
