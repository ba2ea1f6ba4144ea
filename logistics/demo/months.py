"""The last months of the demonstration, closed and published: accepted, appealed against, acted upon."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from accounts.models import User
from assessment import domain, freezing, publishing, queries
from assessment.machine import ACTION, APPEAL, REPLIES
from assessment.models import Action, FrozenFigure, FrozenRows, Reply
from assessment.states import CORRECTIVE, FORCE, WANTED
from kpi.periods import earlier
from logistics.demo.build import Built

MONTHS = 3  # closed and published; the newest waits for its answers
APPEALED = "workorders.on_time"


def close(consortium: Any, built: list[Built], now: datetime) -> int:
    """Close and publish the months that are over, the oldest first. Answers how many figures were frozen."""
    office = User.objects.get(email__startswith="office@")
    figures = 0
    for ago in range(MONTHS, 0, -1):
        month = earlier(now.date().replace(day=1), ago)
        for one in built:
            figures += freezing.close_month(office, one.hospital, month).figures
        publishing.publish(office, consortium, month, "" if ago > 1 else "请重点关注及时完成率。")
        if ago > 1:
            _answer(office, built, month)
    _act(built, now.date())
    return figures


def _manager(one: Built) -> Any:
    return next(iter(queries.of_role("manager", one.hospital)), None)


def _answer(office: Any, built: list[Built], month: date) -> None:
    """The first hospital appeals against one figure; it is upheld. All accept the rest."""
    for number, one in enumerate(built):
        manager = _manager(one)
        if manager is None:
            continue
        figure = FrozenFigure.objects.filter(hospital=one.hospital, month=month, key=APPEALED).first()
        if number == 0 and figure is not None:
            late = _missed(figure)
            if late:
                appeal = domain.file_appeal(
                    manager, figure, reason=FORCE, text="当日供电局停电检修，无法按时完成。", records=late,
                    names={key: f"停电当日工单 {key[1]}" for key in late},
                )  # fmt: skip
                if not queries.belongs_to(office, one.hospital.pk):
                    APPEAL.move(appeal, "uphold", office, decision="停电有书面通知，情况属实。", leave_out=[0])
        REPLIES.move(Reply.objects.get(hospital=one.hospital, month=month), "accept", manager)


def _missed(figure: FrozenFigure) -> list[tuple[str, int]]:
    rows = {row.part: row for row in FrozenRows.objects.filter(figure=figure)}
    if "denominator" not in rows:
        return []
    missed = sorted(set(rows["denominator"].ids) - set(rows["numerator"].ids))
    return [(rows["denominator"].subject, pk) for pk in missed[:2]]


def _act(built: list[Built], today: date) -> None:
    """At each hospital the oldest corrective action that was asked for is planned; the first one's is done."""
    for number, one in enumerate(built):
        manager, owners = _manager(one), queries.owners(one.hospital)
        wanted = Action.objects.filter(hospital=one.hospital, kind=CORRECTIVE, state=WANTED).order_by("pk").first()
        if manager is None or wanted is None or not owners:
            continue
        action = ACTION.move(
            wanted, "plan", manager, what="夜间增加一组维修人员，每周复盘超时工单。", owner=owners[0][0],
            due_on=today + timedelta(days=20 + number), expected=wanted.figure.target or Decimal(95),
        )  # fmt: skip
        if number == 0:
            ACTION.move(action, "finish", manager, note="夜班已调整，响应时间缩短。")
