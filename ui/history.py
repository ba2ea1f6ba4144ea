"""What happened, in words: a move by the words of its step, a field edit as sentences."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui.formats import MISSING

WORDS = {
    "created": gettext_lazy("Created"),
    "edited": gettext_lazy("Changed"),
    "undo": gettext_lazy("Taken back"),
    "commented": gettext_lazy("Comment"),
    "attached": gettext_lazy("File added"),
}


def words(event: Any, machine: Any = None) -> Any:
    """The step's own words if a machine knows it, else the common ones."""
    step = machine.by_name.get(event.verb) if machine else None
    return step.label if step else WORDS.get(event.verb, event.verb)


def changes(event: Any) -> list[str]:
    """把 时限 从 24 小时 改为 4 小时."""
    model = apps.get_model(event.subject)
    return [
        _("%(field)s: from %(old)s to %(new)s") % {"field": _label(model, name), "old": _shown(old), "new": _shown(new)}
        for name, (old, new) in (event.data.get("changes") or {}).items()
    ]


def _label(model: Any, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)
    except FieldDoesNotExist:
        return name


def _shown(value: Any) -> str:
    return MISSING if value is None or value == "" else str(value)
