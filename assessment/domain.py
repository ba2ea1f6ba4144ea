"""The verbs of the loop: set its deadlines, ask that records do not count, appeal, plan. Steps go through the machines."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment import inputs, queries
from assessment import permissions as perm
from assessment.machine import give_to
from assessment.models import (
    Action,
    Appeal,
    Exclusion,
    FrozenFigure,
    FrozenRows,
    LateChange,
    MonthClose,
    PublishedFigure,
    Rules,
)
from assessment.states import EXCLUDES, IMPROVEMENT, LATE, OPEN, OTHER, REASONS, REJECTED, UNANSWERED
from flow import domain as flow
from flow.facts import ahead, said
from flow.machine import moved
from flow.models import Attachment
from indicators.library import definitions
from kpi.days import next_month
from kpi.periods import containing
from tenancy import history
from tenancy.access import can
from tenancy.locks import hold
from tenancy.models import Consortium, Hospital

LIMITS = {
    "close_day": (1, 28), "close_hour": (0, 23), "answer_days": (1, 60), "decide_days": (1, 60), "comment_days": (1, 60),
}  # fmt: skip
MOST = 200  # records named in one appeal or request
Key = tuple[str, int]  # subject and id of a record


@transaction.atomic
def set_rules(actor: Any, consortium: Consortium, **days: int) -> Rules:
    """Set when months close and how long people have. Raises PermissionDenied, or ValidationError by field."""
    if not can(actor, perm.MONTH_PUBLISH, consortium):
        raise PermissionDenied(perm.MONTH_PUBLISH)
    wrong = {
        name: _("A number between %(low)s and %(high)s, please.") % {"low": low, "high": high}
        for name, (low, high) in LIMITS.items()
        if name in days and not low <= days[name] <= high
    }
    if wrong:
        raise ValidationError(wrong)
    rules, _made = Rules.objects.update_or_create(consortium=consortium, defaults=days)
    history.note(rules, "rules_set", actor, dict(days))
    return rules


def tell(obj: Any, verb: str, actor: Any, data: dict[str, Any]) -> None:
    """Write down what happened and tell who listens."""
    event = flow.record(obj, verb, actor, data=data)
    moved.send(type(obj), obj=obj, event=event)


def _reason(reason: str, among: Collection[str]) -> str:
    if reason not in among:
        raise ValidationError({"reason": _("Please choose.")})
    return reason


def _named(asked: Sequence[Key], there: Collection[Key], names: dict[Key, str]) -> list[list[Any]]:
    """The records somebody picked, with what they are called. Raises ValidationError for one that is not behind the figure."""
    if len(asked) > MOST:
        raise ValidationError({"records": _("At most %(most)s records, please.") % {"most": MOST}})
    if strangers := [key for key in asked if key not in there]:
        raise ValidationError(
            {"records": _("%(count)s of these records do not count here.") % {"count": len(strangers)}}
        )
    return [[subject, pk, names.get((subject, pk), str(pk))[:160]] for subject, pk in dict.fromkeys(asked)]


@transaction.atomic
def file_appeal(
    actor: Any,
    figure: FrozenFigure,
    *,
    reason: str,
    text: str,
    records: Sequence[Key] = (),
    names: dict[Key, str] | None = None,
    files: Iterable[Any] = (),
) -> Appeal:
    """Appeal against a published figure, until the deadline; after it only where its records have changed since.

    Raises PermissionDenied, or ValidationError by field.
    """
    if not can(actor, perm.FIGURE_ANSWER, figure):
        raise PermissionDenied(perm.FIGURE_ANSWER)
    _reason(reason, REASONS)
    _open_to_appeal(figure, reason)
    rules = queries.rules_of(figure.hospital.consortium_id)
    there = {(row.subject, pk) for row in FrozenRows.objects.filter(figure=figure) for pk in row.ids}
    appeal = Appeal(
        hospital=figure.hospital, figure=figure, key=figure.key, label=figure.label, month=figure.month, reason=reason,
        text=said("text", text, 1000), records=_named(records, there, names or {}), filed_by_id=actor.pk,
        filed_name=actor.name, decide_by=timezone.localdate() + timedelta(days=rules.decide_days),
    )  # fmt: skip
    try:
        with transaction.atomic():
            appeal.save()
    except IntegrityError as error:
        raise ValidationError(_("There is an appeal against this figure already."), code="stale") from error
    for file in files:
        attach(appeal, actor, file)
    tell(appeal, "filed", actor, {"reason": reason, "text": appeal.text, "records": len(appeal.records)})
    return appeal


def _open_to_appeal(figure: FrozenFigure, reason: str) -> None:
    reply = queries.reply_of(figure.hospital_id, figure.month)
    if reply is None or not PublishedFigure.objects.filter(hospital=figure.hospital_id, frozen_id=figure.pk).exists():
        raise ValidationError(_("This figure is not published."))
    newer = FrozenFigure.objects.filter(hospital=figure.hospital_id, key=figure.key, month=figure.month)
    if newer.filter(revision__gt=figure.revision).exists():
        raise ValidationError(_("This figure has been restated in the meantime."), code="stale")
    if reason == LATE:
        if not queries.late_of([figure.pk]):
            raise ValidationError({"reason": _("No record behind this figure has changed since it was frozen.")})
        return
    if Appeal.objects.filter(figure=figure, reason=reason, state=REJECTED).exists():
        raise ValidationError({"reason": _("An appeal for this reason was rejected: that decision is final.")})
    if reply.state not in UNANSWERED or reply.due_on < timezone.localdate():
        raise ValidationError(_("The time to appeal is over: the figures of this month are accepted."))


def may_appeal(actor: Any, figure: FrozenFigure) -> bool:
    """Is there a way to appeal now, in time or because records changed?"""
    if not can(actor, perm.FIGURE_ANSWER, figure):
        return False
    tried = set(Appeal.objects.filter(figure=figure, state=REJECTED).values_list("reason", flat=True))
    ordinary = next((reason for reason in REASONS if reason != LATE and reason not in tried), LATE)
    for reason in (ordinary, LATE):
        try:
            _open_to_appeal(figure, reason)
            return True
        except ValidationError:
            continue
    return False


def attach(appeal: Appeal, actor: Any, upload: Any) -> Attachment:
    """Add a file that shows what the appeal says."""
    try:
        return flow.attach(appeal, actor, upload, kind=Attachment.Kind.DOCUMENT)
    except ValidationError as error:
        raise ValidationError({"files": error.messages}) from error


@transaction.atomic
def ask_exclusions(
    actor: Any,
    hospital: Hospital,
    *,
    key: str,
    month: date,
    records: Sequence[Key],
    names: dict[Key, str],
    reason: str,
    text: str = "",
) -> list[Exclusion]:
    """Ask that records do not count for an indicator in a month that is not closed yet; the level above decides.

    Raises PermissionDenied, or ValidationError by field.
    """
    if not can(actor, perm.FIGURE_ANSWER, hospital):
        raise PermissionDenied(perm.FIGURE_ANSWER)
    one = definitions(hospital.consortium_id).get(key)
    if one is None or one.is_now:
        raise ValidationError({"key": _("This indicator is not known.")})
    if MonthClose.objects.filter(hospital=hospital, month=month).exists():
        raise ValidationError({"month": _("This month is closed; appeal against its figure instead.")})
    _reason(reason, EXCLUDES)
    text = said("text", text, required=reason == OTHER)
    span = containing(one.period, month)
    rows = inputs.rows_of(one, hospital.pk, span.first, span.end - timedelta(days=1))
    picked = _named(records, {(row.subject, pk) for row in rows for pk in row.ids}, names)
    if not picked:
        raise ValidationError({"records": _("Please choose at least one record.")})
    decide_by, made = exclusion_day(hospital, month), []
    hold("assessment.exclude", hospital.pk)  # who asks for the same meanwhile waits, and finds it asked
    for subject, pk, name in picked:
        alike = {"hospital": hospital, "key": key, "month": month, "subject": subject, "subject_id": pk}
        if Exclusion.objects.filter(**alike, state__in=("asked", "approved")).exists():
            continue
        row = Exclusion.objects.create(
            **alike, label=str(one.label)[:120], name=name, reason=reason, text=text,
            asked_by_id=actor.pk, asked_name=actor.name, decide_by=decide_by,
        )  # fmt: skip
        tell(row, "asked", actor, {"reason": reason, "text": row.text, "due_on": decide_by.isoformat()})
        made.append(row)
    return made


def exclusion_day(hospital: Hospital, month: date) -> date:
    """The last day to decide what is asked for today: as many days as an appeal has, but while the month is open."""
    rules, today = queries.rules_of(hospital.consortium_id), timezone.localdate()
    open_until = next_month(month).replace(day=rules.close_day) - timedelta(days=1)
    return max(today, min(today + timedelta(days=rules.decide_days), open_until))


@transaction.atomic
def plan_action(
    actor: Any, figure: FrozenFigure, *, what: str, owner: Any, due_on: date, expected: Decimal | None = None
) -> Action:
    """Plan an improvement of a published figure: what, by whom, until when, and what it should become.

    Raises PermissionDenied, or ValidationError by field.
    """
    action = Action(
        hospital=figure.hospital, figure=figure, key=figure.key, label=figure.label, month=figure.month, kind=IMPROVEMENT,
        what=said("what", what), due_on=ahead("due_on", due_on), before=figure.value, expected=expected, state=OPEN,
        made_by_id=actor.pk,
    )  # fmt: skip
    if not can(actor, perm.ACTION_CHANGE, action):
        raise PermissionDenied(perm.ACTION_CHANGE)
    if not PublishedFigure.objects.filter(hospital=figure.hospital_id, frozen_id=figure.pk).exists():
        raise ValidationError(_("This figure is not published."))
    facts = give_to(action, owner)
    action.save()
    tell(action, "planned", actor, {**facts, "text": action.what, "due_on": due_on.isoformat()})
    return action


def told_late(late: LateChange, actor: Any) -> None:
    """Say on the frozen figure that its records have changed."""
    tell(
        late.figure,
        "changed_late",
        actor,
        {"count": late.count, "value": None if late.value is None else f"{late.value:f}"},
    )
