"""Everything that happened, as the auditor reads it: what each kind of record is called, where it opens, what verbs say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ui.history import WORDS


@dataclass(frozen=True)
class Subject:
    """A kind of record: its name, the address of its page ("" for none), the words of verbs of its own."""

    label: Any
    url_name: str
    verbs: Mapping[str, Any]


_subjects: dict[str, Subject] = {}


def register(subject: str, label: Any, url_name: str = "", verbs: Mapping[str, Any] | None = None) -> None:
    """Rooms above name their records at start-up."""
    _subjects[subject] = Subject(label, url_name, verbs or {})


register("tenancy.place", gettext_lazy("Place"), "administration:place")
register("tenancy.unit", gettext_lazy("Unit"), "administration:unit")
register("tenancy.team", gettext_lazy("Team"), "administration:team")
register("tenancy.membership", gettext_lazy("Person"), "administration:person")
register("tenancy.engagement", gettext_lazy("Contractor"), "administration:engagement")
register("tenancy.hospital", gettext_lazy("Hospital"), "administration:hospital")
register("tenancy.role", gettext_lazy("Role"), "administration:role")
register("flow.chainsetting", gettext_lazy("Deadlines and escalation"))
register("tenancy.grant", gettext_lazy("Role given"))
register("kpi.target", gettext_lazy("Target"))
register("notices.announcement", gettext_lazy("Announcement"))


def kinds() -> list[tuple[str, Any]]:
    return [(key, subject.label) for key, subject in _subjects.items()]


def verbs() -> list[tuple[str, Any]]:
    """Every verb by its words."""
    known = dict(WORDS)
    for subject in _subjects.values():
        known |= {verb: words for verb, words in subject.verbs.items() if verb not in known}
    return sorted(known.items(), key=lambda pair: str(pair[1]))


def what(row: Any) -> Any:
    subject = _subjects.get(row["subject"])
    return (subject.verbs.get(row["verb"]) if subject else None) or WORDS.get(row["verb"], row["verb"])


def who(row: Any) -> Any:
    """The person as they were called then; the platform's own jobs and visitors by what they are."""
    return _("The platform") if row["actor_kind"] == "system" else row["actor_name"] or _("A visitor")


def label(row: Any) -> Any:
    subject = _subjects.get(row["subject"])
    return subject.label if subject else _("Other record")


def where(row: Any) -> Any:
    """The record by its kind and number; its own page decides who may open it."""
    subject, words = _subjects.get(row["subject"]), f"{label(row)} {row['subject_id']}"
    if subject is None or not subject.url_name:
        return words
    return format_html('<a class="title" href="{}">{}</a>', reverse(subject.url_name, args=[row["subject_id"]]), words)
