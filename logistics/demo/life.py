"""Ninety days of work, played through the domain functions with a seeded clock."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from flow.origin import PAGE, TASK, coming
from logistics.demo import today
from logistics.demo.build import Built
from workorders import domain, handovers
from workorders.machine import ORDERS
from workorders.models import Problem, Service, WorkOrder

DAYS = 90
HOURS = (1, 1, 1, 1, 1, 2, 3, 8, 12, 13, 12, 9, 6, 7, 10, 11, 9, 7, 5, 4, 4, 3, 2, 1)  # how a hospital's day goes
WEIGHTS = {"maintenance": 10, "cleaning": 6, "procurement": 2, "catering": 3, "security": 1}
PARTS = (
    ("水龙头阀芯", 18),
    ("LED 灯管", 26),
    ("插座面板", 15),
    ("门锁", 85),
    ("角阀", 22),
    ("轴承", 46),
    ("密封胶", 12),
)
REMEDIES = ("更换配件后正常", "紧固后正常", "清理后正常", "调试后正常", "复位后正常")
CAUSES = ("自然磨损", "使用不当", "老化", "堵塞", "松动")
ANSWERS = ("已与班组沟通,向科室致歉", "已安排复查,问题已解决", "已批评教育并列入本月考核")
REMARKS = (
    "",
    "水泵房声音偏大,请白班查看",
    "二号电梯困人已处置,待厂家复检",
    "",
    "夜间一切正常",
    "备用阀芯仅剩两个,已报采购",
)
HANDOVER_DAYS = 10
WORDS = ("很及时,谢谢", "师傅态度很好", "修得很快", "等得有点久", "")

Step = Iterator[datetime]


def live(built: Built, now: datetime, dice: random.Random) -> int:
    """Play a hospital's last ninety days up to `now`, in the order of time. Answers how many orders were reported."""
    services = {s.pk: s for s in Service.objects.filter(hospital=built.hospital, active=True).select_related("team")}
    problems = [p for p in Problem.objects.filter(hospital=built.hospital) if p.service_id in services]
    for problem in problems:
        problem.service = services[problem.service_id]
    weights = [weight_of(problem) for problem in problems]
    order = itertools.count()
    agenda: list[tuple[datetime, int, Step]] = []
    for at in sorted(_moments(built, now, dice)):
        story = _order(built, dice, dice.choices(problems, weights)[0], at)
        heapq.heappush(agenda, (at, next(order), story))
    total = len(agenda)
    signing = _sweeps(built, now)
    heapq.heappush(agenda, (now - timedelta(days=DAYS - 3), next(order), signing))
    for at in (now - timedelta(days=HANDOVER_DAYS),) if "night" in built.named else ():
        heapq.heappush(agenda, (at, next(order), _handovers(built, at)))
    for at, story in today.stories(built, now) if "tech" in built.named else ():
        heapq.heappush(agenda, (at, next(order), story))
        total += 1
    while agenda and agenda[0][0] <= now:
        _, number, story = heapq.heappop(agenda)
        with coming(TASK) if story is signing else coming(PAGE, f"10.21.{number % 8}.{number % 240 + 10}"):
            then = next(story, None)
        if then is not None:
            heapq.heappush(agenda, (then, number, story))
    return total


def weight_of(problem: Problem) -> float:
    """How often it happens: repairs most, emergencies seldom."""
    return WEIGHTS.get(problem.service.department, 1) / (4 if problem.urgency == "critical" else 1)


def _moments(built: Built, now: datetime, dice: random.Random) -> Iterator[datetime]:
    for back in range(DAYS, -1, -1):
        day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        busy = built.plan.per_day * (0.55 if day.weekday() >= 5 else 1.15)
        for _ in range(int(busy) + (dice.random() < busy % 1)):
            at = day + timedelta(
                hours=dice.choices(range(24), HOURS)[0], minutes=dice.randrange(60), seconds=dice.randrange(60)
            )
            if at < now - timedelta(minutes=3):
                yield at


def _sweeps(built: Built, now: datetime) -> Step:
    """The platform's own tick: reminds and closes what nobody signed."""
    at = now - timedelta(days=DAYS - 3)
    while True:
        domain.close_what_nobody_signed(built.hospital, at)
        at += timedelta(hours=6)
        yield at


def _handovers(built: Built, at: datetime) -> Step:
    """The desk hands over to the night and the night to the desk, each evening and morning."""
    day = at.replace(hour=0, minute=0, second=0, microsecond=0)
    for number in itertools.count(1):
        half = timedelta(hours=8) if number % 2 else timedelta(hours=17, minutes=30)
        at = day + timedelta(days=(number + 1) // 2) + half
        yield at
        leaves, comes = ("night", "desk") if number % 2 else ("desk", "night")
        given = handovers.hand_over(built.named[leaves], built.hospital, "", REMARKS[number % len(REMARKS)], at=at)
        at += timedelta(minutes=6 + number % 9)
        yield at
        handovers.take_over(given, built.named[comes], at=at)


def _order(built: Built, dice: random.Random, problem: Problem, at: datetime) -> Step:
    service = problem.service
    unit = dice.choice(built.units)
    nurse = dice.choice(built.nurses[unit.pk])
    asset = None
    if service.key.endswith((".device", ".lift")):
        family = "medical" if service.key.endswith(".device") else "building"
        asset = dice.choice([a for a in built.assets if a.kind.family == family])
    place = asset.place if asset else dice.choice(built.rooms[unit.pk])
    order = domain.open_order(
        nurse, place=place, service=service, problem=problem, asset=asset, unit=unit,
        channel=dice.choices(("web", "scan", "phone"), (5, 6, 3))[0], at=at,
    )  # fmt: skip
    if dice.random() < 0.03:
        yield at + timedelta(minutes=dice.randrange(2, 9))
        ORDERS.move(order, "withdraw", nurse, at=at + timedelta(minutes=5), reason="已自行处理")
        return
    speed = {"normal": 1.0, "urgent": 0.35, "critical": 0.12}[order.urgency] * dice.lognormvariate(0, 0.6)
    speed *= min(1.0, getattr(service, f"complete_{order.urgency}") / 600)  # who promises two hours is quicker
    at = at + timedelta(minutes=3 + 14 * speed)
    yield at
    team = built.teams[service.key]
    worker = dice.choice(built.crew[team.pk])
    ORDERS.move(order, "dispatch", built.named["desk"], at=at, team=team, assignee=worker)
    at += timedelta(minutes=2 + 25 * speed)
    yield at
    ORDERS.move(order, "accept", worker, at=at)
    yield from _work(built, dice, order, worker, nurse, at, speed)


def _work(
    built: Built, dice: random.Random, order: WorkOrder, worker: Any, nurse: Any, at: datetime, speed: float
) -> Step:
    at += timedelta(minutes=4 + 40 * speed)
    yield at
    ORDERS.move(order, "arrive", worker, at=at)
    if dice.random() < 0.07 and order.department == "maintenance":
        at += timedelta(minutes=12)
        yield at
        ORDERS.move(
            order, "wait", worker, at=at, waiting_reason=dice.choices(("material", "outside", "access"), (7, 2, 1))[0]
        )
        at += timedelta(hours=dice.uniform(8, 170))
        yield at
        ORDERS.move(order, "resume", worker, at=at)
    minutes = max(5, int(dice.lognormvariate(3.3, 0.6)))
    late = dice.uniform(8, 40) * 60 if dice.random() < 0.05 else 0
    at += timedelta(minutes=minutes + late)
    yield at
    if order.department == "maintenance" and dice.random() < 0.4:
        text, price = dice.choice(PARTS)
        domain.add_line(
            order, worker, kind="part", text=text, quantity=Decimal(dice.randrange(1, 4)), price=Decimal(price), at=at
        )
    ORDERS.move(
        order, "finish", worker, at=at, musts=order.service.musts, minutes=minutes,
        cause=dice.choice(CAUSES) if order.department == "maintenance" else "", remedy=dice.choice(REMEDIES),
    )  # fmt: skip
    if dice.random() < 0.09:
        return  # nobody signs: the platform reminds, and closes it
    at += timedelta(minutes=5 + dice.expovariate(1 / 420))
    yield at
    if dice.random() < 0.03:
        ORDERS.move(order, "reopen", nurse, at=at, reason="问题还在,请再看一下")
        at += timedelta(minutes=30)
        yield at
        ORDERS.move(order, "accept", worker, at=at)
        yield from _work(built, dice, order, worker, nurse, at, 0.5)
        return
    mood = dice.choices((5, 4, 3, 2), (70, 20, 7, 3))[0]
    stars = (
        {}
        if dice.random() < 0.2
        else {k: min(5, max(1, mood + dice.choice((-1, 0, 0, 0)))) for k in ("attitude", "skill", "speed")}
    )
    ORDERS.move(order, "sign", nurse, at=at, **stars, comment=dice.choice(WORDS) if stars else "")
    at += timedelta(hours=dice.uniform(2, 40))
    yield at
    ORDERS.move(order, "close", built.named["desk"], at=at)
    complaint = WorkOrder.objects.filter(parent=order, service__internal=True, state="reported").first()
    if complaint and "manager" in built.named:
        at += timedelta(hours=dice.uniform(3, 20))
        yield at
        ORDERS.move(complaint, "answer", built.named["manager"], at=at, text=dice.choice(ANSWERS))
