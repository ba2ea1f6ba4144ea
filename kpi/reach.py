"""What would have to change to reach a target: how many more, how many fewer, how much less each. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from kpi.registry import DOWN, UP

SHARE, MEAN, SUM = "share", "mean", "sum"
ONE, CENT = Decimal(1), Decimal("0.01")


@dataclass(frozen=True)
class Needed:
    """So much more (negative: fewer) of the numerator, with the denominator as it was; `each`: of one case of a mean."""

    kind: str
    amount: Decimal
    of: Decimal | None = None
    each: Decimal | None = None

    @property
    def more(self) -> bool:
        return self.amount > 0


def needed(
    kind: str,
    good: str,
    numerator: Decimal,
    denominator: Decimal | None,
    target: Decimal | None,
    factor: Decimal = ONE,
    most: Decimal | None = None,
) -> Needed | None:
    """None where there is no target or nothing to divide by, where it is reached, and where nothing could reach it (a share
    above all, a mean above its `most`)."""
    if target is None or good not in (UP, DOWN) or (kind != SUM and not denominator):
        return None
    if kind == SHARE:
        most = factor
    if target < 0 or (most is not None and target > most):
        return None
    wanted = target / factor * (denominator or ONE if kind != SUM else ONE)
    counts = kind != MEAN and numerator == numerator.to_integral_value() and (denominator or ONE) % 1 == 0
    rounding = ROUND_CEILING if good == UP else ROUND_FLOOR
    wanted = wanted.quantize(ONE if counts else CENT, rounding)
    amount = wanted - numerator
    if amount == 0 or (amount > 0) != (good == UP):
        return None
    if kind == SUM:
        return Needed(kind, amount)
    each = amount * factor / denominator if kind == MEAN and denominator else None
    return Needed(kind, amount, denominator, each)
