"""From found to verified: assigned, rectified, verified by another person, opened again where it was not."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.facts import ahead, said
from flow.machine import Machine, Transition, sources
from flow.models import Attachment
from hazards import permissions as perm
from hazards.models import Hazard
from hazards.states import ASSIGNED, CLOSED, GRADES, OPEN, RECTIFIED, STATES, VOID
from tenancy.access import can
from tenancy.models import Membership
from workorders.machine import require_reason

Facts = dict[str, Any]


def _deadline(hazard: Hazard, due_on: date | None, at: datetime) -> None:
    """A new last day; the levels that heard of the old one hear of this one if it passes too."""
    if ahead("due_on", due_on, at) != hazard.due_on:
        hazard.due_on, hazard.level = due_on, 0


def _hand_to(hazard: Hazard, responsible: Any) -> Facts:
    """Make a person responsible, with the team they work in: it is theirs to see from now on."""
    if responsible is None:
        raise ValidationError({"responsible": _("Please choose who rectifies it.")})
    here = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=timezone.localdate()), hospital=hazard.hospital_id, user=responsible
    )
    member = here.select_related("team").first()
    if member is None:
        raise ValidationError({"responsible": _("This person does not work here.")})
    if member.team is not None and member.team.department == hazard.department:
        hazard.team = member.team
    hazard.responsible = responsible
    if not can(responsible, perm.HAZARD_RECTIFY, hazard):
        raise ValidationError({"responsible": _("This person may not rectify hazards here.")})
    return {"to": responsible.name, "due_on": hazard.due_on.isoformat()}


def _grade(hazard: Hazard, grade: str) -> None:
    if grade not in GRADES:
        raise ValidationError({"grade": _("Please choose how serious it is.")})
    if grade != hazard.grade:
        hazard.grade, hazard.level = grade, 0


def _assign(
    hazard: Hazard, actor: Any, at: datetime, *, responsible: Any, due_on: date, grade: str = "", interim: str = ""
) -> Facts:
    _deadline(hazard, due_on, at)
    _grade(hazard, grade or hazard.grade)
    hazard.interim = said("interim", interim, 300, required=False)
    return {**_hand_to(hazard, responsible), "grade": hazard.grade, "interim": hazard.interim}


def _reassign(hazard: Hazard, actor: Any, at: datetime, *, responsible: Any, reason: str = "") -> Facts:
    return {**_hand_to(hazard, responsible), "reason": said("reason", reason, 500, required=False)}


def _postpone(hazard: Hazard, actor: Any, at: datetime, *, due_on: date, reason: str) -> Facts:
    was = hazard.due_on
    reason = require_reason(reason)
    _deadline(hazard, due_on, at)
    if was == due_on:
        raise ValidationError({"due_on": _("This is the day it has already.")})
    return {"reason": reason, "from": was.isoformat(), "due_on": due_on.isoformat()}


def _regrade(hazard: Hazard, actor: Any, at: datetime, *, grade: str, due_on: date, reason: str) -> Facts:
    reason = require_reason(reason)
    _grade(hazard, grade)
    _deadline(hazard, due_on, at)
    return {"reason": reason, "grade": grade, "due_on": due_on.isoformat()}


def _photos(hazard: Hazard, actor: Any, at: datetime, photos: Iterable[Any]) -> None:
    photos = list(photos)
    if not photos:
        raise ValidationError({"photos": _("Please add a photo of how it looks now.")})
    try:
        for photo in photos:
            flow.attach(hazard, actor, photo, kind=Attachment.Kind.AFTER, at=at, picture=True)
    except ValidationError as error:
        raise ValidationError({"photos": error.messages}) from error


def _rectify(hazard: Hazard, actor: Any, at: datetime, *, measures: str, photos: Iterable[Any]) -> Facts:
    hazard.measures = said("measures", measures, 500)
    _photos(hazard, actor, at, photos)
    hazard.rectified_at, hazard.rectified_by_id = at, actor.pk
    return {"text": hazard.measures}


def _verify(hazard: Hazard, actor: Any, at: datetime, *, note: str = "") -> Facts:
    hazard.verified_at, hazard.verified_by_id, hazard.closed_at = at, actor.pk, at
    return {"text": said("note", note, 300, required=False)}


def _again(hazard: Hazard, actor: Any, at: datetime, *, reason: str, due_on: date) -> Facts:
    """It was not gone, or is back: whoever was responsible is so again, by a new day."""
    reason = require_reason(reason)
    hazard.responsible = hazard.responsible or hazard.rectified_by
    hazard.reopened += 1
    hazard.level = 0
    hazard.rectified_at = hazard.rectified_by = hazard.verified_at = hazard.verified_by = hazard.closed_at = None
    _deadline(hazard, due_on, at)
    return {"reason": reason, "due_on": due_on.isoformat()}


def _void(hazard: Hazard, actor: Any, at: datetime, *, reason: str) -> Facts:
    hazard.closed_at = at
    return {"reason": require_reason(reason)}


def _may_rectify(hazard: Hazard, actor: Any) -> bool:
    """The responsible person; else, while nobody is, whoever fixes it; else who steers, for somebody without a phone."""
    return hazard.responsible_id in (None, actor.pk) or can(actor, perm.HAZARD_ASSIGN, hazard)


def _by_another(hazard: Hazard, actor: Any) -> bool:
    """Nobody verifies their own work."""
    return hazard.rectified_by_id != actor.pk


FORMS = "hazards.forms"
HAZARDS = Machine(
    states=STATES,
    select=("hospital", "place", "team", "unit", "responsible", "rectified_by"),
    snapshot=("responsible_id", "team_id", "due_on", "grade", "interim", "measures", "rectified_at", "rectified_by_id", "level"),
    transitions=(
        Transition(
            "assign", sources(OPEN), ASSIGNED, perm.HAZARD_ASSIGN, _("Have it rectified"), "user-check",
            prepare=_assign, form=f"{FORMS}.AssignForm", hands_over=True, main=True,
        ),
        Transition(
            "rectify", sources(OPEN, ASSIGNED), RECTIFIED, perm.HAZARD_RECTIFY, _("Rectified"), "check", "green",
            prepare=_rectify, form=f"{FORMS}.RectifyForm", applies=_may_rectify, main=True,
        ),
        Transition(
            "verify", sources(RECTIFIED), CLOSED, perm.HAZARD_VERIFY, _("Verify"), "shield-check", "green",
            prepare=_verify, form=f"{FORMS}.VerifyForm", applies=_by_another, main=True,
        ),
        Transition(
            "refuse", sources(RECTIFIED), ASSIGNED, perm.HAZARD_VERIFY, _("Not gone"), "refresh", "red",
            prepare=_again, form=f"{FORMS}.AgainForm", applies=_by_another,
        ),
        Transition(
            "reopen", sources(CLOSED), ASSIGNED, perm.HAZARD_VERIFY, _("It is back"), "refresh", "red",
            prepare=_again, form=f"{FORMS}.AgainForm",
        ),
        Transition(
            "reassign", sources(ASSIGNED), ASSIGNED, perm.HAZARD_ASSIGN, _("Somebody else"), "arrows-exchange",
            prepare=_reassign, form=f"{FORMS}.ReassignForm", hands_over=True,
        ),
        Transition(
            "postpone", sources(ASSIGNED), ASSIGNED, perm.HAZARD_ASSIGN, _("Another day"), "calendar-due", "amber",
            prepare=_postpone, form=f"{FORMS}.PostponeForm",
        ),
        Transition(
            "regrade", sources(ASSIGNED), ASSIGNED, perm.HAZARD_ASSIGN, _("Another grade"), "alarm", "amber",
            prepare=_regrade, form=f"{FORMS}.RegradeForm",
        ),
        Transition(
            "void", sources(OPEN, ASSIGNED), VOID, perm.HAZARD_ASSIGN, _("Not a hazard"), "ban", "red",
            prepare=_void, form=f"{FORMS}.VoidForm",
        ),
    ),
)  # fmt: skip
