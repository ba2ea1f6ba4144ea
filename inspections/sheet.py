"""A round as a phone takes it along: points, items, what is answered so far. Everything it needs without network."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from flow.models import Attachment
from inspections.judging import limits
from inspections.models import Answer, Finding, Item, Point, Round
from inspections.states import CHECK
from tenancy.models import Door

Facts = dict[str, Any]
FINGERPRINT = 32  # hex digits of a label's token: enough to know it again, not to forge it


def fingerprint(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()[:FINGERPRINT]


def for_phone(round: Round, user: Any) -> Facts:
    """Six statements, however many points."""
    points = list(Point.objects.filter(round=round).select_related("place", "asset").order_by("order"))
    items = list(Item.objects.filter(edition=round.edition_id).order_by("order"))
    codes = _codes(round, points)
    return {
        "user": user.pk,
        "made": timezone.now().isoformat(),
        "words": words(),
        "round": round.pk,
        "name": round.plan.name,
        "ordered": round.plan.ordered and round.plan.is_route,
        "started": timezone.localtime(round.started_at).isoformat() if round.started_at else "",
        "urls": {
            "send": reverse("inspections:my_send", args=[round.pk]),
            "who": reverse("inspections:my_who"),
            "here": reverse("inspections:my", args=[round.pk]),
            "worker": reverse("inspections:worker"),
        },
        "points": [_point(point, codes) for point in points],
        "items": [_item(item) for item in items],
        "answers": _answers(points),
    }


def words() -> dict[str, str]:
    """What the phone says by itself, in the reader's language."""
    return {
        "passed": pgettext("an item", "Passed"),
        "failed": pgettext("an item", "Failed"),
        "pass": pgettext("button at an item", "Pass"),
        "fail": pgettext("button at an item", "Fail"),
        "limits": _("Wanted: %s"),
        "photo": _("Photo"),
        "photos": _("Photos: %s"),
        "photo_asked": _("A photo is asked for."),
        "note": _("Note"),
        "became": _("What becomes of it?"),
        "fixed": _("Fixed on the spot"),
        "order": _("Work order"),
        "hazard": _("Hazard"),
        "rule": _("The checklist says so"),
        "raised": _("Raised: %s"),
        "open": _("To do"),
        "in_use": _("In use"),
        "not_found": _("Not found"),
        "done": _("Done"),
        "again": _("Check it after all"),
        "next": _("Next point"),
        "point_done": _("Point done"),
        "missing": _("Still missing: %s"),
        "decide": _("Please choose what becomes of what failed."),
        "here": _("Scan the label here, or tap to begin"),
        "fast": _("Faster than one can walk"),
        "unknown": _("This code does not belong to this round."),
        "sent": _("Everything sent"),
        "waits": _("%s answers wait"),
        "one_waits": _("1 answer waits"),
        "signed_out": _("Sign in again to send"),
        "refused": _("Not taken"),
        "forget": _("Seen"),
        "finish_waits": _("Finished. It is sent as soon as there is network."),
        "points": _("%(done)s of %(all)s points"),
        "found": _("Found: %s"),
        "required": _("must be answered"),
        "critical": _("Dangerous"),
    }


def _codes(round: Round, points: list[Point]) -> dict[tuple[int, int | None], str]:
    """What hangs there, by place and asset; only fingerprints leave the server."""
    places = {point.place_id for point in points}
    assets = {point.asset_id for point in points if point.asset_id}
    doors = Door.objects.filter(hospital=round.hospital_id, revoked_at=None)
    found: dict[tuple[int, int | None], str] = {}
    for door in doors.filter(asset_id__in=assets):
        found[(0, door.asset_id)] = fingerprint(door.token)
    for door in doors.filter(asset_id=None, place_id__in=places):
        found[(door.place_id, None)] = fingerprint(door.token)
    return found


def _point(point: Point, codes: dict[tuple[int, int | None], str]) -> Facts:
    asset = point.asset
    key = (0, asset.pk) if asset else (point.place_id, None)
    return {
        "id": point.pk,
        "order": point.order,
        "name": asset.name if asset else point.place.name,
        "where": point.place.full_name,
        "code": asset.code if asset else point.place.code,
        "mark": codes.get(key, ""),
        "state": point.state,
        "reached": bool(point.reached_at),
        "note": point.note,
        "fast": point.too_fast,
    }


def _item(item: Item) -> Facts:
    return {
        "id": item.pk,
        "section": item.heading,
        "text": item.words,
        "hint": item.advice,
        "kind": item.kind,
        "unit": item.unit,
        "low": None if item.low is None else str(item.low),
        "high": None if item.high is None else str(item.high),
        "limits": limits(item),
        "options": [{"value": value, "label": label, "passes": value in item.passing} for value, label in item.choices],
        "judged": bool(item.passing),
        "required": item.required,
        "photo": item.photo,
        "weight": item.weight,
        "rule": item.on_fail,
        "clause": " ".join(filter(None, (item.standard, item.clause))),
    }


def raw_of(answer: Answer, kind: str) -> str:
    """The answer as it was typed or tapped."""
    if kind == CHECK:
        return "1" if answer.passed else "0"
    if answer.value is not None:
        return f"{answer.value.normalize():f}"
    return answer.text


def _answers(points: list[Point]) -> list[Facts]:
    answers = list(Answer.objects.filter(point__in=points).select_related("item"))
    found = {f.answer_id: f for f in Finding.objects.filter(answer__in=answers).select_related("order", "hazard")}
    kept = Attachment.objects.filter(subject="inspections.answer", subject_id__in=[answer.pk for answer in answers])
    photos = Counter(kept.values_list("subject_id", flat=True))
    rows = []
    for answer in answers:
        finding = found.get(answer.pk)
        rows.append(
            {
                "point": answer.point_id,
                "item": answer.item_id,
                "raw": raw_of(answer, answer.item.kind),
                "passed": answer.passed,
                "note": answer.note,
                "photos": photos[answer.pk],
                "became": finding.became if finding else "",
                "number": _number(finding),
            }
        )
    return rows


def _number(finding: Finding | None) -> str:
    if finding is None:
        return ""
    raised = finding.order or finding.hazard
    return raised.number if raised else ""
