"""Who hears of published figures, appeals, exclusions and actions, and in which words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from assessment import queries, timeline
from assessment.models import Exclusion
from assessment.states import MANAGER, OFFICE
from flow.models import Event
from notices.rules import Rule
from ui import formats

SENTENCES = {
    "published": _("The figures of %(month)s are published: please accept or appeal until %(day)s"),
    "lapse": _("Nobody answered: the figures of %(month)s count as accepted"),
    "changed_late": _("Records behind a frozen figure have changed: %(count)s"),
    "filed": _("%(who)s appeals: %(text)s"),
    "uphold": _("The appeal is upheld, the figure restated: %(text)s"),
    "reject": _("The appeal is rejected: %(text)s"),
    "asked": _("%(who)s asks that a record does not count"),
    "approve": _("The record does not count"),
    "refuse": _("The record counts: %(text)s"),
    "wanted": _("The published figure asks for an answer by %(day)s"),
    "planned": _("An improvement action for you until %(day)s: %(text)s"),
    "plan": _("A corrective action for you until %(day)s: %(text)s"),
    "reopen": _("Not effective yet: %(why)s"),
    "postpone": _("To be done by %(day)s: %(why)s"),
    "waits": _("A record is asked to be left out, not decided yet: by %(day)s"),
}
People = Callable[[Any, Event], set[int | None]]


def _role(role: str, row: Any) -> set[int | None]:
    return {person.pk for person in queries.of_role(role, row.hospital)}


def _managers(row: Any, event: Event) -> set[int | None]:
    return _role(MANAGER, row)


def _of_appeal(appeal: Any, event: Event) -> set[int | None]:
    return (
        _role(OFFICE, appeal) if event.verb in ("filed", "withdraw") else {appeal.filed_by_id} | _role(MANAGER, appeal)
    )


def _of_exclusion(row: Any, event: Event) -> set[int | None]:
    return _role(OFFICE, row) if event.verb == "asked" else {row.asked_by_id}


def _of_action(action: Any, event: Event) -> set[int | None]:
    return _role(MANAGER, action) if event.verb in ("wanted", "finish") else {action.owner_id}


def facts(row: Any, event: Event) -> dict[str, Any]:
    """What the words need later."""
    data = event.data
    waits = event.verb == "escalated" and isinstance(row, Exclusion)
    said = {"who": event.actor_name, "text": data.get("text", "")[:200], "why": str(data.get("reason", ""))[:200]}
    month = data.get("month") or f"{row.month:%Y-%m}"
    return {
        **said,
        "month": month,
        "due_on": row.decide_by.isoformat() if waits else data.get("due_on"),
        "days": data.get("days", 0),
        "count": data.get("count", 0),
    }


def sentence(verb: str, data: dict[str, Any]) -> str:
    """What happened, for the one who reads it now."""
    if verb == "escalated" and data.get("due_on"):
        verb = "waits"
    late = ngettext("Overdue for %(days)s day", "Overdue for %(days)s days", data["days"])
    words: Any = late if verb == "escalated" else SENTENCES.get(verb) or timeline.VERBS.get(verb) or verb
    day = formats.day(date.fromisoformat(data["due_on"])) if data.get("due_on") else ""
    month = formats.month(date.fromisoformat(f"{data['month']}-01"))
    return str(words) % {**data, "day": day, "month": month}


def rule(page: str, people: People, verbs: tuple[str, ...], mails: tuple[str, ...]) -> Rule:
    """The rule of one kind of record. Nobody hears of their own act."""

    def audience(row: Any, event: Event) -> set[int]:
        if event.verb == "escalated":  # whom the levels had to tell stands in what happened
            return set(event.data["people"])
        return {person for person in people(row, event) - {event.actor_id} if person} if event.verb in verbs else set()

    def url(pk: int) -> str:
        return reverse(page, args=[pk])

    kinds = {verb: timeline.VERBS.get(verb, verb) for verb in verbs}
    return Rule(audience, url, facts, sentence, kinds, frozenset(mails))


RULES = {
    "assessment.reply": rule("assessment:reply", _managers, ("published", "lapse"), ("published", "lapse")),
    "assessment.frozenfigure": rule("assessment:figure", _managers, ("changed_late",), ()),
    "assessment.appeal": rule(
        "assessment:appeal",
        _of_appeal,
        ("filed", "uphold", "reject", "withdraw", "escalated"),
        ("filed", "uphold", "reject", "escalated"),
    ),
    "assessment.exclusion": rule(
        "assessment:exclusion", _of_exclusion, ("asked", "approve", "refuse", "escalated"), ("asked", "escalated")
    ),
    "assessment.action": rule(
        "assessment:action",
        _of_action,
        ("wanted", "planned", "plan", "postpone", "reopen", "finish", "escalated"),
        ("wanted", "planned", "plan", "escalated"),
    ),
}
