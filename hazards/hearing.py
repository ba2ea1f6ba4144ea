"""Who hears of what happened to a hazard, and in which words."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from flow.models import Event
from hazards import permissions as perm
from hazards import queries, timeline
from hazards.models import Hazard
from hazards.states import HEAD, MAJOR
from notices.rules import Rule
from tenancy.access import can
from ui import formats

TO_RESPONSIBLE = {"assign", "reassign", "postpone", "regrade", "refuse", "reopen", "verify", "void", "order_done"}
TO_FINDER = {"assign", "verify", "void"}
SENTENCES = {
    "reported": _("%(who)s reports a hazard"),
    "assign": _("To be rectified by %(to)s until %(day)s"),
    "reassign": _("To be rectified by %(to)s until %(day)s"),
    "rectify": _("%(who)s has rectified it; please verify"),
    "verify": _("%(who)s has verified that it is gone"),
    "refuse": _("%(who)s has found it not gone: %(why)s"),
    "reopen": _("%(who)s has found it again: %(why)s"),
    "postpone": _("To be rectified by %(day)s: %(why)s"),
    "regrade": _("Graded anew, to be rectified by %(day)s: %(why)s"),
    "void": _("%(who)s says that it is no hazard: %(why)s"),
    "order_done": _("Its work order is finished; please enter the rectification"),
}


def audience(hazard: Hazard, event: Event) -> set[int]:
    """The people concerned who still work here. Nobody hears of their own act."""
    if event.verb == "escalated":  # whom the levels had to tell stands in what happened
        return set(event.data["people"])
    wanted: set[int | None] = set()
    if event.verb in TO_RESPONSIBLE:
        wanted |= {hazard.responsible_id}
    if event.verb in TO_FINDER and _finder_sees(hazard):
        wanted |= {hazard.found_by_id}
    people = _steering(hazard, event)
    return queries.at_work(hazard.hospital_id, wanted - {event.actor_id}) | people - {event.actor_id}


def _finder_sees(hazard: Hazard) -> bool:
    """A notice leads to the page: who may not open it is not told."""
    return hazard.found_by is not None and can(hazard.found_by, perm.HAZARD_VIEW, hazard)


def _steering(hazard: Hazard, event: Event) -> set[int]:
    """Major ones reach head and manager at once, the others the head; so does what is to be verified."""
    if hazard.grade == MAJOR and event.verb in ("reported", "regrade"):
        return {person.pk for person in queries.steering(hazard)}
    unclaimed = event.verb == "order_done" and hazard.responsible_id is None
    if event.verb in ("reported", "rectify") or unclaimed:
        return {person.pk for person in queries.of_role(HEAD, hazard)}
    return set()


def url(pk: int) -> str:
    return reverse("hazards:hazard", args=[pk])


def facts(hazard: Hazard, event: Event) -> dict[str, Any]:
    """What the words need later."""
    data = event.data
    said = {
        "who": event.actor_name,
        "to": data.get("to", ""),
        "why": (data.get("reason") or data.get("text") or "")[:200],
    }
    return {**said, "due_on": hazard.due_on.isoformat(), "days": data.get("days", 0)}


def sentence(verb: str, data: dict[str, Any]) -> str:
    """What happened, for the one who reads it now."""
    words = _late(data) if verb == "escalated" else SENTENCES.get(verb) or timeline.VERBS.get(verb, verb)
    return str(words) % {**data, "day": formats.day(date.fromisoformat(data["due_on"]))}


def _late(data: dict[str, Any]) -> str:
    return ngettext("A hazard is overdue for %(days)s day", "A hazard is overdue for %(days)s days", data["days"])


def pressing(hazard: Hazard, event: Event) -> bool:
    """A major hazard wakes people."""
    return hazard.grade == MAJOR and event.verb == "reported"


RULE = Rule(
    audience=audience,
    view=perm.HAZARD_VIEW,
    url=url,
    facts=facts,
    sentence=sentence,
    kinds={verb: timeline.VERBS.get(verb, verb) for verb in (*SENTENCES, "escalated")},
    mails=frozenset({"assign", "reassign", "refuse", "reopen", "rectify", "escalated", "reported"}),
    pressing=pressing,
)
