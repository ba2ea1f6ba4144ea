"""Publishing: closed months become what all members read, hospitals are asked to answer, misses to be acted on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import permissions as perm
from assessment.models import Action, FrozenFigure, Publication, PublishedFigure, Reply
from assessment.queries import rules_of
from assessment.states import COMMENT, CORRECTIVE, DROPPED, WANTED
from flow import domain as flow
from flow.machine import moved
from kpi.figures import tone_of
from kpi.models import PeerMember
from tenancy import history
from tenancy.access import can
from tenancy.locks import hold
from tenancy.models import Consortium, Hospital

ASKS = {"amber": COMMENT, "red": CORRECTIVE}


def unpublished(consortium: Consortium, month: date) -> list[FrozenFigure]:
    """What was frozen for a month and is not published yet, of the hospitals in scope."""
    ours = Hospital.objects.filter(consortium=consortium)
    out = PublishedFigure.objects.filter(consortium=consortium, month=month).values("frozen_id")
    return list(FrozenFigure.objects.filter(hospital__in=ours, month=month).exclude(pk__in=out).order_by("pk"))


@transaction.atomic
def publish(actor: Any, consortium: Consortium, month: date, note: str = "") -> Publication:
    """Publish every closed hospital of a month; again for those closed since. Each hospital is asked to accept or appeal.

    Raises PermissionDenied, or ValidationError where nothing is left to publish.
    """
    if not can(actor, perm.MONTH_PUBLISH, consortium):
        raise PermissionDenied(perm.MONTH_PUBLISH)
    note = note.strip()
    if len(note) > 500:
        raise ValidationError({"note": _("At most 500 characters, please.")})
    hold("assessment.publish", consortium.pk)
    figures = unpublished(consortium, month)
    if not figures:
        raise ValidationError(_("There is nothing to publish: no hospital has closed this month since."), code="stale")
    rules, today = rules_of(consortium.pk), timezone.localdate()
    hospitals = sorted({figure.hospital_id for figure in figures})
    made = Publication.objects.create(
        consortium=consortium, month=month, figures=len(figures), hospitals=len(hospitals), note=note,
        answer_by=today + timedelta(days=rules.answer_days), by_id=actor.pk, by_name=actor.name,
    )  # fmt: skip
    put_out(actor, consortium.pk, figures)
    for hospital in hospitals:
        _ask(actor, hospital, month, made.answer_by)
    facts = {"month": f"{month:%Y-%m}", "figures": len(figures), "hospitals": len(hospitals), "note": note}
    history.note(made, "published", actor, facts)
    return made


def peer_groups(hospitals: Iterable[int]) -> dict[int, str]:
    """Hospital → its group of like hospitals, where it has one."""
    return dict(PeerMember.objects.filter(hospital__in=set(hospitals)).values_list("hospital", "group"))


def put_out(actor: Any, consortium_id: int, figures: Sequence[FrozenFigure]) -> None:
    """Copy frozen figures to where all members read them, and ask for what their colours ask for."""
    groups = peer_groups(figure.hospital_id for figure in figures)
    rows = [
        PublishedFigure(
            consortium_id=consortium_id, frozen_id=figure.pk, published_name=actor.name,
            group=groups.get(figure.hospital_id, ""),
            tone=tone_of(figure, figure.value, figure.target, figure.floor),  # type: ignore[arg-type]
            **{name: getattr(figure, name) for name in PublishedFigure.COPIED},
        )
        for figure in figures
    ]  # fmt: skip
    PublishedFigure.objects.bulk_create(rows)
    due = timezone.localdate() + timedelta(days=rules_of(consortium_id).comment_days)
    for figure, row in zip(figures, rows, strict=True):
        if row.revision > 1:
            _take_back(actor, figure)
        if (kind := ASKS.get(row.tone)) and not row.small:
            _want(actor, figure, kind, due)


def _ask(actor: Any, hospital_id: int, month: date, answer_by: date) -> None:
    """The hospital has until then to accept or appeal; one that was asked already keeps its day."""
    reply, made = Reply.objects.get_or_create(hospital_id=hospital_id, month=month, defaults={"due_on": answer_by})
    if made:
        event = flow.record(
            reply, "published", actor, data={"month": f"{month:%Y-%m}", "due_on": answer_by.isoformat()}
        )
        moved.send(Reply, obj=reply, event=event)


def _want(actor: Any, figure: FrozenFigure, kind: str, due: date) -> None:
    """Amber asks for a comment, red for a corrective action. One that is wanted or under way for the figure is enough."""
    alike = Action.objects.filter(hospital=figure.hospital_id, key=figure.key, month=figure.month, kind=kind)
    if alike.exclude(state=DROPPED).exists():
        return
    action = Action.objects.create(
        hospital_id=figure.hospital_id, figure=figure, key=figure.key, label=figure.label, month=figure.month, kind=kind,
        due_on=due, before=figure.value, state=WANTED, made_by_id=actor.pk,
    )  # fmt: skip
    event = flow.record(action, "wanted", actor, data={"kind": kind, "due_on": due.isoformat()})
    moved.send(Action, obj=action, event=event)


def _take_back(actor: Any, figure: FrozenFigure) -> None:
    """What was asked for because of a value that has been restated is no longer asked for."""
    rows = Action.objects.filter(hospital=figure.hospital_id, key=figure.key, month=figure.month, state=WANTED)
    for action in rows.exclude(figure=figure):
        action.state = DROPPED
        action.save(update_fields=["state"])
        flow.record(action, "drop", actor, source=WANTED, data={"reason": "", "restated": figure.revision})
