"""A closed and published month with everything that may follow: answer, appeal, exclusion, action, late change."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from assessment import domain, freezing, late, publishing
from assessment.models import Action, Exclusion, FrozenFigure, PublishedFigure, Reply
from tests.factories.orders import order
from workorders.models import Service, WorkOrder

KEY = "workorders.on_time"


def last_month() -> date:
    return (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)


def orders(site: Any, month: date, title: str = "漏水") -> list[WorkOrder]:
    """Twelve orders whose limit ended in the month: four in time, eight too late."""
    service = Service.objects.filter(hospital=site.hospital).order_by("pk").first()
    at = timezone.make_aware(datetime.combine(month + timedelta(days=9), time(10)))
    facts = {"title": title, "unit": site.ward, "team": site.team}
    return [
        order(site.hospital, service, site.room, at=at, due_at=at + timedelta(hours=hours), **facts)
        for hours in (20, 20, 20, 20, 1, 1, 1, 1, 1, 1, 1, 2)
    ]


def loop(world: Any, title: str = "漏水", text: str = "x", office: Any = None) -> SimpleNamespace:
    """At hospital A; needs its scope and that of its consortium."""
    month, here = last_month(), world.a.hospital
    made = orders(world.a, month, title)
    freezing.close_month(world.max, here, month)
    publishing.publish(office or world.kim, world.consortium, month)
    figure = FrozenFigure.objects.get(hospital=here, key=KEY)
    other = FrozenFigure.objects.get(hospital=here, key="workorders.received")
    record = ("workorders.workorder", made[-2].pk)
    appeal = domain.file_appeal(world.max, figure, reason="force", text=text, records=[record], names={record: title})
    exclusion = Exclusion.objects.create(
        hospital=here, key=KEY, label=figure.label, month=timezone.localdate().replace(day=1), subject=record[0],
        subject_id=record[1], name=title, reason="rule", text=text, asked_by=world.max, asked_name=world.max.name,
        decide_by=timezone.localdate() + timedelta(days=5),
    )  # fmt: skip
    action = domain.plan_action(
        world.max, other, what=text, owner=world.hal, due_on=timezone.localdate() + timedelta(days=9)
    )
    wanted = Action.objects.filter(hospital=here, figure=figure, state="wanted").first()
    amber = Action.objects.create(
        hospital=here, figure=other, key=other.key, label=other.label, month=month, kind="comment",
        due_on=timezone.localdate() + timedelta(days=5), before=other.value, state="wanted", made_by=world.max,
    )  # fmt: skip
    WorkOrder.objects.filter(pk=made[-1].pk).update(returned=1, due_at=made[-1].due_at + timedelta(days=2))
    late.compare(here, month)
    reply = Reply.objects.get(hospital=here, month=month)
    return SimpleNamespace(
        month=month,
        published=PublishedFigure.objects.get(frozen_id=figure.pk),
        figure=figure,
        appeal=appeal,
        exclusion=exclusion,
        action=action,
        wanted=wanted,
        amber=amber,
        reply=reply,
    )
