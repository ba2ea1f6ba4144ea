"""What happened, in words: a move by the words of its step, a field edit as sentences."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from ui.formats import MISSING

WORDS = {
    "created": pgettext_lazy("of a record", "Created"),
    "edited": gettext_lazy("Changed"),
    "undo": gettext_lazy("Taken back"),
    "commented": gettext_lazy("Comment"),
    "attached": gettext_lazy("File added"),
    "added": gettext_lazy("Added"),
    "resent": gettext_lazy("Sent again"),
    "opened": gettext_lazy("Opened"),
    "closed": gettext_lazy("Closed down"),
    "moved": gettext_lazy("Moved elsewhere"),
    "merged": gettext_lazy("Merged into another"),
    "took_over": gettext_lazy("Took another one over"),
    "joined": gettext_lazy("Started here"),
    "left": gettext_lazy("Left"),
    "code_given": gettext_lazy("One-time code given"),
    "granted": gettext_lazy("Role given"),
    "revoked": gettext_lazy("Role revoked"),
    "engaged": gettext_lazy("Firm engaged"),
    "ended": gettext_lazy("Engagement ended"),
    "reset": gettext_lazy("Set back as it came"),
    "route_set": gettext_lazy("Points of the route set"),
    "escalated": gettext_lazy("Escalated"),
    "brought_in": gettext_lazy("Brought in from a file"),
    "handed_over": gettext_lazy("Shift handed over"),
    "taken_over": gettext_lazy("Shift taken over"),
    "problem_added": gettext_lazy("Kind of problem added"),
    "target_set": gettext_lazy("Target set"),
    "target_corrected": gettext_lazy("Target put right"),
    "door_revoked": gettext_lazy("QR code replaced"),
}


@dataclass
class Entry:
    """One line of a timeline: its words, who, when, what was said with it, and the page it came from."""

    words: Any
    icon: str
    who: str
    at: datetime
    lines: list[str] = field(default_factory=list)
    url: str = ""
    of: Any = None  # the record beside this one that it happened to


def who(event: Any) -> str:
    """Who did it, as timelines name them."""
    return _("The platform") if event.actor_kind == "system" else event.actor_name


def words(event: Any, machine: Any = None) -> Any:
    """The step's own words if a machine knows it, else the common ones."""
    step = machine.by_name.get(event.verb) if machine else None
    return step.label if step else WORDS.get(event.verb, event.verb)


def changes(event: Any) -> list[str]:
    """把 时限 从 24 小时 改为 4 小时."""
    model, told = apps.get_model(event.subject), []
    for name, (old, new) in (event.data.get("changes") or {}).items():
        label, choices = _field(model, name)
        facts = {"field": label, "old": _shown(old, choices), "new": _shown(new, choices)}
        told.append(_("%(field)s: from %(old)s to %(new)s") % facts)
    return told


def _field(model: Any, name: str) -> tuple[str, dict[Any, Any]]:
    """What a field is called, and the words of what may be chosen in it."""
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return name, {}
    return str(field.verbose_name), dict(getattr(field, "flatchoices", ()))


def _shown(value: Any, choices: dict[Any, Any]) -> str:
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return MISSING if value is None or value == "" else str(choices.get(value, value))
