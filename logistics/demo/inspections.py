"""Rounds of the demonstration: one done with something found, one under way, some due today, one that was missed."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile
from PIL import Image

from inspections import findings, working
from inspections.models import Answer, Checklist, Finding, Item, Plan, PlanPoint, Point, Round
from inspections.states import CHECK, CHOICE, METER, ONE_ASSET, PHOTO, ROUTE, RUNNING, VALUE
from inspections.states import PLACE as ONE_PLACE
from logistics.demo.build import Built

DAY = timedelta(days=1)
PUMPS, WARDS = 5, 4


def inspect(built: Built, now: datetime) -> int:
    """What the technician of the demonstration finds under “My rounds”. Answers how many rounds there are."""
    checklists = {one.key: one for one in Checklist.objects.filter(consortium=built.hospital.consortium_id)}
    motors, wards = checklists.get("maintenance.motors"), checklists.get("maintenance.ward_round")
    if "tech" not in built.named or motors is None or wards is None:
        return 0
    route = _route(built, motors, now)
    _walk(built, _due(route, now - DAY), now - DAY, fails=2)
    _walk(built, _due(route, now), now - timedelta(minutes=25), fails=0, until=2)
    for number, ward in enumerate(built.units[:WARDS]):
        plan = _plan(
            built, wards, f"{ward.name}周巡", now, subject=ONE_PLACE, place=ward.place, unit=ward, needs_signature=True
        )
        _due(plan, now + timedelta(hours=2 + number) if number else now - 3 * DAY)
    return Round.objects.filter(hospital=built.hospital).count()


def _plan(built: Built, checklist: Checklist, name: str, now: datetime, **facts: Any) -> Plan:
    team = built.teams["maintenance.water"]
    return Plan.objects.create(
        hospital=built.hospital, name=name, department=checklist.department, checklist=checklist, team=team,
        state=RUNNING, step="week", weekdays=[(now + DAY).weekday()], starts_on=(now + DAY).date(), **facts,
    )  # fmt: skip


def _route(built: Built, checklist: Checklist, now: datetime) -> Plan:
    pumps = built.assets[:PUMPS]
    plan = _plan(built, checklist, "水泵房周检", now, subject=ROUTE, place=pumps[0].place)
    PlanPoint.objects.bulk_create(
        PlanPoint(hospital=built.hospital, plan=plan, order=n, place_id=pump.place_id, asset=pump, walk=30)
        for n, pump in enumerate(pumps, start=1)
    )
    return plan


def _due(plan: Plan, at: datetime) -> Round:
    asset = plan.asset if plan.subject == ONE_ASSET else None
    return Round.objects.create(
        hospital=plan.hospital, plan=plan, checklist=plan.checklist, department=plan.department, team=plan.team,
        place=plan.place, asset=asset, unit=plan.unit, needs_signature=plan.needs_signature, minutes=plan.minutes,
        due_at=at, opens_at=at - DAY, late_from=at + DAY,
    )  # fmt: skip


def _walk(built: Built, due: Round, at: datetime, *, fails: int, until: int | None = None) -> None:
    """From point to point; at the point numbered `fails` something is wrong and becomes an order."""
    worker = built.named["tech"]
    round = working.start(worker, due, at=at)
    items = list(Item.objects.filter(edition=round.edition_id).order_by("order"))
    points = Point.objects.filter(round=round).select_related("round", "place", "asset__kind").order_by("order")
    for point in points[:until]:
        at += timedelta(minutes=4)
        working.reach(worker, point, "scan", at)
        said = {item.pk: _raw(item) for item in items}
        wrong = next((item for item in items if item.kind == CHECK), None) if point.order == fails else None
        if wrong is not None:
            said[wrong.pk] = "0"
        working.answer(worker, point, said, notes={wrong.pk: "轴封处渗水"} if wrong else {}, at=at + DAY / 1440)
        _photos(worker, point, items, at)
    for finding in Finding.objects.filter(round=round).select_related("round"):
        findings.decide(worker, finding, "order", at=at)
    if until is None:
        working.finish(worker, round, at=at + timedelta(minutes=3))


def _photos(worker: Any, point: Point, items: list[Item], at: datetime) -> None:
    answers = {one.item_id: one for one in Answer.objects.filter(point=point).select_related("point__round")}
    for item in working.photos_missing(point, items, answers):
        out = io.BytesIO()
        Image.new("RGB", (640, 480), (96, 112, 120 + point.order)).save(out, "JPEG")
        working.add_photo(worker, answers[item.pk], ContentFile(out.getvalue(), name="现场.jpg"), at=at)


def _raw(item: Item) -> str:
    """What passes."""
    if item.kind == CHECK:
        return "1"
    if item.kind in (VALUE, METER):
        known = [limit for limit in (item.low, item.high) if limit is not None]
        return str(sum(known) / len(known) if known else 20)
    if item.kind == CHOICE:
        return str((item.passing or item.options)[0])
    return "" if item.kind == PHOTO else "正常"
