"""A round as it is told afterwards: point by point, what was answered, what failed, when and how somebody stood there."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from flow.models import Attachment
from flow.states import State
from hazards.models import Hazard
from hazards.permissions import HAZARD_VIEW
from inspections import findings
from inspections.models import Answer, Finding, Point, Round
from inspections.states import FINDINGS, POINT_STATES, WAYS


@dataclass
class Said:
    """One answer as people read it."""

    answer: Answer
    shown: str
    finding: Finding | None
    became: State | None
    photos: list[Attachment]


@dataclass
class Stop:
    """One point of a round that was begun."""

    point: Point
    state: State
    way: State | None
    minutes: int | None
    said: list[Said] = field(default_factory=list)

    @property
    def failed(self) -> int:
        return sum(one.answer.passed is False for one in self.said)

    @property
    def reached(self) -> datetime | None:
        return timezone.localtime(self.point.reached_at) if self.point.reached_at else None


def stops(round: Round) -> list[Stop]:
    """Four statements, however many points."""
    points = list(Point.objects.filter(round=round).select_related("place", "asset", "by").order_by("order"))
    if not points:
        return []
    answers = list(
        Answer.objects.filter(point__round=round).select_related("item", "by").order_by("point__order", "item__order")
    )
    found = {f.answer_id: f for f in Finding.objects.filter(round=round).select_related("order", "hazard")}
    ids = [answer.pk for answer in answers]
    photos: defaultdict[int, list[Attachment]] = defaultdict(list)
    for photo in Attachment.objects.filter(subject="inspections.answer", subject_id__in=ids).order_by("id"):
        photos[photo.subject_id].append(photo)
    by_point: defaultdict[int, list[Said]] = defaultdict(list)
    for answer in answers:
        finding = found.get(answer.pk)
        became = FINDINGS[finding.became] if finding else None
        by_point[answer.point_id].append(Said(answer, findings.shown(answer), finding, became, photos[answer.pk]))
    return [_stop(point, by_point[point.pk]) for point in points]


def hazards_seen(user: Any, stops: list[Stop]) -> set[int]:
    """The hazards found on the round that this person may open."""
    found = {one.finding.hazard_id for stop in stops for one in stop.said if one.finding and one.finding.hazard_id}
    return (
        set(Hazard.objects.for_user(user, HAZARD_VIEW).filter(pk__in=found).values_list("pk", flat=True))
        if found
        else set()
    )


def _stop(point: Point, said: list[Said]) -> Stop:
    spent = (point.left_at - point.reached_at) if point.left_at and point.reached_at else None
    way = WAYS[point.way] if point.reached_at else None
    return Stop(point, POINT_STATES[point.state], way, round(spent.total_seconds() / 60) if spent else None, said)
