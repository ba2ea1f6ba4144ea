"""The machine of WO-3: reported → dispatched → accepted → arrived → done → signed → closed, with its side ways."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.machine import Machine, Transition, sources
from tenancy.access import can
from tenancy.models import Membership, Team
from workorders import links
from workorders import permissions as perm
from workorders.labour import reckon
from workorders.limits import begin_waiting, end_waiting, promise_anew
from workorders.models import Service, WorkOrder
from workorders.queries import engaged
from workorders.states import (
    ACCEPTED,
    ARRIVED,
    CANCELLED,
    CLOSED,
    DISPATCHED,
    DONE,
    IN_HAND,
    REPORTED,
    SIGNED,
    STATES,
    WAITING,
    WAITING_REASONS,
)

Facts = dict[str, Any]


def require_reason(reason: str) -> str:
    """A reason people can read. Raises ValidationError when it is empty or over 500 characters."""
    reason = (reason or "").strip()
    if not reason:
        raise ValidationError({"reason": _("Please say why.")})
    if len(reason) > 500:
        raise ValidationError({"reason": _("At most 500 characters, please.")})
    return reason


def _is_mine(order: WorkOrder, actor: Any) -> bool:
    return order.assignee_id is not None and order.assignee_id == actor.pk


def _is_mine_or_free(order: WorkOrder, actor: Any) -> bool:
    return order.assignee_id is None or _is_mine(order, actor)


def works_in(team: Team, user: Any) -> bool:
    """Is this person in the team today?"""
    today = timezone.localdate()
    return Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), team=team, user=user).exists()


def does(team: Team, order: WorkOrder) -> bool:
    """Does this team do this work today? A firm's team only while the firm is engaged for it."""
    if team.hospital_id != order.hospital_id or team.department != order.department or team.closed_on:
        return False
    return team.contractor_id is None or engaged(order).filter(contractor=team.contractor_id).exists()


def _hand_to(order: WorkOrder, team: Team | None, assignee: Any) -> Facts:
    if team is None:
        raise ValidationError({"team": _("Please choose a team.")})
    if not does(team, order):
        raise ValidationError({"team": _("This team does not do this work.")})
    if assignee is not None and not works_in(team, assignee):
        raise ValidationError({"assignee": _("This person is not in the team.")})
    order.team, order.assignee, order.contractor_id = team, assignee, team.contractor_id
    return {"team": team.name, "assignee": assignee.name if assignee else ""}


def _dispatch(order: WorkOrder, actor: Any, at: datetime, *, team: Team, assignee: Any = None) -> Facts:
    return _hand_to(order, team, assignee)


def _reassign(
    order: WorkOrder, actor: Any, at: datetime, *, team: Team, assignee: Any = None, reason: str = ""
) -> Facts:
    if order.state == WAITING:
        end_waiting(order, at)
    return {**_hand_to(order, team, assignee), "reason": reason.strip()[:500]}


def _transfer(order: WorkOrder, actor: Any, at: datetime, *, service: Service, reason: str) -> Facts:
    offered = service.active and service.department in order.hospital.modules
    if service.hospital_id != order.hospital_id or not offered:
        raise ValidationError({"service": _("This service is not offered.")})
    if order.state == WAITING:
        end_waiting(order, at)
    was = order.service
    order.service, order.department = service, service.department
    order.team = order.assignee = order.contractor = order.problem = None
    promise_anew(order, at)
    return {"reason": require_reason(reason), "from": str(was), "to": str(service)}


def _accept(order: WorkOrder, actor: Any, at: datetime) -> None:
    order.assignee_id = actor.pk
    order.responded_at = order.responded_at or at


def _send_back(order: WorkOrder, actor: Any, at: datetime, *, reason: str) -> Facts:
    order.assignee = None
    return {"reason": require_reason(reason)}


def _arrive(order: WorkOrder, actor: Any, at: datetime) -> None:
    order.arrived_at = order.arrived_at or at


def _wait(order: WorkOrder, actor: Any, at: datetime, *, waiting_reason: str, reason: str = "") -> Facts:
    if waiting_reason not in WAITING_REASONS:
        raise ValidationError({"waiting_reason": _("Please say what the work waits for.")})
    begin_waiting(order, waiting_reason, at)
    return {"waiting_reason": waiting_reason, "reason": reason.strip()[:500]}


def _resume(order: WorkOrder, actor: Any, at: datetime) -> None:
    """At work: who waited before going there has arrived by now."""
    end_waiting(order, at)
    order.arrived_at = order.arrived_at or at


def _finish(
    order: WorkOrder,
    actor: Any,
    at: datetime,
    *,
    musts: list[str] | tuple[str, ...] = (),
    cause: str = "",
    remedy: str = "",
    minutes: int | None = None,
) -> Facts:
    missing = [must for must in order.service.musts if must not in musts]
    if missing:
        raise ValidationError({"musts": _("Please tick each of the musts: %s") % "; ".join(missing)})
    if minutes is not None and not 0 <= minutes <= 60 * 24 * 31:
        raise ValidationError({"minutes": _("Minutes between 0 and 44,640, please.")})
    order.finished_at, order.musts_ticked, order.next_alarm_at = at, list(musts), None
    order.cause, order.remedy = cause.strip()[:200], remedy.strip()[:200]
    order.minutes = order.minutes if minutes is None else minutes
    reckon(order, at)
    return {"remedy": order.remedy}


def _rate(order: WorkOrder, attitude: int | None, skill: int | None, speed: int | None, comment: str) -> Facts:
    for field, stars in (("attitude", attitude), ("skill", skill), ("speed", speed)):
        if stars is not None and not 1 <= stars <= 5:
            raise ValidationError({field: _("One to five stars, please.")})
    if len(comment) > 500:
        raise ValidationError({"comment": _("At most 500 characters, please.")})
    order.attitude, order.skill, order.speed, order.rating_comment = attitude, skill, speed, comment.strip()
    return {"attitude": attitude, "skill": skill, "speed": speed, "comment": order.rating_comment}


def _sign(
    order: WorkOrder,
    actor: Any,
    at: datetime,
    *,
    attitude: int | None = None,
    skill: int | None = None,
    speed: int | None = None,
    comment: str = "",
    name: str = "",
    reason: str = "",
) -> Facts:
    """The ward signs; on a shared account with the colleague's name, for a patient with the reason."""
    if getattr(actor, "is_shared", False) and not name.strip():
        raise ValidationError({"name": _("Please choose who signs.")})
    order.signed_at, order.signed_by_id = at, actor.pk
    order.signed_name = (name.strip() or actor.name)[:60]
    order.signed_way = "visitor" if actor.pk is None else "proxy" if reason.strip() else "own"
    rated = _rate(order, attitude, skill, speed, comment)
    return {**rated, "name": order.signed_name, "reason": reason.strip()[:500]}


def _sign_on_screen(order: WorkOrder, actor: Any, at: datetime, *, name: str, signature: int | None = None) -> Facts:
    """The ward's person signs on the technician's phone: name and drawn signature, no rating (it would not be free)."""
    if not name.strip():
        raise ValidationError({"name": _("Please enter who signs.")})
    if signature is None:
        raise ValidationError({"signature": _("Please sign in the box.")})
    order.signed_at, order.signed_name, order.signed_way = at, name.strip()[:60], "screen"
    return {"name": order.signed_name, "signature": signature}


def _to_hand_back(order: WorkOrder) -> Team:
    """Who does rework: the team that did it, else the one it went into, else the usual one of the service."""
    team = order.team
    while team is not None and team.merged_into is not None:
        team = team.merged_into
    for found in (team, order.service.team):
        if found is not None and does(found, order):
            return found
    raise ValidationError({"reason": _("No team does this work any more. Please report it anew.")})


def _works_here(order: WorkOrder) -> bool:
    at_work = Q(ends_on=None) | Q(ends_on__gte=timezone.localdate())
    return Membership.objects.filter(at_work, hospital=order.hospital_id, user=order.assignee_id).exists()


def _reopen(order: WorkOrder, actor: Any, at: datetime, *, reason: str) -> Facts:
    """Back to who did it; a technician who has left is not waited for, the team sees it again."""
    facts = {"reason": require_reason(reason), "signed": order.signed_name, "closed": order.state == CLOSED}
    order.team = _to_hand_back(order)
    order.contractor_id = order.team.contractor_id
    if not _works_here(order):
        order.assignee = None
    _open_again(order, at)
    order.rating_comment = ""
    order.attitude = order.skill = order.speed = None
    order.musts_ticked = []
    return facts


def _open_again(order: WorkOrder, at: datetime) -> None:
    """Sent back once more: neither finished nor signed, and its clocks are watched again."""
    order.returned += 1
    order.finished_at = order.signed_at = order.closed_at = order.signed_by = None
    order.signed_name = order.signed_way = ""
    order.reminded_at, order.next_alarm_at = None, at


def _close(order: WorkOrder, actor: Any, at: datetime) -> None:
    order.closed_at = at


def _cancel(order: WorkOrder, actor: Any, at: datetime, *, reason: str) -> Facts:
    if order.state == WAITING:
        end_waiting(order, at)
    order.closed_at, order.next_alarm_at = at, None
    return {"reason": require_reason(reason)}


def _same(order: WorkOrder, actor: Any, at: datetime, *, into: WorkOrder) -> Facts:
    """The same fault reported twice: this report ends, and whoever made it hears of the other one from now on."""
    target = links.lock_beside(order, into)
    if not can(actor, perm.ORDER_DISPATCH, target):
        raise ValidationError({"into": _("You may not dispatch this order.")})
    if order.state == WAITING:
        end_waiting(order, at)
    links.tie(order, target, actor, at)
    order.closed_at, order.next_alarm_at = at, None
    return {"number": target.number}


def _apart(order: WorkOrder, actor: Any, at: datetime) -> Facts:
    """It was something else after all: the report stands by itself again, at the desk."""
    target = links.untie(order)
    order.closed_at, order.responded_at, order.next_alarm_at = None, None, at
    order.team = order.assignee = order.contractor = None
    return {"number": target.number}


def _answer(order: WorkOrder, actor: Any, at: datetime, *, text: str) -> Facts:
    """The head answers a complaint; whoever complained hears it and may say that it does not satisfy."""
    text = require_reason(text)
    order.remedy, order.finished_at, order.next_alarm_at = text[:200], at, None
    order.responded_at = order.responded_at or at
    return {"text": text}


def _object(order: WorkOrder, actor: Any, at: datetime, *, reason: str) -> Facts:
    """The answer does not satisfy: the complaint is open again."""
    facts = {"reason": require_reason(reason)}
    _open_again(order, at)
    return facts


def _is_work(order: WorkOrder, actor: Any) -> bool:
    return not order.service.internal


def _is_complaint(order: WorkOrder, actor: Any) -> bool:
    return order.service.internal


def _is_duplicate(order: WorkOrder, actor: Any) -> bool:
    return order.duplicate_of_id is not None


def _waited_for_by_one(order: WorkOrder, actor: Any) -> bool:
    """Others who reported the same still wait for it: then only the desk ends it."""
    return not order.merged


def _may_close_unsigned(order: WorkOrder, actor: Any) -> bool:
    return not order.service.is_safety


FORMS = "workorders.forms"
ORDERS = Machine(
    states=STATES,
    select=("service", "team", "place", "unit"),
    snapshot=(
        *("team_id", "assignee_id", "contractor_id", "service_id", "department", "waiting_reason", "waiting_since"),
        *("waited_seconds", "due_at", "responded_at", "arrived_at", "finished_at", "signed_at", "closed_at", "returned"),
        *("cause", "remedy", "minutes", "signed_by_id", "signed_name", "signed_way", "attitude", "skill", "speed"),
        *("rating_comment", "duplicate_of_id", "respond_by", "clock_runs_on", "pauses", "promise", "next_alarm_at"),
        *("cost", "labour", "labour_cost"),
    ),
    transitions=(
        Transition(
            "dispatch", sources(REPORTED), DISPATCHED, perm.ORDER_DISPATCH, _("Dispatch"), "send",
            prepare=_dispatch, form=f"{FORMS}.DispatchForm", applies=_is_work, hands_over=True, undoable=True, main=True,
        ),
        Transition(
            "answer", sources(REPORTED), DONE, perm.ORDER_ANSWER, _("Answer"), "message",
            prepare=_answer, form=f"{FORMS}.AnswerForm", applies=_is_complaint, undoable=True, main=True,
        ),
        Transition(
            "object", sources(DONE, SIGNED, CLOSED), REPORTED, perm.ORDER_SIGN, _("Not satisfied"), "thumb-down", "amber",
            prepare=_object, form=f"{FORMS}.ReasonForm", applies=_is_complaint,
        ),
        Transition(
            "accept", sources(DISPATCHED), ACCEPTED, perm.ORDER_WORK, _("Accept"), "thumb-up",
            prepare=_accept, applies=_is_mine_or_free, undoable=True, main=True,
        ),
        Transition(
            "arrive", sources(ACCEPTED), ARRIVED, perm.ORDER_WORK, _("Arrived"), "map-pin",
            prepare=_arrive, applies=_is_mine, undoable=True, main=True,
        ),
        Transition(
            "finish", sources(ARRIVED), DONE, perm.ORDER_WORK, _("Finish"), "check", "green",
            prepare=_finish, form=f"{FORMS}.FinishForm", applies=_is_mine, undoable=True, main=True,
        ),
        Transition(
            "resume", sources(WAITING), ARRIVED, perm.ORDER_WORK, _("Resume"), "player-play",
            prepare=_resume, applies=_is_mine, undoable=True, main=True,
        ),
        Transition(
            "wait", sources(ACCEPTED, ARRIVED), WAITING, perm.ORDER_WORK, _("Put on hold"), "player-pause", "amber",
            prepare=_wait, form=f"{FORMS}.WaitForm", applies=_is_mine, undoable=True,
        ),
        Transition(
            "sign_on_screen", sources(DONE), SIGNED, perm.ORDER_WORK, _("Ward signs here"), "signature", "green",
            prepare=_sign_on_screen, form=f"{FORMS}.ScreenSignatureForm", applies=_is_mine,
        ),
        Transition(
            "sign", sources(DONE), SIGNED, perm.ORDER_SIGN, _("Sign off"), "signature", "green",
            prepare=_sign, form=f"{FORMS}.SignForm", undoable=True, main=True,
        ),
        Transition(
            "reopen", sources(DONE, SIGNED, CLOSED), DISPATCHED, perm.ORDER_SIGN, _("Send back for rework"), "refresh", "red",
            prepare=_reopen, form=f"{FORMS}.ReasonForm", applies=_is_work,
        ),
        Transition(
            "reassign", sources(IN_HAND), DISPATCHED, perm.ORDER_DISPATCH, _("Reassign"), "arrows-exchange",
            prepare=_reassign, form=f"{FORMS}.ReassignForm", hands_over=True, undoable=True,
        ),
        Transition(
            "transfer", sources(REPORTED, IN_HAND), REPORTED, perm.ORDER_DISPATCH, _("To another department"), "arrow-right",
            prepare=_transfer, form=f"{FORMS}.TransferForm", applies=_is_work, hands_over=True,
        ),
        Transition(
            "send_back", sources(DISPATCHED, ACCEPTED), REPORTED, perm.ORDER_WORK, _("Send back"), "arrow-back-up", "amber",
            prepare=_send_back, form=f"{FORMS}.ReasonForm", applies=_is_mine_or_free, hands_over=True,
        ),
        Transition(
            "withdraw", sources(REPORTED, DISPATCHED), CANCELLED, perm.ORDER_WITHDRAW, _("Withdraw"), "x", "amber",
            prepare=_cancel, form=f"{FORMS}.ReasonForm", applies=_waited_for_by_one,
        ),
        Transition(
            "same", sources(REPORTED, IN_HAND), CANCELLED, perm.ORDER_DISPATCH, _("Reported twice"), "git-merge", "grey",
            prepare=_same, form=f"{FORMS}.SameForm", applies=_is_work,
        ),
        Transition(
            "apart", sources(CANCELLED), REPORTED, perm.ORDER_DISPATCH, _("Not the same"), "arrows-split",
            prepare=_apart, applies=_is_duplicate,
        ),
        Transition(
            "void", sources(REPORTED, IN_HAND), CANCELLED, perm.ORDER_VOID, _("Void"), "ban", "red",
            prepare=_cancel, form=f"{FORMS}.ReasonForm",
        ),
        Transition("close", sources(SIGNED), CLOSED, perm.ORDER_CLOSE, _("Close the order"), "archive", "grey", prepare=_close),
        Transition(
            "close_unsigned", sources(DONE), CLOSED, perm.ORDER_CLOSE, _("Close unsigned"), "archive", "grey",
            prepare=_close, applies=_may_close_unsigned,
        ),
    ),
)  # fmt: skip
