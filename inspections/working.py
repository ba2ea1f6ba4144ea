"""Doing a round: start it, reach a point, answer, leave out what cannot be looked at, finish, sign.

Pages, the API, phones that were without network and sheets of paper call these. Facts of a round that is not under way,
or is somebody else's, are refused; the same said twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from flow import domain as flow
from flow.machine import stale
from flow.models import Attachment
from inspections import findings, reading
from inspections import permissions as perm
from inspections.judging import Verdict, judge
from inspections.machine import ROUNDS
from inspections.models import Answer, Item, Point, Round
from inspections.states import (
    ALWAYS,
    DONE,
    HAND,
    IN_USE,
    NEVER,
    NOT_COUNTED,
    NOT_FOUND,
    OPEN,
    PAPER,
    PHOTO,
    STARTED,
    WAYS,
)
from tenancy.access import can

PHOTOS_OF_AN_ANSWER = 6


def start(actor: Any, round: Round, *, who: Any = None, paper: bool = False, at: datetime | None = None) -> Round:
    """Begin a round: its points and the edition in force are written down. With `who`, for somebody who used paper."""
    if who is not None and who.pk != actor.pk and not can(actor, perm.ROUND_ASSIGN, round):
        raise PermissionDenied(perm.ROUND_ASSIGN)
    begun: Round = ROUNDS.move(round, "start", actor, at=at, who=who, paper=paper)
    return begun


def hold(actor: Any, round: Round) -> Round:
    """The round, locked, for who may write in it now: the one who does it, or who steers while it is keyed in from paper."""
    row: Round = ROUNDS.lock(round)
    if not can(actor, perm.ROUND_WORK, row):
        raise PermissionDenied(perm.ROUND_WORK)
    if row.state != STARTED:
        raise stale(row)
    if row.assignee_id != actor.pk and not (row.on_paper and can(actor, perm.ROUND_ASSIGN, row)):
        name = row.assignee.name if row.assignee else "—"
        raise ValidationError(_("%(name)s does this round."), code="stale", params={"name": name})
    return row


@transaction.atomic
def reach(actor: Any, point: Point, way: str, at: datetime) -> Point:
    """Somebody stands at the point. On an ordered route, sooner than one can walk there is flagged, never refused."""
    row = hold(actor, point.round)
    if way not in WAYS:
        raise ValidationError(_("This way of reaching a point is not known."))
    if point.reached_at is not None and (point.way == way or way == HAND):
        return point
    point.way, point.by_id = way, actor.pk
    point.reached_at = point.reached_at or at
    point.received_at = timezone.now()
    point.too_fast = way != PAPER and _too_fast(row, point, point.reached_at)
    point.save()
    return point


def _too_fast(round: Round, point: Point, at: datetime) -> bool:
    if not (round.plan.is_route and round.plan.ordered and point.walk):
        return False
    before = Point.objects.filter(round=round, order__lt=point.order).order_by("-order").first()
    left = (before.left_at or before.reached_at) if before else None
    return left is not None and at - left < timedelta(seconds=point.walk)


@transaction.atomic
def answer(
    actor: Any, point: Point, answers: Mapping[int, str], *, notes: Mapping[int, str] | None = None, at: datetime
) -> Point:
    """Write down what was found, by item, and judge it at once. An answer may be corrected until something came of it.

    Raises ValidationError with the id of the item as the field.
    """
    row = hold(actor, point.round)
    items = {item.pk: item for item in Item.objects.filter(edition=row.edition_id, pk__in=list(answers))}
    if point.reached_at is None:
        reach(actor, point, PAPER if row.on_paper else HAND, at)
    for pk, raw in answers.items():
        item = items.get(pk)
        if item is None:
            raise ValidationError({str(pk): _("This is not on the checklist.")})
        verdict = judge(item, raw, photos=1 if item.kind == PHOTO else 0)
        if verdict.wrong:
            raise ValidationError({str(pk): verdict.wrong})
        _write(actor, row, point, item, verdict, (notes or {}).get(pk, ""), at)
    return settle(actor, row, point, at)


def _write(actor: Any, round: Round, point: Point, item: Item, verdict: Verdict, note: str, at: datetime) -> Answer:
    if len(note) > 300:
        raise ValidationError({str(item.pk): _("At most %(count)s characters, please.") % {"count": 300}})
    reading.check(point, item, verdict.value, at)
    said = {"passed": verdict.passed, "value": verdict.value, "text": verdict.text, "points": verdict.points}
    found = Answer.objects.filter(point=point, item=item).first()
    if found is not None and findings.is_settled(found) and any(getattr(found, k) != v for k, v in said.items()):
        raise ValidationError({str(item.pk): _("Something has come of this answer already; it stays.")})
    found = found or Answer(hospital_id=round.hospital_id, point=point, item=item)
    for name, value in said.items():
        setattr(found, name, value)
    found.note, found.at, found.by_id = note.strip() or found.note, at, actor.pk
    found.save()
    findings.follow(round, found, item, actor, at)
    return found


def photos_missing(point: Point, items: list[Item], answers: dict[int, Answer]) -> list[Item]:
    """The items whose photo was asked for and is not there yet."""
    asked = [
        item
        for item in items
        if item.pk in answers
        and (item.kind == PHOTO or item.photo == ALWAYS or (item.photo != NEVER and answers[item.pk].passed is False))
    ]
    if not asked:
        return []
    ids = {answers[item.pk].pk: item for item in asked}
    kept = Attachment.objects.filter(subject="inspections.answer", subject_id__in=list(ids))
    there = set(kept.values_list("subject_id", flat=True))
    return [item for pk, item in ids.items() if pk not in there]


def settle(actor: Any, round: Round, point: Point, at: datetime) -> Point:
    """A point is done as soon as everything that must be answered is, with the photos that were asked for."""
    items = list(Item.objects.filter(edition=round.edition_id))
    answers = {answer.item_id: answer for answer in Answer.objects.filter(point=point)}
    if round.on_paper:  # no photos lie in a folder
        items = [item for item in items if item.kind != PHOTO]
    missing = [item for item in items if item.required and item.pk not in answers]
    if not missing and not round.on_paper:
        missing = photos_missing(point, items, answers)
    state = OPEN if missing or not answers else DONE
    if state != point.state or point.state == DONE:
        point.state, point.left_at = state, at if state == DONE else None
        point.save(update_fields=["state", "left_at"])
    return point


@transaction.atomic
def leave_out(actor: Any, point: Point, state: str, *, note: str = "", at: datetime) -> Point:
    """In use, or not found: it counts neither for nor against. "open" takes that back."""
    row = hold(actor, point.round)
    if state not in (*NOT_COUNTED, OPEN):
        raise ValidationError(_("A point can be in use or not found."))
    if len(note) > 300:
        raise ValidationError(_("At most %(count)s characters, please."), params={"count": 300})
    if state != OPEN and findings.of_point(point).exists():
        raise ValidationError(_("Something was found here already; the point counts."))
    if point.reached_at is None and state == IN_USE:
        reach(actor, point, PAPER if row.on_paper else HAND, at)
    point.by_id, point.note, point.received_at = actor.pk, note.strip(), timezone.now()
    if state == OPEN:
        point.state = OPEN
        point.save()
        return settle(actor, row, point, at)
    point.state = state
    point.left_at = at if state != NOT_FOUND or point.reached_at else None
    point.save()
    return point


@transaction.atomic
def add_photo(actor: Any, answer: Answer, upload: Any, *, at: datetime) -> Attachment:
    """A photo of what was found. The same picture twice is one."""
    row = hold(actor, answer.point.round)
    kept = Attachment.objects.filter(subject="inspections.answer", subject_id=answer.pk).count()
    if kept >= PHOTOS_OF_AN_ANSWER:
        raise ValidationError(_("There are enough photos of this."))
    photo = flow.attach(answer, actor, upload, kind=Attachment.Kind.BEFORE, at=at, picture=True)
    settle(actor, row, answer.point, at)
    return photo


@transaction.atomic
def finish(actor: Any, round: Round, *, done_name: str = "", at: datetime | None = None) -> Round:
    """Done, with the worker's name under it. What rules say of failed items happens now at the latest."""
    row = hold(actor, round)
    findings.settle_by_rule(row, actor, at or timezone.now())
    step = "finish" if row.assignee_id == actor.pk else "finish_sheet"  # keyed in from the worker's sheet by who steers
    done: Round = ROUNDS.move(row, step, actor, at=at, done_name=done_name)
    reading.enter(done, actor)
    return done


def sign(actor: Any, round: Round, *, name: str = "", at: datetime | None = None) -> Round:
    """The place visited signs with its own account."""
    signed: Round = ROUNDS.move(round, "sign", actor, at=at, name=name)
    return signed
