"""The steps of a round: due → under way → done, with its side ways: handed to somebody, skipped with approval, signed."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow.machine import Machine, Transition, sources
from inspections import permissions as perm
from inspections import summing
from inspections.models import Edition, Round
from inspections.states import (
    CURRENT,
    DONE,
    DROPPED,
    DUE,
    ENDED,
    ROUND_STATES,
    SKIP_REASONS,
    SKIPPED,
    SKIPPING,
    STARTED,
)
from people.queries import skilled
from tenancy.access import can
from workorders.machine import require_reason, works_in

Facts = dict[str, Any]


def _is_mine(round: Round, actor: Any) -> bool:
    return round.assignee_id is not None and round.assignee_id == actor.pk


def _is_free(round: Round, actor: Any) -> bool:
    return round.assignee_id is None


def _is_mine_or_free(round: Round, actor: Any) -> bool:
    return _is_free(round, actor) or _is_mine(round, actor)


def _may_begin(round: Round, actor: Any) -> bool:
    """Mine, nobody's, or, from a sheet of paper, of somebody this person steers."""
    return _is_mine_or_free(round, actor) or can(actor, perm.ROUND_ASSIGN, round)


def has_skill(round: Round, user_id: int) -> bool:
    """Has this person the skill the plan asks for, valid today?"""
    if round.skill_id is None or round.skill is None:
        return True
    return user_id in skilled(round.hospital_id, [round.skill.key], timezone.localdate())


def _require_skill(round: Round, who: Any, field: str = "") -> None:
    if not has_skill(round, who.pk):
        wrong = _("%(name)s does not have the skill this round needs: %(skill)s.")
        error = ValidationError(wrong, params={"name": who.name, "skill": round.skill})
        raise ValidationError({field: error}) if field else error


def _assign(round: Round, actor: Any, at: datetime, *, assignee: Any = None) -> Facts:
    """To one person of the team, or back to whoever takes it."""
    if assignee is not None:
        if not works_in(round.team, assignee):
            raise ValidationError({"assignee": _("This person is not in the team.")})
        _require_skill(round, assignee, "assignee")
    round.assignee = assignee
    return {"assignee": assignee.name if assignee else ""}


def _hand_over(round: Round, actor: Any, at: datetime, *, assignee: Any = None) -> Facts:
    if assignee is None:
        raise ValidationError({"assignee": _("Please choose who goes on with it.")})
    return _assign(round, actor, at, assignee=assignee)


def _take(round: Round, actor: Any, at: datetime) -> None:
    _require_skill(round, actor)
    round.assignee_id = actor.pk


def _start(round: Round, actor: Any, at: datetime, *, who: Any = None, paper: bool = False) -> Facts:
    """The edition in force and the points as the plan has them now stay with the round from here on."""
    who = who or actor
    if round.assignee_id not in (None, who.pk) and not paper:
        raise ValidationError(_("%(name)s has this round."), params={"name": round.assignee.name})
    if at < round.opens_at:
        raise ValidationError(_("It is too early: this round opens on %(at)s."), params={"at": _local(round.opens_at)})
    _require_skill(round, who)
    edition = Edition.objects.filter(checklist=round.checklist_id, state=CURRENT).first()
    if edition is None:
        raise ValidationError(_("The checklist of this round has no edition in force."))
    round.edition, round.started_at, round.on_paper = edition, at, paper
    round.assignee = who
    count = summing.lay_points(round)
    return {"points": count, "edition": edition.number, "who": who.name}


def _local(at: datetime) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}"


def _ask_skip(round: Round, actor: Any, at: datetime, *, skip_reason: str, skip_note: str = "") -> Facts:
    if skip_reason not in SKIP_REASONS:
        raise ValidationError({"skip_reason": _("Please say why.")})
    note = skip_note.strip()
    if skip_reason == "other" and not note:
        raise ValidationError({"skip_note": _("Please say why.")})
    if len(note) > 200:
        raise ValidationError({"skip_note": _("At most 200 characters, please.")})
    round.skip_reason, round.skip_note, round.skip_by_id = skip_reason, note, actor.pk
    return {"skip_reason": skip_reason, "reason": note}


def _another_asked(round: Round, actor: Any) -> bool:
    """Nobody approves what they asked for themselves."""
    return bool(round.skip_by_id != actor.pk)


def _approve(round: Round, actor: Any, at: datetime) -> None:
    round.settled_by_id = actor.pk


def _refuse(round: Round, actor: Any, at: datetime, *, reason: str) -> Facts:
    facts = {"reason": require_reason(reason), "skip_reason": round.skip_reason, "asked_by": round.skip_by_id}
    round.skip_reason = round.skip_note = ""
    round.skip_by_id = None
    return facts


def _finish(round: Round, actor: Any, at: datetime, *, done_name: str = "") -> Facts:
    """Finishing is the worker's signature. What was not reached stays due, as a round of its own."""
    round.done_at, round.done_by_id = at, round.assignee_id or actor.pk
    round.done_name = (done_name or (round.assignee.name if round.assignee else actor.name))[:60]
    return summing.close(round, actor)


def _is_on_paper_and_not_mine(round: Round, actor: Any) -> bool:
    """Somebody else's sheet, keyed in by who steers."""
    return round.on_paper and not _is_mine(round, actor)


def _unsigned(round: Round, actor: Any) -> bool:
    return round.needs_signature and round.signed_at is None


def _unsigned_and_mine(round: Round, actor: Any) -> bool:
    return _unsigned(round, actor) and round.done_by_id == actor.pk


def _not_my_work(round: Round, actor: Any) -> bool:
    """Who did the round does not sign it for the place visited."""
    return _unsigned(round, actor) and round.done_by_id != actor.pk


def _sign(round: Round, actor: Any, at: datetime, *, name: str = "") -> Facts:
    if getattr(actor, "is_shared", False) and not name.strip():
        raise ValidationError({"name": _("Please choose who signs.")})
    round.signed_at, round.signed_by_id = at, actor.pk
    round.signed_name = (name.strip() or actor.name)[:60]
    return {"name": round.signed_name}


def _sign_on_screen(round: Round, actor: Any, at: datetime, *, name: str, signature: int | None = None) -> Facts:
    """The ward's person signs on the worker's phone: a name and a drawing."""
    if not name.strip():
        raise ValidationError({"name": _("Please enter who signs.")})
    if signature is None:
        raise ValidationError({"signature": _("Please sign in the box.")})
    round.signed_at, round.signed_name = at, name.strip()[:60]
    return {"name": round.signed_name, "signature": signature}


def _plan_is_over(round: Round, actor: Any) -> bool:
    return round.plan.state == ENDED


FORMS = "inspections.round_forms"
ROUNDS = Machine(
    states=ROUND_STATES,
    select=("plan", "place", "team", "skill", "assignee"),
    snapshot=("assignee_id", "skip_reason", "skip_note", "skip_by_id", "signed_at", "signed_by_id", "signed_name"),
    transitions=(
        Transition(
            "start", sources(DUE), STARTED, perm.ROUND_WORK, _("Start"), "player-play",
            prepare=_start, applies=_may_begin, main=True,
        ),
        Transition(
            "take", sources(DUE), DUE, perm.ROUND_WORK, _("I take it"), "thumb-up",
            prepare=_take, applies=_is_free, undoable=True,
        ),
        Transition(
            "assign", sources(DUE), DUE, perm.ROUND_ASSIGN, _("Assign"), "user-check",
            prepare=_assign, form=f"{FORMS}.AssignForm", undoable=True,
        ),
        Transition(
            "hand_over", sources(STARTED), STARTED, perm.ROUND_ASSIGN, _("Hand over"), "arrows-exchange",
            prepare=_hand_over, form=f"{FORMS}.AssignForm", undoable=True,
        ),
        Transition(
            "finish", sources(STARTED), DONE, perm.ROUND_WORK, _("Finish"), "check", "green",
            prepare=_finish, applies=_is_mine, main=True,
        ),
        Transition(
            "finish_sheet", sources(STARTED), DONE, perm.ROUND_ASSIGN, _("Finish the sheet"), "file-text", "green",
            prepare=_finish, applies=_is_on_paper_and_not_mine,
        ),
        Transition(
            "sign", sources(DONE), DONE, perm.ROUND_SIGN, _("Sign off"), "signature", "green",
            prepare=_sign, form=f"{FORMS}.SignForm", applies=_not_my_work, undoable=True, main=True,
        ),
        Transition(
            "sign_on_screen", sources(DONE), DONE, perm.ROUND_WORK, _("Ward signs here"), "signature", "green",
            prepare=_sign_on_screen, form=f"{FORMS}.ScreenForm", applies=_unsigned_and_mine,
        ),
        Transition(
            "ask_skip", sources(DUE), SKIPPING, perm.ROUND_WORK, _("Ask to skip it"), "help-circle", "amber",
            prepare=_ask_skip, form=f"{FORMS}.SkipForm", applies=_is_mine_or_free, undoable=True,
        ),
        Transition(
            "approve", sources(SKIPPING), SKIPPED, perm.ROUND_SKIP, _("Approve the skip"), "check", "green",
            prepare=_approve, applies=_another_asked, main=True,
        ),
        Transition(
            "refuse", sources(SKIPPING), DUE, perm.ROUND_SKIP, _("It is to be done"), "x", "red",
            prepare=_refuse, form="workorders.forms.ReasonForm", applies=_another_asked,
        ),
        Transition(
            "drop", sources(DUE), DROPPED, perm.ROUND_SKIP, _("No longer planned"), "ban", "grey",
            applies=_plan_is_over,
        ),
    ),
)  # fmt: skip
