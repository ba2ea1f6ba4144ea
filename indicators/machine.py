"""A hospital's answer to a request: filled in, handed in, sent back or accepted, corrected afterwards with both values."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.machine import Machine, Transition, sources
from indicators import permissions as perm
from indicators import plausibility
from indicators.models import ReturnDue
from indicators.request_states import ACCEPTED, DUE_STATES, GIVEN, HANDED, OPEN, RETURNED
from indicators.storing import Reported, write
from tenancy.access import can
from workorders.machine import require_reason

Facts = dict[str, Any]
Values = Mapping[str, Decimal | None]  # key → value; None: the hospital does not know it
Words = Mapping[str, str]  # key → the word that confirms it
NOTHING: Mapping[str, Any] = {}
WORD = 200


def _checked(due: ReturnDue, values: Values, notes: Words) -> plausibility.Asked:
    """Everything that is asked is answered, and what is unusual confirmed. Raises ValidationError by field."""
    asked = plausibility.asked(due)
    wrong: dict[str, Any] = {}
    if strangers := sorted(set(values) - set(asked.quantities)):
        raise ValidationError({"values": _("Nobody asks for %(keys)s here.") % {"keys": ", ".join(strangers)}})
    for key in asked.quantities:
        if key not in values:
            wrong[f"value.{key}"] = _("Please write the value, or say that it is not known.")
        elif len(notes.get(key, "")) > WORD:
            wrong[f"note.{key}"] = _("At most %(most)s characters, please.") % {"most": WORD}
        elif plausibility.unusual(values[key], asked.before.get(key)) and not notes.get(key, "").strip():
            wrong[f"note.{key}"] = _("This is very different from the period before: please confirm it with a word.")
    if wrong:
        raise ValidationError(wrong)
    return asked


def _store(due: ReturnDue, actor: Any, values: Values, notes: Words, stood: str = "") -> Facts:
    """Write the values; the event keeps old and new value of what changed. `stood`: the mark of what the person saw."""
    asked = _checked(due, values, notes)
    if stood and stood != plausibility.standing(due, asked):
        raise ValidationError(
            _("This form was corrected meanwhile. Open it again to see what stands there."), code="stale"
        )
    reported = [Reported(due.hospital, quantity, values[key]) for key, quantity in asked.quantities.items()]
    changes = write(actor, reported, due.first, due.last, due=due)
    due.asked, due.draft = list(asked.quantities), {}
    due.unknown = [key for key in asked.quantities if values[key] is None]
    due.notes = {key: word.strip() for key, word in notes.items() if key in asked.quantities and word.strip()}
    return {"values": [change.plain for change in changes], "unknown": due.unknown, "notes": due.notes}


def _hand_in(due: ReturnDue, actor: Any, at: datetime, *, values: Values = NOTHING, notes: Words = NOTHING) -> Facts:
    facts = _store(due, actor, values, notes)
    due.handed_in_at, due.handed_in_by_id, due.level = due.handed_in_at or at, actor.pk, 0
    return facts


def _correct(
    due: ReturnDue, actor: Any, at: datetime, *, reason: str, values: Values = NOTHING, notes: Words = NOTHING,
    stood: str = "",
) -> Facts:  # fmt: skip
    late, reason = due.state == ACCEPTED, require_reason(reason)
    facts = _store(due, actor, values, notes, stood)
    if not facts["values"]:
        raise ValidationError(_("Nothing is different from what was handed in."))
    due.accepted_at, due.handed_in_by_id = None, actor.pk
    due.times_corrected += late
    return {**facts, "reason": reason, "after_acceptance": late}


def _send_back(due: ReturnDue, actor: Any, at: datetime, *, reason: str, due_on: date) -> Facts:
    reason = require_reason(reason)
    if due_on is None or due_on < timezone.localdate():
        raise ValidationError({"due_on": _("This day is over.")})
    due.level, due.accepted_at = 0, None
    due.times_returned += 1
    due.draft = {}
    due.due_on, was = due_on, due.due_on
    return {"reason": reason, "due_on": due_on.isoformat(), "from": was.isoformat()}


def _accept(due: ReturnDue, actor: Any, at: datetime) -> Facts:
    due.accepted_at = at
    return {}


def of_the_office(due: ReturnDue, actor: Any) -> bool:
    """The office judges what hospitals hand in; who holds rights at one hospital only does not, nor anybody their own."""
    return due.handed_in_by_id != actor.pk and can(actor, perm.RETURN_CHANGE, due.request)


FORMS = "indicators.request_forms"
DUES = Machine(
    states=DUE_STATES,
    select=("hospital", "request"),
    transitions=(
        Transition(
            "hand_in", sources(OPEN, RETURNED), HANDED, perm.RETURN_FILL, pgettext_lazy("a return", "Hand in"), "send",
            prepare=_hand_in, main=True,
        ),
        Transition(
            "accept", sources(HANDED), ACCEPTED, perm.RETURN_CHANGE, pgettext_lazy("a return", "Accept"), "check", "green",
            prepare=_accept, applies=of_the_office, main=True,
        ),
        Transition(
            "send_back", sources(*GIVEN), RETURNED, perm.RETURN_CHANGE, _("Return for correction"), "refresh", "red",
            prepare=_send_back, form=f"{FORMS}.SendBackForm", applies=of_the_office,
        ),
        Transition(
            "correct", sources(*GIVEN), HANDED, perm.RETURN_FILL, pgettext_lazy("a return", "Correct"), "edit", "amber",
            prepare=_correct, form=f"{FORMS}.CorrectForm",
        ),
    ),
)  # fmt: skip
