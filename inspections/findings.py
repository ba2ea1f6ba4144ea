"""What becomes of a failed item: fixed on the spot, a work order, a hazard. One answer, one finding, one of these."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from flow import domain as flow
from flow.models import Attachment
from flow.store import content_of
from hazards import domain as hazards
from hazards import states as hazard_states
from inspections import permissions as perm
from inspections.judging import judge, measured
from inspections.machine import ROUNDS
from inspections.models import Answer, Finding, Item, Point, Round
from inspections.states import ASK, CHECK, DANGEROUS, FINDINGS, HAZARD, ORDER
from tenancy.access import can
from workorders import domain as orders
from workorders import reporting, work_types
from workorders.models import Service
from workorders.states import SYSTEM, URGENT

KEYS = uuid.UUID(
    "5f9b0a4e-64c1-4d4f-8d0e-9a4d4c6f1a51"
)  # an answer's order keeps the same key however often it is asked
HOME = "zh-hans"  # what is written down is in the hospital's language


def of_point(point: Point) -> QuerySet[Finding]:
    return Finding.objects.filter(answer__point=point)


def is_settled(answer: Answer) -> bool:
    """Has an order or a hazard come of it?"""
    return Finding.objects.filter(answer=answer, became__in=(ORDER, HAZARD)).exists()


def follow(round: Round, answer: Answer, item: Item, actor: Any, at: datetime) -> Finding | None:
    """Keep the finding in step with its answer: there while it fails, gone when it was a slip of the thumb."""
    found = Finding.objects.filter(answer=answer).first()
    if answer.passed is False:
        if found is None:
            penalty = item.points if answer.points is not None else Decimal(0)
            found = Finding.objects.create(
                hospital_id=round.hospital_id, answer=answer, round=round, at=at, by_id=actor.pk, penalty=penalty
            )
        return found
    if found is not None:
        found.delete()
    return None


@transaction.atomic
def decide(actor: Any, finding: Finding, became: str, *, note: str = "", at: datetime | None = None) -> Finding:
    """Say what becomes of it. Asked again it stays as it is: never two orders, never two hazards of one answer."""
    round = ROUNDS.lock(finding.round)
    if not (can(actor, perm.ROUND_WORK, round) or can(actor, perm.ROUND_ASSIGN, round)):
        raise PermissionDenied(perm.ROUND_WORK)
    row = Finding.objects.select_for_update().select_related("answer__item", "answer__point__place").get(pk=finding.pk)
    row.round = round
    if became not in FINDINGS or became == ASK:
        raise ValidationError(_("Please choose what becomes of it."))
    if len(note) > 300:
        raise ValidationError(_("At most %(count)s characters, please.") % {"count": 300})
    if row.became in (ORDER, HAZARD) or row.became == became:
        return row
    row.became, row.note, row.at, row.by_id = became, note.strip() or row.note, at or timezone.now(), actor.pk
    if became == ORDER:
        row.order = _open_order(actor, row)
    elif became == HAZARD:
        row.hazard = _report_hazard(actor, row)
    row.save()
    facts = {"item": str(row.answer.item.text), "became": became, "finding": row.pk}
    flow.record(round, "found", actor, data=facts)
    return row


def settle_by_rule(round: Round, actor: Any, at: datetime) -> None:
    """What the checklist says becomes of a failed item, for those nobody has decided."""
    asked = Finding.objects.filter(round=round, became=ASK, answer__item__on_fail__in=(ORDER, HAZARD))
    for finding in asked.select_related("round", "answer__item").order_by("id"):
        decide(actor, finding, finding.answer.item.on_fail, at=at)


def _raw(answer: Answer) -> str:
    if answer.item.kind == CHECK:
        return "1" if answer.passed else "0"
    return str(answer.value) if answer.value is not None else answer.text


def words(answer: Answer) -> str:
    """What failed, with the value and what was wanted."""
    return judge(answer.item, _raw(answer), 1).problem or answer.item.words


def shown(answer: Answer) -> str:
    """What was answered, as people read it."""
    item = answer.item
    if item.kind == CHECK:
        return pgettext("an item", "Passed") if answer.passed else pgettext("an item", "Failed")
    if answer.value is not None:
        return measured(answer.value, item.unit)
    return dict(item.choices).get(answer.text, answer.text) or "—"


def _description(finding: Finding) -> str:
    answer, round = finding.answer, finding.round
    lines = [
        _("Found in the round “%(plan)s”, point %(order)s.") % {"plan": round.plan.name, "order": answer.point.order},
        words(answer),
        answer.note,
        finding.note,
        " ".join(filter(None, (answer.item.standard, answer.item.clause))),
    ]
    return "\n".join(dict.fromkeys(line for line in lines if line))


def service_for(round: Round, item: Item, asset: Any) -> Service:
    """Whose work it is: the item's service, else one that repairs this kind of asset, else the department's first."""
    offered = Service.objects.filter(hospital=round.hospital_id, active=True, internal=False)
    named = offered.filter(key=item.service_key).first() if item.service_key else None
    if named is not None:
        return named
    own = list(offered.filter(department=round.department).order_by("id"))
    fitting = [service for service in own if asset and work_types.repairs(service.key, asset.kind.family)]
    if not own:
        raise ValidationError(_("The department offers no service here: an order cannot be opened."))
    return (fitting or own)[0]


def _facts(finding: Finding) -> dict[str, Any]:
    point = finding.answer.point
    unit = finding.round.unit or reporting.unit_at(point.place)
    with translation.override(HOME):
        title = words(finding.answer)
        return {
            "place": point.place,
            "asset": point.asset,
            "unit": unit,
            "title": title if len(title) <= 80 else f"{title[:79]}…",
            "description": _description(finding)[:2000],
        }


def _open_order(actor: Any, finding: Finding) -> Any:
    answer = finding.answer
    order = orders.open_order(
        actor,
        service=service_for(finding.round, answer.item, answer.point.asset),
        urgency=URGENT if answer.item.weight == DANGEROUS else "",
        channel=SYSTEM,
        form_key=uuid.uuid5(KEYS, f"{answer.hospital_id}:{answer.pk}"),
        **_facts(finding),
    )
    for photo in _photos(answer):
        flow.attach(
            order, actor, photo, kind=Attachment.Kind.BEFORE
        )  # part of the report, even where the order leads away
    flow.record(order, "from_round", actor, data=_link(finding))
    return order


def _report_hazard(actor: Any, finding: Finding) -> Any:
    answer = finding.answer
    major = answer.item.weight == DANGEROUS
    hazard = hazards.report(
        actor,
        department=finding.round.department,
        grade=hazard_states.MAJOR if major else hazard_states.GENERAL,
        source=hazard_states.ROUND,
        origin=f"inspections.answer:{answer.pk}",
        photos=_photos(answer),
        **_facts(finding),
    )
    flow.record(hazard, "from_round", actor, data=_link(finding))
    return hazard


def _link(finding: Finding) -> dict[str, Any]:
    return {"round": finding.round_id, "text": finding.round.plan.name}


def _photos(answer: Answer) -> list[Any]:
    kept = Attachment.objects.filter(subject="inspections.answer", subject_id=answer.pk).order_by("id")
    found = [(content_of(photo.sha256), photo.name) for photo in kept]
    return [ContentFile(content, name=name) for content, name in found if content is not None]
