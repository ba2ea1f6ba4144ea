"""What happened to figures, answers, appeals and actions, told in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assessment.states import KINDS, LEVELS, REASONS, WAYS
from ui import formats
from ui.history import WORDS

VERBS = {
    **WORDS,
    "published": gettext_lazy("Figures published"),
    "month_closed": gettext_lazy("Month closed"),
    "rules_set": gettext_lazy("Deadlines set"),
    "see": pgettext_lazy("of published figures", "Seen"),
    "accept": pgettext_lazy("of published figures", "Accepted"),
    "lapse": pgettext_lazy("of published figures", "Accepted by silence"),
    "changed_late": gettext_lazy("Records behind it have changed"),
    "filed": gettext_lazy("Appeal filed"),
    "uphold": gettext_lazy("Upheld and restated"),
    "reject": pgettext_lazy("of an appeal", "Rejected"),
    "withdraw": pgettext_lazy("of an appeal", "Withdrawn"),
    "asked": gettext_lazy("Exclusion asked for"),
    "approve": gettext_lazy("Exclusion approved"),
    "refuse": gettext_lazy("Exclusion refused"),
    "wanted": gettext_lazy("Action asked for"),
    "planned": gettext_lazy("Action planned"),
    "plan": gettext_lazy("Action planned"),
    "comment": gettext_lazy("Commented"),
    "finish": pgettext_lazy("of an action", "Done"),
    "postpone": gettext_lazy("Deadline moved"),
    "reopen": gettext_lazy("Not effective, goes on"),
    "drop": pgettext_lazy("of an action", "Dropped"),
    "escalated": gettext_lazy("Escalated"),
}


def tell(events: Iterable[Any]) -> list[dict[str, Any]]:
    """The timeline, newest first."""
    told = [
        {
            "words": VERBS.get(event.verb, event.verb),
            "who": _("The platform") if event.actor_kind == "system" else event.actor_name,
            "at": event.at,
            "lines": lines(event.data),
        }
        for event in events
    ]
    return told[::-1]


def lines(data: dict[str, Any]) -> list[str]:
    """What came with it, one sentence each."""
    said = []
    for key, table in (("reason", REASONS), ("kind", KINDS), ("level", LEVELS)):
        if data.get(key):
            said.append(str(table[data[key]].label) if data[key] in table else str(data[key]))
    if data.get("to") and "due_on" in data and "text" in data:
        said.append(_("to %(who)s") % {"who": data["to"]})
    if data.get("due_on"):
        said.append(_("until %(day)s") % {"day": formats.day(date.fromisoformat(data["due_on"]))})
    if data.get("way"):
        said.append(str(dict(WAYS)[data["way"]]))
    if data.get("text"):
        said.append(data["text"])
    if data.get("told"):
        said.append(_("told: %(who)s") % {"who": " · ".join(data["told"])})
    return said
