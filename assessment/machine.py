"""Answers to published figures, appeals, exclusions and actions: who may take which step."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assessment import permissions as perm
from assessment import publishing, queries, restating
from assessment.models import Action, Appeal, Exclusion, MonthClose, Reply
from assessment.states import (
    ACCEPTED,
    ACTIONS,
    ANSWERS,
    APPEALS,
    APPROVED,
    ASKED,
    COMMENT,
    CORRECTIVE,
    DONE,
    DROPPED,
    EXCLUSIONS,
    FILED,
    FROZEN,
    NEW,
    OPEN,
    REFUSED,
    REJECTED,
    SEEN,
    TACIT,
    UPHELD,
    WANTED,
    WITHDRAWN,
    WRONG_TARGET,
)
from flow.facts import ahead, said
from flow.machine import Machine, Transition, sources
from tenancy.access import can
from tenancy.actors import System

Facts = dict[str, Any]


# Answers


def _see(reply: Reply, actor: Any, at: datetime) -> Facts:
    reply.seen_at, reply.seen_by_id = at, actor.pk
    return {}


def _accept(reply: Reply, actor: Any, at: datetime) -> Facts:
    reply.answered_at, reply.answered_by_id = at, actor.pk
    reply.seen_at, reply.seen_by_id = reply.seen_at or at, reply.seen_by_id or actor.pk
    return {}


def _lapse(reply: Reply, actor: Any, at: datetime) -> Facts:
    reply.answered_at = at
    return {"due_on": reply.due_on.isoformat()}


def _in_time(reply: Reply, actor: Any) -> bool:
    return reply.due_on >= timezone.localdate()


def _silent(reply: Reply, actor: Any) -> bool:
    return isinstance(actor, System) and reply.due_on < timezone.localdate()


FORMS = "assessment.forms"
REPLIES = Machine(
    states=ANSWERS,
    select=("hospital",),
    transitions=(
        Transition(
            "accept", sources(NEW, SEEN), ACCEPTED, perm.FIGURE_ANSWER, _("Accept all"), "check", "green",
            prepare=_accept, applies=_in_time, main=True,
        ),
        Transition(
            "see", sources(NEW), SEEN, perm.FIGURE_ANSWER, pgettext_lazy("of published figures", "Seen"), "eye",
            prepare=_see, applies=_in_time,
        ),
        Transition(
            "lapse", sources(NEW, SEEN), TACIT, perm.FIGURE_ANSWER, _("Accepted by silence"), "clock",
            prepare=_lapse, applies=_silent,
        ),
    ),
)  # fmt: skip


# Appeals


def independent(row: Any, actor: Any) -> bool:
    """The level above decides: never who asked, never somebody of the hospital."""
    asked = row.filed_by_id if isinstance(row, Appeal) else row.asked_by_id
    return asked != actor.pk and not queries.belongs_to(actor, row.hospital_id)


def _decide(appeal: Appeal, actor: Any, at: datetime, decision: str) -> None:
    appeal.decision = said("decision", decision, 1000)
    appeal.decided_at, appeal.decided_by_id = at, actor.pk


def _uphold(
    appeal: Appeal,
    actor: Any,
    at: datetime,
    *,
    decision: str,
    way: str = FROZEN,
    leave_out: Iterable[int] = (),
    target: Decimal | None = None,
) -> Facts:
    """Restate the figure: `leave_out` are positions in the appeal's list of records."""
    _decide(appeal, actor, at, decision)
    chosen = [appeal.records[n] for n in sorted(set(leave_out)) if 0 <= n < len(appeal.records)]
    if way == FROZEN and not chosen and target is None:
        raise ValidationError({"way": _("This would change nothing: choose records, a target, or count anew.")})
    if appeal.reason == WRONG_TARGET and target is None:
        raise ValidationError({"target": _("Please say which target holds.")})
    for subject, pk, name in chosen:
        Exclusion.objects.update_or_create(
            hospital_id=appeal.hospital_id, key=appeal.key, month=appeal.month, subject=subject, subject_id=pk,
            state__in=(ASKED, APPROVED),
            defaults={
                "state": APPROVED, "label": appeal.label, "name": name, "reason": appeal.reason, "appeal": appeal,
                "asked_by_id": appeal.filed_by_id, "asked_name": appeal.filed_name, "decided_at": at,
                "decided_by_id": actor.pk, "decided_name": actor.name, "decision": appeal.decision[:500],
                "decide_by": appeal.decide_by,
            },
        )  # fmt: skip
    made = restating.restate(actor, appeal, way=way, target=target, reason=appeal.decision)
    appeal.restated = made
    publishing.put_out(actor, appeal.hospital.consortium_id, [made])
    values = [None if v is None else f"{v:f}" for v in (appeal.figure.value, made.value)]
    return {"text": appeal.decision, "left_out": len(chosen), "way": way, "from": values[0], "to": values[1]}


def _reject(appeal: Appeal, actor: Any, at: datetime, *, decision: str) -> Facts:
    _decide(appeal, actor, at, decision)
    return {"text": appeal.decision}


def _mine(appeal: Appeal, actor: Any) -> bool:
    return bool(queries.belongs_to(actor, appeal.hospital_id))


APPEAL = Machine(
    states=APPEALS,
    select=("hospital", "figure", "figure__hospital"),
    transitions=(
        Transition(
            "uphold", sources(FILED), UPHELD, perm.APPEAL_DECIDE, _("Uphold and restate"), "check", "green",
            prepare=_uphold, form=f"{FORMS}.UpholdForm", applies=independent, main=True,
        ),
        Transition(
            "reject", sources(FILED), REJECTED, perm.APPEAL_DECIDE, _("Reject"), "x", "red",
            prepare=_reject, form=f"{FORMS}.RejectForm", applies=independent,
        ),
        Transition(
            "withdraw", sources(FILED), WITHDRAWN, perm.FIGURE_ANSWER, _("Withdraw"), "ban",
            applies=_mine,
        ),
    ),
)  # fmt: skip


# Exclusions asked for before the month is closed


def _rule(exclusion: Exclusion, actor: Any, at: datetime, *, decision: str = "") -> Facts:
    exclusion.decision = said("decision", decision, required=False)
    exclusion.decided_at, exclusion.decided_by_id, exclusion.decided_name = at, actor.pk, actor.name
    return {"text": exclusion.decision}


def _refuse(exclusion: Exclusion, actor: Any, at: datetime, *, decision: str) -> Facts:
    return _rule(exclusion, actor, at, decision=said("decision", decision))


def _before_closing(exclusion: Exclusion, actor: Any) -> bool:
    """A month that is closed is altered by an appeal only."""
    closed = MonthClose.objects.filter(hospital=exclusion.hospital_id, month=exclusion.month).exists()
    return independent(exclusion, actor) and not closed


EXCLUSION = Machine(
    states=EXCLUSIONS,
    select=("hospital",),
    transitions=(
        Transition(
            "approve", sources(ASKED), APPROVED, perm.APPEAL_DECIDE, _("Leave it out"), "check", "green",
            prepare=_rule, form=f"{FORMS}.ApproveForm", applies=_before_closing, main=True,
        ),
        Transition(
            "refuse", sources(ASKED), REFUSED, perm.APPEAL_DECIDE, _("It counts"), "x", "red",
            prepare=_refuse, form=f"{FORMS}.RejectForm", applies=independent,
        ),
    ),
)  # fmt: skip


# Actions


def give_to(action: Action, owner: Any) -> Facts:
    """Make a person of the hospital the owner, for the department in which they hold the role that lets them do it."""
    if owner is None:
        raise ValidationError({"owner": _("Please choose who does it.")})
    found = next((place for place in queries.owners(action.hospital) if place[0].pk == owner.pk), None)
    if found is None:
        raise ValidationError({"owner": _("This person may not carry out improvement actions here.")})
    action.owner, action.department = found
    return {"to": owner.name}


def _plan(
    action: Action, actor: Any, at: datetime, *, what: str, owner: Any, due_on: date, expected: Decimal | None = None
) -> Facts:
    action.what = said("what", what)
    action.due_on, action.expected, action.level = ahead("due_on", due_on), expected, 0
    return {**give_to(action, owner), "due_on": action.due_on.isoformat(), "text": action.what}


def _comment(action: Action, actor: Any, at: datetime, *, note: str) -> Facts:
    return _done(action, actor, at, note=said("note", note))


def _done(action: Action, actor: Any, at: datetime, *, note: str = "") -> Facts:
    action.note = said("note", note, required=False)
    action.done_at, action.done_by_id = at, actor.pk
    return {"text": action.note}


def _postpone(action: Action, actor: Any, at: datetime, *, due_on: date, reason: str) -> Facts:
    was, action.due_on, action.level = action.due_on, ahead("due_on", due_on), 0
    return {"reason": said("reason", reason), "from": was.isoformat(), "due_on": due_on.isoformat()}


def _drop(action: Action, actor: Any, at: datetime, *, reason: str) -> Facts:
    return {"reason": said("reason", reason)}


def _again(action: Action, actor: Any, at: datetime, *, reason: str, due_on: date) -> Facts:
    action.done_at = action.done_by = None
    action.due_on, action.level = ahead("due_on", due_on), 0
    return {"reason": said("reason", reason), "due_on": due_on.isoformat()}


def _is_comment(action: Action, actor: Any) -> bool:
    return action.kind == COMMENT


def _is_corrective(action: Action, actor: Any) -> bool:
    return action.kind == CORRECTIVE


def _owns(action: Action, actor: Any) -> bool:
    return action.owner_id == actor.pk or can(actor, perm.ACTION_CHANGE, action)


def _may_drop(action: Action, actor: Any) -> bool:
    """What a red figure asks for is dropped by the level above only."""
    return action.kind != CORRECTIVE or not queries.belongs_to(actor, action.hospital_id)


def _was_planned(action: Action, actor: Any) -> bool:
    return action.kind != COMMENT


ACTION = Machine(
    states=ACTIONS,
    select=("hospital", "figure", "owner"),
    transitions=(
        Transition(
            "comment", sources(WANTED), DONE, perm.ACTION_CHANGE, _("Comment"), "message",
            prepare=_comment, form=f"{FORMS}.CommentForm", applies=_is_comment, main=True,
        ),
        Transition(
            "plan", sources(WANTED), OPEN, perm.ACTION_CHANGE, _("Plan it"), "calendar-event",
            prepare=_plan, form=f"{FORMS}.PlanForm", applies=_is_corrective, main=True,
        ),
        Transition(
            "finish", sources(OPEN), DONE, perm.ACTION_DO, _("Done"), "check", "green",
            prepare=_done, form=f"{FORMS}.DoneForm", applies=_owns, main=True,
        ),
        Transition(
            "postpone", sources(OPEN), OPEN, perm.ACTION_CHANGE, _("Another day"), "calendar-due", "amber",
            prepare=_postpone, form=f"{FORMS}.PostponeForm",
        ),
        Transition(
            "reopen", sources(DONE), OPEN, perm.ACTION_CHANGE, _("Not effective, go on"), "refresh", "amber",
            prepare=_again, form=f"{FORMS}.PostponeForm", applies=_was_planned,
        ),
        Transition(
            "drop", sources(WANTED, OPEN), DROPPED, perm.ACTION_CHANGE, _("Drop"), "ban", "red",
            prepare=_drop, form=f"{FORMS}.DropForm", applies=_may_drop,
        ),
    ),
)  # fmt: skip
