"""Twenty-one months before the ninety days, brought in as an older system's finished orders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from logistics.demo.build import Built
from logistics.demo.life import DAYS, HOURS, weight_of
from workorders.imports import Old, bring_in_orders
from workorders.models import Problem

MONTHS = 21


def bring_in(actor: Any, built: Built, now: datetime, dice: random.Random) -> int:
    """Import a hospital's earlier orders, a little more of them the further back. Answers how many."""
    return bring_in_orders(actor, built.hospital, list(_orders(built, now, dice)))


def _orders(built: Built, now: datetime, dice: random.Random) -> Iterator[Old]:
    problems = list(Problem.objects.filter(hospital=built.hospital).select_related("service"))
    weights = [weight_of(problem) for problem in problems]
    for back in range(DAYS + MONTHS * 30 + 10, DAYS, -1):
        day = (now - timedelta(days=back)).replace(hour=0, minute=0, second=0, microsecond=0)
        season = 1.15 if day.month in (1, 2, 7, 8) else 1.0
        busy = built.plan.per_day * (0.55 if day.weekday() >= 5 else 1.15) * season * (1 + back / 3000)
        for _ in range(int(busy) + (dice.random() < busy % 1)):
            at = day + timedelta(hours=dice.choices(range(24), HOURS)[0], minutes=dice.randrange(60))
            yield _order(built, dice, dice.choices(problems, weights)[0], at)


def _order(built: Built, dice: random.Random, problem: Problem, at: datetime) -> Old:
    unit = dice.choice(built.units)
    limit = problem.service.complete_normal
    took = limit * dice.lognormvariate(-1.1, 0.7)
    cost = (
        Decimal(dice.randrange(10, 400)) if problem.service.department == "maintenance" and dice.random() < 0.4 else 0
    )
    return Old(
        reported_at=at,
        finished_at=at + timedelta(minutes=took),
        title=str(problem),
        service=problem.service,
        place=dice.choice(built.rooms[unit.pk]),
        unit=unit,
        cost=Decimal(cost),
        reporter_name=dice.choice(built.nurses[unit.pk]).name,
        origin={"file": "旧系统导出.csv"},
    )
