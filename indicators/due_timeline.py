"""What happened to a return that was asked for, told in the reader's language, with both values of what was corrected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from indicators.models import Quantity
from indicators.reminding import VERBS
from indicators.request_states import LEVELS
from ui import formats
from ui.history import WORDS, Entry, who

ICONS = {
    "asked": "clipboard-list", "hand_in": "send", "accept": "check", "send_back": "refresh", "correct": "edit",
    "corrected": "edit", "assigned": "user-check", "reminded": "bell", "escalated": "alert-triangle",
}  # fmt: skip
LATE_WORDS = ("correct", "corrected")


def tell(events: Iterable[Any], quantities: Iterable[Quantity]) -> list[Entry]:
    """The timeline, newest first; what was corrected is named as it is asked for."""
    names = {quantity.key: quantity.label for quantity in quantities}
    told = [
        Entry(VERBS.get(event.verb, WORDS.get(event.verb, event.verb)), ICONS.get(event.verb, "circle"), who(event),
              event.at, lines(event, names))
        for event in events
    ]  # fmt: skip
    return told[::-1]


def lines(event: Any, names: Mapping[str, str]) -> list[str]:
    """What came with it, one sentence each."""
    data, said = event.data, []
    if event.verb in LATE_WORDS and data.get("after_acceptance"):
        said.append(_("After it had been accepted"))
    if event.verb in LATE_WORDS:
        said += [
            f"{names.get(key, key)}: {_shown(before)} → {_shown(after)}"
            for key, before, after in data.get("values", [])
        ]
    if day := data.get("due_on"):
        said.append(_("due %(day)s") % {"day": formats.day(date.fromisoformat(day))})
    if data.get("to"):
        said.append(_("to %(who)s") % {"who": data["to"]})
    if event.verb == "escalated" and data.get("level") in LEVELS:
        said.append(str(LEVELS[data["level"]].label))
        said.append(_("told: %(who)s") % {"who": " · ".join(data["told"])})
    return [*said, *(data[key] for key in ("reason", "file") if data.get(key))]


def _shown(value: str | None) -> str:
    if value is None:
        return _("Not known")
    return value.rstrip("0").rstrip(".") if "." in value else value
