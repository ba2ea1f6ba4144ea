"""What happened to an order, told in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui import formats
from ui.history import WORDS, Entry, who
from workorders.machine import ORDERS
from workorders.states import CHANNELS, LEVELS, RESPOND, URGENCIES, WAITING_REASONS

VERBS = {
    **WORDS,
    "reported": gettext_lazy("Report received"),
    "joined": gettext_lazy("Has the same trouble"),
    "line_added": gettext_lazy("Entered"),
    "line_removed": gettext_lazy("Taken out"),
    "reminded": gettext_lazy("Reminded to sign"),
    "alarmed": gettext_lazy("Reminded of the time limit"),
    "escalated": gettext_lazy("Escalated"),
    "unwatched": gettext_lazy("Time limits cannot be watched"),
    "imported": gettext_lazy("Brought in from an older system"),
    "dispatch": gettext_lazy("Dispatched"),
    "accept": gettext_lazy("Accepted"),
    "arrive": gettext_lazy("Arrived"),
    "finish": gettext_lazy("Finished"),
    "resume": gettext_lazy("Went on"),
    "wait": gettext_lazy("On hold"),
    "sign": gettext_lazy("Signed"),
    "sign_on_screen": gettext_lazy("Signed on the spot"),
    "reopen": gettext_lazy("Sent back for rework"),
    "reassign": gettext_lazy("Reassigned"),
    "transfer": gettext_lazy("Given to another department"),
    "send_back": gettext_lazy("Sent back"),
    "withdraw": gettext_lazy("Withdrawn"),
    "void": gettext_lazy("Voided"),
    "close": gettext_lazy("Closed"),
    "close_unsigned": gettext_lazy("Closed, not signed"),
    "same": gettext_lazy("Put together with another report"),
    "apart": gettext_lazy("Separated again"),
    "joined_by": gettext_lazy("Reported a second time"),
    "progress": gettext_lazy("Progress of the order it belongs to"),
    "part_added": gettext_lazy("Further order opened"),
    "from_round": gettext_lazy("Found on an inspection round"),
    "answer": gettext_lazy("Answered"),
    "object": gettext_lazy("Not satisfied with the answer"),
}
ICONS = {
    "reported": "flag",
    "commented": "message",
    "edited": "edit",
    "attached": "paperclip",
    "undo": "arrow-back-up",
    "joined": "users",
    "line_added": "plus",
    "line_removed": "minus",
    "reminded": "bell",
    "alarmed": "clock",
    "escalated": "alert-triangle",
    "unwatched": "alert-triangle",
    "imported": "history",
    "joined_by": "git-merge",
    "progress": "link",
    "part_added": "sitemap",
    "from_round": "route",
}
# Where an event leads besides another order: verb → the page for this reader, or ""; rooms above enter theirs.
LEADS: dict[str, Callable[[Any, Any], str]] = {}
WHAT = {
    "title": gettext_lazy("the title"),
    "description": gettext_lazy("the description"),
    "place": gettext_lazy("the place"),
    "asset": gettext_lazy("the asset"),
    "unit": gettext_lazy("the unit"),
    "urgency": gettext_lazy("the urgency"),
    "phone": gettext_lazy("the number to call back"),
}


def tell(events: Iterable[Any], reader: Any, cost: bool = True, beside: Iterable[Any] = ()) -> list[Entry]:
    """The timeline, newest first, for who reads it; without `cost` no amounts. `beside`: the orders that share it."""
    orders = {order.pk: order for order in beside}
    entries = [
        Entry(
            VERBS.get(event.verb, event.verb), _icon(event.verb), _who(event), event.at, lines(event, cost),
            LEADS[event.verb](event, reader) if event.verb in LEADS else "", orders.get(event.subject_id),
        )
        for event in events
    ]  # fmt: skip
    return entries[::-1]


def _icon(verb: str) -> str:
    step = ORDERS.by_name.get(verb)
    return step.icon if step else ICONS.get(verb, "circle")


def _who(event: Any) -> str:
    return who(event) or _("A visitor")


def lines(event: Any, cost: bool = True) -> list[str]:
    """What came with it, one sentence each."""
    data = event.data
    said = [*_hand_over({**data, "who": event.actor_name}), *_figures(data, cost), *_changed(event)]
    if reason := WAITING_REASONS.get(data.get("waiting_reason", "")):
        said.append(str(reason.label))
    if event.verb == "reported":
        said += [
            str(table[data[key]].label) for key, table in (("channel", CHANNELS), ("urgency", URGENCIES)) if key in data
        ]
    if event.verb == "progress":
        said.append(f"{data['number']} {VERBS.get(data['passed'], data['passed'])}")
    if event.verb in ("same", "apart"):
        said.append(data["number"])
    if "clock" in data:
        said.append(of_clock(data))
    if "told" in data:
        said += told(data)
    said += [
        data[key] for key in ("reason", "remedy", "text", "reporter", "service", "comment", "caller") if data.get(key)
    ]
    if event.verb == "attached":
        said.append(data.get("name", ""))
    return said


def _hand_over(data: dict[str, Any]) -> list[str]:
    if "to" in data:
        return [_("from %(old)s to %(new)s") % {"old": data["from"], "new": data["to"]}]
    if "team" in data:
        names = [data["team"], data.get("assignee", "")]
        return [_("to %(who)s") % {"who": " · ".join(filter(None, names))}]
    named = data.get("name") if data.get("name") != data.get("who") else ""
    return [named] if named and "attitude" in data else []


def _figures(data: dict[str, Any], cost: bool) -> list[str]:
    said = []
    stars = {_("attitude"): "attitude", _("skill"): "skill", _("speed"): "speed"}
    given = [f"{label} {'★' * data[key]}" for label, key in stars.items() if data.get(key)]
    if given:
        said.append(" · ".join(given))
    if cost and "amount" in data:
        said.append(formats.money(data["amount"]))
    return said


def _changed(event: Any) -> list[str]:
    """王芳 把 时限 从 … 改为 …"""
    return [
        _("%(who)s changed %(what)s from %(old)s to %(new)s")
        % {"who": _who(event), "what": WHAT.get(name, name), "old": _shown(name, old), "new": _shown(name, new)}
        for name, (old, new) in (event.data.get("changes") or {}).items()
    ]


def _shown(name: str, value: Any) -> str:
    if name == "urgency" and value in URGENCIES:
        return str(URGENCIES[value].label)
    at = parse_datetime(value) if name.endswith(("_at", "_by")) and isinstance(value, str) else None
    return formats.spoken(at) if at else formats.MISSING if value in (None, "") else str(value)


def of_clock(data: dict[str, Any]) -> str:
    """What a reminder or an escalation says."""
    answer, step = data["clock"] == RESPOND, data["step"]
    if level := LEVELS.get(step):
        words = _("Nobody has answered in time") if answer else _("Not finished in time")
        return _("%(what)s (%(level)s)") % {"what": words, "level": level.label}
    if step == "100":
        return _("The time to answer is over") if answer else _("The time to finish is over")
    words = (
        _("%(share)s %% of the time to answer is over") if answer else _("%(share)s %% of the time to finish is over")
    )
    return words % {"share": step}


def told(data: dict[str, Any]) -> list[str]:
    """Whom the platform told."""
    names = data.get("told") or []
    return [_("told: %(who)s") % {"who": " · ".join(names)}] if names else [_("nobody to tell")]
