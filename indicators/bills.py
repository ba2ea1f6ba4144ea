"""Why a bill changed (Z12): by how much because more or less was used, and by how much because the price is another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from indicators.library import Amount
from indicators.library.declaring import GAS, GAS_COST, POWER, POWER_COST, WATER, WATER_COST
from indicators.models import Return
from kpi.periods import earlier
from kpi.registry import Words

KEY = "library.z12"
BILLS: tuple[tuple[Amount, Amount], ...] = ((WATER_COST, WATER), (POWER_COST, POWER), (GAS_COST, GAS))


Reported = dict[tuple[int, str], dict[date, Decimal]]  # (hospital, quantity) → first day of the period → its value


@dataclass(frozen=True)
class Change:
    """A bill now and a year before, and what made the difference, in yuan: together they are the difference."""

    label: Words
    before: Decimal
    now: Decimal
    by_quantity: Decimal
    by_price: Decimal


def split(before: tuple[Decimal, Decimal], now: tuple[Decimal, Decimal]) -> tuple[Decimal, Decimal] | None:
    """(quantity, bill) before and now → (Q1 - Q0) × P0 and (P1 - P0) × Q1; None where nothing was used."""
    (q0, bill0), (q1, bill1) = before, now
    if not q0 or not q1:
        return None
    by_quantity = (q1 - q0) * bill0 / q0
    return by_quantity, bill1 - bill0 - by_quantity


def changes(hospitals: Collection[int], first: date, last: date) -> list[Change]:
    """Each bill of the period beside the one a year before, over the hospitals that reported all four; one statement."""
    then = earlier(first, 12) if first.day == 1 else None
    if then is None:
        return []
    keys = {amount.key for pair in BILLS for amount in pair}
    rows = Return.objects.filter(hospital__in=hospitals, quantity__key__in=keys, first__in=(first, then))
    sums: Reported = defaultdict(dict)
    length = (last - first).days
    for hospital, key, begins, ends, amount in rows.values_list("hospital", "quantity__key", "first", "last", "value"):
        if ends == last or (begins == then and abs((ends - begins).days - length) <= 1):  # 29 February
            sums[hospital, key][begins] = amount
    found = [_together(cost, used, hospitals, sums, then, first) for cost, used in BILLS]
    return [change for change in found if change is not None]


def _together(
    cost: Amount, used: Amount, hospitals: Collection[int], sums: Reported, then: date, now: date
) -> Change | None:
    parts = []
    for hospital in hospitals:
        bills, amounts = sums.get((hospital, cost.key), {}), sums.get((hospital, used.key), {})
        if bills.keys() >= {then, now} and amounts.keys() >= {then, now}:
            effects = split((amounts[then], bills[then]), (amounts[now], bills[now]))
            if effects is not None:
                parts.append((bills[then], bills[now], *effects))
    return Change(cost.name, *(sum(column, Decimal(0)) for column in zip(*parts, strict=True))) if parts else None
