"""What happened to a hazard, told in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from hazards.machine import HAZARDS
from hazards.states import GRADES, LEVELS, SOURCES
from ui import formats
from ui.history import WORDS, Entry, changes, who

VERBS = {
    **WORDS,
    "reported": pgettext_lazy("of a hazard", "Found"),
    "assign": gettext_lazy("To be rectified"),
    "rectify": gettext_lazy("Rectified"),
    "verify": gettext_lazy("Verified"),
    "refuse": gettext_lazy("Not gone, to be rectified again"),
    "reopen": gettext_lazy("Is back, to be rectified again"),
    "reassign": gettext_lazy("Given to somebody else"),
    "postpone": gettext_lazy("Deadline moved"),
    "regrade": gettext_lazy("Graded anew"),
    "void": gettext_lazy("Not a hazard"),
    "escalated": gettext_lazy("Escalated"),
    "from_round": gettext_lazy("Found on an inspection round"),
    "order_opened": gettext_lazy("Work order opened"),
    "order_done": gettext_lazy("Its work order is finished"),
}
ICONS = {
    "reported": "flag",
    "edited": "edit",
    "attached": "paperclip",
    "escalated": "alert-triangle",
    "from_round": "route",
    "order_opened": "clipboard-list",
    "order_done": "clipboard-check",
}
# Where an event leads: verb → the page for this reader, or ""; rooms above enter theirs.
LEADS: dict[str, Callable[[Any, Any], str]] = {}


def tell(events: Iterable[Any], reader: Any) -> list[Entry]:
    """The timeline, newest first, for who reads it."""
    told = [
        Entry(VERBS.get(e.verb, e.verb), _icon(e.verb), who(e), e.at, lines(e), leads_to(e, reader)) for e in events
    ]
    return told[::-1]


def leads_to(event: Any, reader: Any) -> str:
    """The page of what it came from, if the reader may open it."""
    return LEADS[event.verb](event, reader) if event.verb in LEADS else ""


def _icon(verb: str) -> str:
    step = HAZARDS.by_name.get(verb)
    return step.icon if step else ICONS.get(verb, "circle")


def lines(event: Any) -> list[str]:
    """What came with it, one sentence each."""
    data, said = event.data, changes(event)
    if data.get("to"):
        said.append(_("To %(who)s") % {"who": data["to"]})
    if day := data.get("due_on"):
        said.append(_("Rectify by %(day)s") % {"day": formats.day(date.fromisoformat(day))})
    if grade := GRADES.get(data.get("grade", "")):
        said.append(_("Grade: %(grade)s") % {"grade": grade.label})
    if source := SOURCES.get(data.get("source", "")):
        said.append(str(source.label))
    if event.verb == "escalated":
        said += of_level(data)
    said += [data[key] for key in ("number", "reason", "text", "interim") if data.get(key)]
    if event.verb == "attached":
        said.append(data.get("name", ""))
    return said


def of_level(data: dict[str, Any]) -> list[str]:
    """How long it is overdue, which level heard, and who that is."""
    level = LEVELS.get(data["level"])
    words = [ngettext("overdue for %(days)s day", "overdue for %(days)s days", data["days"]) % {"days": data["days"]}]
    words += [str(level.label)] if level else []
    return [*words, _("Told: %(who)s") % {"who": " · ".join(data["told"])}]
