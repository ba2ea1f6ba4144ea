"""Who hears of what happens to a round, and in which words: given to somebody, a skip asked for and decided, missed."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from flow.models import Event
from hazards.queries import at_work
from inspections import missed
from inspections import permissions as perm
from inspections.models import Round
from inspections.states import SKIP_REASONS
from notices.rules import Rule
from workorders.states import HEAD, MANAGER

GIVEN = {"assign", "hand_over"}
SENTENCES = {
    "assign": _("The round is given to %(to)s"),
    "hand_over": _("%(to)s goes on with the round"),
    "unassign": _("The round is free for everybody of the team again"),
    "ask_skip": _("%(who)s asks to skip the round: %(why)s"),
    "approve": _("%(who)s has approved that the round is skipped"),
    "refuse": _("%(who)s says that the round is to be done: %(why)s"),
}


def audience(round: Round, event: Event) -> set[int]:
    """The people concerned who still work here; nobody hears of their own act."""
    if event.verb == "escalated":  # whom the levels had to tell stands in what happened
        return set(event.data["people"])
    return at_work(round.hospital_id, _concerned(round, event) - {event.actor_id})


def _concerned(round: Round, event: Event) -> set[int | None]:
    if event.verb in GIVEN:  # who has it now, and who had it until then
        before = event.data.get("before", {})
        return {round.assignee_id, before.get("assignee_id")}
    if event.verb == "ask_skip":  # who may decide: the head; where there is none, the manager
        people = missed.audience(HEAD, round) or missed.audience(MANAGER, round)
        return {person.pk for person in people}
    if event.verb in ("approve", "refuse"):  # who asked, and who would have had to do it
        return {event.data.get("asked_by"), round.skip_by_id, round.assignee_id}
    return set()


def facts(round: Round, event: Event) -> dict[str, Any]:
    """What the words need later."""
    data = event.data
    said = {key: data.get(key, "") for key in ("level", "days", "skip_reason")}
    return {**said, "who": event.actor_name, "to": data.get("assignee", ""), "why": (data.get("reason") or "")[:200]}


def sentence(verb: str, data: dict[str, Any]) -> str:
    """What happened, for the one who reads it now."""
    if verb == "escalated":
        return missed.sentence(data)
    if verb == "ask_skip":
        reason = SKIP_REASONS.get(data["skip_reason"])
        data = {**data, "why": " · ".join(filter(None, [str(reason.label) if reason else "", data["why"]]))}
    key = "unassign" if verb in GIVEN and not data["to"] else verb
    return str(SENTENCES[key]) % data


RULE = Rule(
    audience=audience,
    view=perm.ROUND_VIEW,
    url=lambda pk: reverse("inspections:round", args=[pk]),
    facts=facts,
    sentence=sentence,
    kinds={
        "assign": _("Inspection round given to me"),
        "hand_over": _("Inspection round handed over"),
        "ask_skip": _("Skip of a round asked for"),
        "approve": _("Skip of a round approved"),
        "refuse": _("Skip of a round refused"),
        "escalated": _("Missed inspection round"),
    },
    mails=frozenset({"escalated"}),
)
