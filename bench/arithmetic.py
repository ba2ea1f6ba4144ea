"""Medians, percentiles, gates, and what has become slower than the recorded run."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

WORSE = 0.25  # a ratio that grew by more than this share is named


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of all does not exceed (nearest rank)."""
    ranked = sorted(values)
    return ranked[max(0, math.ceil(share * len(ranked)) - 1)]


def ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """The median of the rounds' ratios; each round is divided by the floor of the same round."""
    return median(a / b for a, b in zip(above, below, strict=True))


@dataclass(frozen=True)
class Gate:
    """A limit that a figure must keep; `at_least` turns it round."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def __str__(self) -> str:
        return f"{self.name} {shown(self.value)} {'≥' if self.at_least else '≤'} {shown(self.limit)}"


def shown(value: float) -> str:
    if value == int(value) and abs(value) < 1e6:
        return str(int(value))
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def regressions(rows: list[dict[str, Any]], recorded: list[dict[str, Any]]) -> list[str]:
    """Rows whose CPU against the floor's, or whose number of statements, is worse than the recorded one.

    CPU, since it changes least from one day and machine to another.
    """
    before = {(row["id"], row["who"], row["what"]): row for row in recorded}
    told = []
    for row in rows:
        old = before.get((row["id"], row["who"], row["what"]), {})
        name = f"{row['id']} {row['who']} {row['what']}"
        if row.get("cpu_ratio") and old.get("cpu_ratio") and row["cpu_ratio"] > old["cpu_ratio"] * (1 + WORSE):
            told.append(f"{name}: {shown(old['cpu_ratio'])}× → {shown(row['cpu_ratio'])}× the CPU of the floor")
        if row.get("sql") and old.get("sql") and row["sql"] > old["sql"]:
            told.append(f"{name}: {old['sql']} → {row['sql']} statements")
    return told
