"""Everything that happened, as the auditor reads it: what each kind of record is called, where it opens, what verbs say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, Case, Exists, OuterRef, Value, When
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from administration.queries import hospitals_to_change, roles_to_see
from tenancy import access
from tenancy.models import TenantModel
from tenancy.permissions import LOG_VIEW
from ui.history import WORDS
from ui.listing import list_of

Rows = Callable[[Any], Any]


@dataclass(frozen=True)
class Subject:
    """A kind of record: its name, the address of its page ("" for none), the words of verbs of its own, and which of them a
    person may open. Without `rows` the page is that of the list of this name."""

    label: Any
    url_name: str
    verbs: Mapping[str, Any]
    rows: Rows | None = None

    def opens(self, user: Any) -> Exists | None:
        """May this person open the record of an event? None: all of those whose events they read."""
        crud = list_of(self.url_name)
        if self.rows is None and crud and _sees_all(user, crud.view, crud.queryset().model):
            return None
        rows = self.rows or crud.rows  # type: ignore[union-attr]
        return Exists(rows(user).filter(pk=OuterRef("subject_id")))


def _sees_all(user: Any, permission: str, model: Any) -> bool:
    """Does the person see every record of the hospitals whose events they read?"""
    wide = [r for r in access.reaches(user) if permission in r.permissions and r.is_whole]
    seen = frozenset[int]().union(*(r.hospitals for r in wide))
    return issubclass(model, TenantModel) and access.hospitals_with(user, LOG_VIEW) <= seen


_subjects: dict[str, Subject] = {}


def register(
    subject: str, label: Any, url_name: str = "", verbs: Mapping[str, Any] | None = None, rows: Rows | None = None
) -> None:
    """Rooms above name their records at start-up; `rows(user)` for a page that belongs to no list."""
    _subjects[subject] = Subject(label, url_name, verbs or {}, rows)


register("tenancy.place", gettext_lazy("Place"), "administration:place")
register("tenancy.unit", gettext_lazy("Unit"), "administration:unit")
register("tenancy.team", gettext_lazy("Team"), "administration:team")
register("tenancy.membership", gettext_lazy("Person"), "administration:person")
register("tenancy.engagement", gettext_lazy("Contractor"), "administration:engagement")
register("tenancy.hospital", gettext_lazy("Hospital"), "administration:hospital", rows=hospitals_to_change)
register("tenancy.role", gettext_lazy("Role"), "administration:role", rows=roles_to_see)
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
    """What happened: in the words of its kind of record, else in those everybody uses, else in another room's."""
    subject, verb = _subjects.get(row["subject"]), row["verb"]
    own = subject.verbs if subject else {}
    return (
        own.get(verb) or WORDS.get(verb) or next((s.verbs[verb] for s in _subjects.values() if verb in s.verbs), verb)
    )


def who(row: Any) -> Any:
    """The person as they were called then; the platform's own jobs and visitors by what they are."""
    return _("The platform") if row["actor_kind"] == "system" else row["actor_name"] or _("A visitor")


def label(row: Any) -> Any:
    subject = _subjects.get(row["subject"])
    return subject.label if subject else _("Other record")


def opens(user: Any) -> Case:
    """For each event: may this person open the record it happened to?"""
    asked = ((key, one.opens(user)) for key, one in _subjects.items() if one.url_name)
    whens = [When(subject=key, then=found) for key, found in asked if found is not None]
    return Case(*whens, default=Value(True), output_field=BooleanField())


def where(row: Any) -> Any:
    """The record by its kind and number; it leads there where the reader may open it."""
    subject, words = _subjects.get(row["subject"]), f"{label(row)} {row['subject_id']}"
    if subject is None or not subject.url_name or not row["opens"]:
        return words
    return format_html('<a class="title" href="{}">{}</a>', reverse(subject.url_name, args=[row["subject_id"]]), words)
