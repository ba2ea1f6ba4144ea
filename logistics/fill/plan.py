"""How large the consortium becomes: hospitals, years, orders, and how they are spread over hospitals, days and hours."""

from __future__ import annotations

import itertools
import math
import random
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

SKEW = 0.556  # the share of the k-th hospital goes with k to this power downwards: 9 % for the first of fifty
OPEN_SHARE = 0.015
OPEN_PEAK = 0.9  # how many of the very newest orders are still open
GROWTH = 1.06  # orders of a year against the year before
WEEK = (1.18, 1.12, 1.08, 1.06, 1.1, 0.72, 0.6)  # Monday to Sunday
MONTHS = (1.1, 0.82, 0.98, 0.95, 0.97, 1.05, 1.16, 1.14, 1.0, 0.92, 0.97, 1.06)  # cold, spring festival, heat
HOURS = (2, 2, 2, 1, 2, 4, 8, 17, 24, 22, 19, 14, 10, 13, 18, 18, 15, 12, 10, 9, 8, 6, 4, 3)  # how a day goes


@dataclass(frozen=True)
class Plan:
    """What is asked for. `people` is the mean of a hospital; `until` the moment it all counts back from."""

    hospitals: int
    years: int
    orders: int
    people: int
    places: int
    assets: int
    seed: int
    until: datetime

    @property
    def since(self) -> date:
        """The first day orders are reported on."""
        return timezone.localdate(self.until) - timedelta(days=365 * self.years)

    def dice(self, what: str) -> random.Random:
        """Chance for one purpose: what is decided elsewhere never changes it."""
        return random.Random(f"{self.seed}:{what}")

    def shares(self) -> list[float]:
        """Each hospital's share of everything, the largest first; together one."""
        weights = [(k + 1) ** -SKEW for k in range(self.hospitals)]
        return [weight / sum(weights) for weight in weights]


SIZES: dict[str, dict[str, int]] = {
    "S": {"hospitals": 3, "years": 2, "orders": 20_000, "people": 120, "places": 900, "assets": 3_000},
    "M": {"hospitals": 12, "years": 5, "orders": 200_000, "people": 160, "places": 3_600, "assets": 20_000},
    "L": {"hospitals": 50, "years": 10, "orders": 2_000_000, "people": 200, "places": 10_000, "assets": 100_000},
}


def plan_of(size: str, seed: int, until: datetime, **wanted: int | None) -> Plan:
    """A shipped size, or numbers of one's own; places and assets follow the number of orders and hospitals."""
    own: dict[str, Any] = {key: value for key, value in wanted.items() if value is not None}
    known = {**SIZES[size], **own}
    if own.keys() & {"hospitals", "orders"}:
        known["places"] = max(70 * known["hospitals"], min(200 * known["hospitals"], known["orders"] // 20))
        known["assets"] = max(40 * known["hospitals"], known["orders"] // 20)
    return Plan(**known, seed=seed, until=until.replace(microsecond=0))


@dataclass(frozen=True)
class Day:
    """The orders of one day, by their running numbers; `seconds`: how much of the day has passed."""

    day: date
    first: int
    count: int
    seconds: int | None


def days_of(plan: Plan) -> list[Day]:
    """All orders spread over the days: growth, seasons, weekdays, good and bad days. Exactly as many as asked for."""
    dice, today = plan.dice("days"), timezone.localdate(plan.until)
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    passed = int((plan.until - midnight).total_seconds())
    days = [plan.since + timedelta(days=n) for n in range(365 * plan.years + 1)]
    weights = []
    for number, day in enumerate(days):
        part = passed / 86_400 if day == today else 1.0
        busy = WEEK[day.weekday()] * MONTHS[day.month - 1] * GROWTH ** (number / 365)
        weights.append(part * busy * math.exp(dice.gauss(0, 0.12)))
    scale, before, found, total = plan.orders / sum(weights), 0, [], 0.0
    for day, weight in zip(days, weights, strict=True):
        total += weight * scale
        end = plan.orders if day == days[-1] else round(total)
        found.append(Day(day, before, end - before, passed if day == today else None))
        before = end
    return found


def open_orders(plan: Plan) -> list[tuple[int, str]]:
    """Which orders are open at the end, and how far they got: mostly the newest, of the older ones those that wait."""
    dice, wanted = plan.dice("open"), round(plan.orders * OPEN_SHARE)
    reach = min(plan.orders, max(wanted, math.ceil(2 * wanted / OPEN_PEAK)))
    keyed = ((dice.random() ** (1 / (1 - rank / (reach + 1))), rank) for rank in range(reach))
    ranks = sorted(rank for _key, rank in sorted(keyed, reverse=True)[:wanted])
    states = ("reported", "dispatched", "accepted", "arrived", "waiting")
    found = []
    for place, rank in enumerate(ranks):
        age = place / max(1, wanted)
        likely = (30, 30, 16, 16, 8) if age < 0.08 else (6, 14, 12, 18, 50) if age < 0.3 else (1, 3, 4, 7, 85)
        state = states[place] if place < len(states) else dice.choices(states, likely)[0]
        found.append((plan.orders - 1 - rank, state))
    return found


def hours() -> list[int]:
    """The hours of a day, each as often as something is reported in it."""
    return list(itertools.chain.from_iterable([hour] * often for hour, often in enumerate(HOURS)))
