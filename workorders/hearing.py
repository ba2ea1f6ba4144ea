"""Who hears of what happened to an order, and in which words."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.models import Event
from notices.rules import Rule
from tenancy.models import Membership
from workorders import escalation, queries, timeline
from workorders import permissions as perm
from workorders.models import WorkOrder
from workorders.states import CRITICAL, DISPATCHED, HEAD, WAITING_REASONS

TO_REPORTER = {
    "accept", "arrive", "wait", "finish", "void", "withdraw", "close_unsigned", "reminded", "commented", "transfer",
    "same", "apart", "joined_by", "progress", "part_added", "answer",
}  # fmt: skip
TO_WORKER = {
    "dispatch", "reassign", "reopen", "withdraw", "void", "commented", "send_back", "transfer", "sign", "same", "joined_by",
}  # fmt: skip
TO_HEAD = ("reported", "object")  # of a complaint
CLOCK = ("alarmed", "escalated", "unwatched")
SENTENCES = {
    "reported": _("%(who)s reports"),
    "accept": _("%(who)s has accepted your report"),
    "arrive": _("%(who)s has arrived"),
    "wait": _("On hold: %(why)s"),
    "finish": _("%(who)s has finished; please sign off"),
    "void": _("%(who)s has voided it: %(why)s"),
    "withdraw": _("%(who)s has withdrawn it: %(why)s"),
    "close_unsigned": _("Closed, because nobody signed"),
    "reminded": _("Still waits for your signature"),
    "commented": _("%(who)s remarks: %(why)s"),
    "transfer": _("%(who)s has given it to another department"),
    "dispatch": _("New work for you, from %(who)s"),
    "reassign": _("%(who)s has reassigned it"),
    "reopen": _("%(who)s has sent it back for rework: %(why)s"),
    "send_back": _("%(who)s has sent it back: %(why)s"),
    "sign": _("%(who)s has signed"),
    "same": _("Was reported twice; it goes on as %(number)s"),
    "apart": _("Goes on by itself again"),
    "joined_by": _("Somebody else has reported it too"),
    "part_added": _("Another department was asked to help: %(why)s"),
    "answer": _("%(who)s answers: %(why)s"),
    "object": _("Not satisfied with the answer: %(why)s"),
    "unwatched": _("Its time limits cannot be watched: something in it cannot be read"),
}
# Said of the order that a report was put together with: nothing to sign there.
PROGRESS = {"finish": _("%(who)s has finished")}


def audience(order: WorkOrder, event: Event) -> set[int]:
    """The people concerned who still work at the hospital. Nobody hears of their own act."""
    if event.verb in CLOCK:  # whom the clock had to tell stands in what happened
        return set(event.data["people"])
    wanted: set[int | None] = set()
    if event.verb == "reported" and order.urgency == CRITICAL:  # at night and on holidays somebody has to be woken
        wanted |= {person.pk for person in escalation.on_duty(order, event.at)}
    if event.verb in TO_HEAD and order.service.internal:
        wanted |= {person.pk for person in escalation.audience(HEAD, order, event.at)}
    if event.verb in TO_REPORTER:
        wanted |= {order.reporter_id}
        if event.verb != "commented":  # who has the same trouble hears how far it is, not what others write about it
            wanted |= _joined(order)
    if event.verb in TO_WORKER:
        before = event.data.get("before", {}).get("assignee_id")
        wanted |= {order.assignee_id, before}
        if order.assignee_id is None and order.team_id and order.state == DISPATCHED:
            wanted |= set(queries.members([order.team_id]).values_list("user_id", flat=True))
    wanted -= {None, event.actor_id}
    if not wanted:
        return set()
    today = timezone.localdate()
    here = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), hospital_id=order.hospital_id)
    return set(here.filter(user__in=wanted, user__is_active=True).values_list("user_id", flat=True))


def _joined(order: WorkOrder) -> set[int | None]:
    """Whoever has the same trouble; not the desk that wrote down a caller's."""
    events = Event.objects.filter(subject=WorkOrder._meta.label_lower, subject_id=order.pk, verb="joined")
    return {event.actor_id for event in events if not event.data.get("caller")}


def url(pk: int) -> str:
    return reverse("workorders:order", args=[pk])


def facts(order: WorkOrder, event: Event) -> dict[str, Any]:
    """What the words need later: who, and the reason or remark."""
    why = event.data.get("reason") or event.data.get("text") or ""
    beside = {key: event.data[key] for key in ("number", "passed", "clock", "step") if key in event.data}
    return {"who": event.actor_name, "why": why[:200], "waiting": event.data.get("waiting_reason", ""), **beside}


def sentence(verb: str, data: dict[str, Any]) -> str:
    """What happened, for the one who reads it now."""
    if "clock" in data:
        return timeline.of_clock(data)
    if waiting := WAITING_REASONS.get(data.get("waiting", "")):
        data = {**data, "why": " ".join(filter(None, [str(waiting.label), data.get("why")]))}
    step = data.get("passed", verb)
    words = (PROGRESS.get(step) if step != verb else None) or SENTENCES.get(step) or timeline.VERBS.get(step) or step
    return str(words) % data


def pressing(order: WorkOrder, event: Event) -> bool:
    """Emergencies wake people."""
    return order.urgency == CRITICAL


RULE = Rule(
    audience=audience,
    view=perm.ORDER_VIEW,
    url=url,
    facts=facts,
    sentence=sentence,
    kinds={verb: timeline.VERBS.get(verb, verb) for verb in (*SENTENCES, "alarmed", "escalated")},
    mails=frozenset({"dispatch", "reopen", "finish", "reminded", "escalated"}),  # what asks something of the person
    pressing=pressing,
)
