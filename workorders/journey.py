"""Where is my request? The way of an order told like a parcel's: what is behind it, what is still ahead."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from workorders.models import WorkOrder
from workorders.states import (
    ACCEPTED,
    ARRIVED,
    CANCELLED,
    CLOSED,
    DISPATCHED,
    DONE,
    REPORTED,
    SIGNED,
    STATES,
    WAITING,
    WAITING_REASONS,
)

STOPS = {
    REPORTED: pgettext_lazy("stop of a request", "Reported"),
    DISPATCHED: pgettext_lazy("stop of a request", "Dispatched"),
    ACCEPTED: pgettext_lazy("stop of a request", "Accepted"),
    ARRIVED: pgettext_lazy("stop of a request", "Arrived"),
    DONE: pgettext_lazy("stop of a request", "Done"),
    SIGNED: pgettext_lazy("stop of a request", "Signed"),
}
WORDS = {
    "reported": gettext_lazy("%(name)s reported it"),
    "dispatch": gettext_lazy("Given to %(to)s"),
    "reassign": gettext_lazy("Given to %(to)s"),
    "accept": gettext_lazy("%(name)s has accepted and will come"),
    "arrive": gettext_lazy("%(name)s is at the place"),
    "wait": gettext_lazy("On hold"),
    "resume": gettext_lazy("%(name)s goes on with the work"),
    "finish": gettext_lazy("%(name)s has finished"),
    "sign": gettext_lazy("%(name)s signed"),
    "sign_on_screen": gettext_lazy("%(name)s signed"),
    "reopen": gettext_lazy("%(name)s sent it back for rework"),
    "transfer": gettext_lazy("Passed on to another department"),
    "send_back": gettext_lazy("Back at the service desk"),
    "withdraw": gettext_lazy("%(name)s withdrew it"),
    "void": gettext_lazy("The service desk cancelled it"),
    "close": gettext_lazy("Closed"),
    "close_unsigned": gettext_lazy("Closed without a signature"),
    "commented": gettext_lazy("%(name)s writes"),
    "joined": gettext_lazy("%(name)s has the same trouble"),
    "imported": gettext_lazy("Taken over from the older system"),
    "same": gettext_lazy("Somebody else had reported it too; it goes on under one number"),
    "apart": gettext_lazy("Goes on by itself again"),
    "joined_by": gettext_lazy("Somebody else has reported it too"),
    "part_added": gettext_lazy("Another department was asked to help"),
    "answer": gettext_lazy("%(name)s answers"),
    "object": gettext_lazy("%(name)s is not satisfied with the answer"),
}
# What a visitor reads instead of a name: the role of whoever did it.
ROLES = {
    **dict.fromkeys(("accept", "arrive", "resume", "finish"), gettext_lazy("The technician")),
    **dict.fromkeys(("sign", "sign_on_screen", "reopen"), gettext_lazy("The ward")),
    "commented": gettext_lazy("A colleague"),
    "joined": gettext_lazy("Somebody else"),
}


@dataclass(frozen=True)
class Stop:
    """One of the six stops of the way."""

    label: Any
    icon: str
    passed: bool
    here: bool


@dataclass(frozen=True)
class Step:
    """Something that happened on the way."""

    text: str
    at: datetime
    notes: list[str] = field(default_factory=list)


def stops(order: WorkOrder) -> list[Stop]:
    """How far it has come; nothing for what was withdrawn."""
    if order.state == CANCELLED:
        return []
    state = {WAITING: ARRIVED, CLOSED: SIGNED if order.signed_at else DONE}.get(order.state, order.state)
    at = list(STOPS).index(state)
    return [Stop(label, STATES[s].icon, i <= at, i == at) for i, (s, label) in enumerate(STOPS.items())]


def steps(order: WorkOrder, events: Iterable[Any], *, visitor: bool = False) -> list[Step]:
    """What happened, newest first, in sentences; a visitor reads roles, and no remarks between colleagues."""
    events = list(events)
    undone = {event.data.get("undone") for event in events if event.verb == "undo"}
    shown = [
        event
        for event in events
        if event.verb in WORDS and event.pk not in undone and not (visitor and _is_internal(event))
    ]
    return [Step(_sentence(order, event, visitor), event.at, _notes(event, visitor)) for event in reversed(shown)]


def _is_internal(event: Any) -> bool:
    return event.verb == "commented" and event.actor_kind != "visitor"


def _sentence(order: WorkOrder, event: Any, visitor: bool) -> str:
    return str(WORDS[event.verb]) % {"name": _who(order, event, visitor), "to": _to(event, visitor)}


def _who(order: WorkOrder, event: Any, visitor: bool) -> str:
    if visitor:
        return _("You") if event.actor_kind == "visitor" else str(ROLES.get(event.verb, _("The service desk")))
    if event.verb == "reported":
        return order.reporter_name or _("A visitor")
    return event.data.get("name") or event.actor_name or _("A visitor")


def _to(event: Any, visitor: bool) -> str:
    team, person = event.data.get("team", ""), event.data.get("assignee", "")
    if visitor:
        return _("a technician")
    return f"{person} ({team})" if person else team


def _notes(event: Any, visitor: bool) -> list[str]:
    data = event.data
    reason = WAITING_REASONS.get(data.get("waiting_reason", ""))
    notes = [str(reason.label) if reason else "", data.get("number", "")]
    if not visitor or event.actor_kind == "visitor":
        notes += [data.get("reason", ""), data.get("remedy", ""), data.get("text", "")]
    return [note for note in notes if note]
