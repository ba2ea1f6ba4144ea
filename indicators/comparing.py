"""Hospitals side by side: ratio of sums, rank, quartile and outliers. Pure: numbers in, numbers out, nothing rounded.

Quartiles are the inclusive ones (linear between the ranks, as spreadsheets' QUARTILE.INC). A hospital is an outlier where it
lies more than one and a half times the distance of the quartiles of its group beyond them (Tukey's fences); a group of fewer than
eight hospitals has none. Where the denominator is missing or 0 there is no value: neither 0 nor 100.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from indicators.states import DOWN, HIGH, LOW

ENOUGH = 8  # hospitals in a group, before one of them can be called unusual
FENCE = Decimal("1.5")


@dataclass(frozen=True)
class Standing:
    """A hospital among the others. Rank 1 is the best one, or the largest where neither way is better."""

    hospital: Any
    group: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    rank: int | None = None
    of: int = 0
    quartile: int | None = None  # 1 the best quarter … 4
    outlier: str = ""


def ratio(numerator: Decimal | None, denominator: Decimal | None, factor: Decimal) -> Decimal | None:
    """The value; None where something is missing or there is nothing to divide by."""
    if numerator is None or denominator is None or denominator <= 0:
        return None
    return numerator * factor / denominator


def of_sums(rows: Iterable[Standing], factor: Decimal) -> Decimal | None:
    """All together: the sums of those that have both, divided."""
    counted = [row for row in rows if row.value is not None]
    above = sum((row.numerator or Decimal(0) for row in counted), Decimal(0))
    return ratio(above, sum((row.denominator or Decimal(0) for row in counted), Decimal(0)), factor)


def quantile(values: Sequence[Decimal], share: Decimal) -> Decimal | None:
    """The inclusive quantile of sorted values."""
    if not values:
        return None
    at = share * (len(values) - 1)
    low = int(at)
    return values[low] + (values[min(low + 1, len(values) - 1)] - values[low]) * (at - low)


def fences(values: Sequence[Decimal]) -> tuple[Decimal, Decimal] | None:
    """Below the first and above the second a value is unusual; None for a small group."""
    low, high = quantile(values, Decimal("0.25")), quantile(values, Decimal("0.75"))
    if len(values) < ENOUGH or low is None or high is None:
        return None
    return low - FENCE * (high - low), high + FENCE * (high - low)


def compared(rows: Iterable[Standing], good: str) -> list[Standing]:
    """The same hospitals with rank and quartile among all given, and outliers of their groups; those without a value last."""
    rows = list(rows)
    valued = [row for row in rows if row.value is not None]
    ordered = sorted(valued, key=lambda row: row.value or 0, reverse=good != DOWN)
    groups: dict[str, list[Decimal]] = defaultdict(list)
    for row in valued:
        groups[row.group].append(row.value or Decimal(0))
    limits = {group: fences(sorted(values)) for group, values in groups.items()}
    found, rank = [], 0
    for place, row in enumerate(ordered, 1):
        if place == 1 or row.value != ordered[place - 2].value:
            rank = place  # equals share a rank
        quarter = min(4, (rank - 1) * 4 // len(ordered) + 1)
        outlier = _outlier(row.value or Decimal(0), limits[row.group])
        found.append(replace(row, rank=rank, of=len(ordered), quartile=quarter, outlier=outlier))
    return found + [row for row in rows if row.value is None]


def _outlier(value: Decimal, fence: tuple[Decimal, Decimal] | None) -> str:
    if fence is None or fence[0] <= value <= fence[1]:
        return ""
    return LOW if value < fence[0] else HIGH


def histogram(values: Sequence[Decimal], bars: int = 12) -> list[tuple[Decimal, Decimal, int]]:
    """(from, until, how many) in equal steps between the fences of all; what lies beyond stands in the outer bars."""
    ordered = sorted(values)
    if not ordered:
        return []
    limits = fences(ordered)
    low, high = (max(ordered[0], limits[0]), min(ordered[-1], limits[1])) if limits else (ordered[0], ordered[-1])
    if low == high:
        return [(low, high, len(ordered))]
    step = (high - low) / bars
    counts = [0] * bars
    for value in ordered:
        counts[max(0, min(bars - 1, int((value - low) / step)))] += 1
    return [(low + step * n, low + step * (n + 1), count) for n, count in enumerate(counts)]
