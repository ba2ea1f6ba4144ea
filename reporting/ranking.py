"""Ranking with a sense of chance: who has too few records gets no rank, and shares carry the band that chance alone explains.

Pure. The band of a share is Wilson's score interval at 95 % (E. B. Wilson 1927; the tests reckon the examples of R. G. Newcombe,
Statistics in Medicine 17, 1998). Rank, quartile and unusual values are those of `indicators.comparing`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from indicators import comparing
from indicators.states import DOWN, UP
from kpi.steadiness import BETTER, WORSE

Z = Decimal("1.959964")  # of 95 %
FEW, LACKING, NOTHING = "few", "lacking", "nothing"


def wilson(hits: Decimal, of: Decimal) -> tuple[Decimal, Decimal]:
    """Between which shares (0 to 1) the true one lies, at 95 %."""
    share, square = hits / of, Z * Z
    middle = share + square / (2 * of)
    spread = Z * (share * (1 - share) / of + square / (4 * of * of)).sqrt()
    below = 1 + square / of
    return max(Decimal(0), (middle - spread) / below), min(Decimal(1), (middle + spread) / below)


@dataclass(frozen=True)
class Place:
    """A hospital in the league. Without a rank, `why` says what keeps it out."""

    hospital: Any
    group: str
    numerator: Decimal | None
    denominator: Decimal | None
    value: Decimal | None
    why: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    rank: int | None = None
    of: int = 0
    quartile: int | None = None
    outlier: str = ""
    against: str = ""  # the peers' middle lies outside its band: better or worse than chance

    @property
    def is_small(self) -> bool:
        return self.why == FEW


def banded(place: Place, is_share: bool, factor: Decimal) -> Place:
    """With the band of its share."""
    if not is_share or place.value is None or not place.denominator or place.numerator is None:
        return place
    if not 0 <= place.numerator <= place.denominator:
        return place
    low, high = wilson(place.numerator, place.denominator)
    return replace(place, low=low * factor, high=high * factor)


def ranked(places: Iterable[Place], good: str) -> list[Place]:
    """By rank; those that get none follow, by value. The peers' middle is the median of who is ranked."""
    places = list(places)
    inside = [place for place in places if not place.why and place.value is not None]
    rows = [comparing.Standing(place, place.group, place.numerator, place.denominator, place.value) for place in inside]
    middle = median(inside)
    found = []
    for row in comparing.compared(rows, good):
        facts = {"rank": row.rank, "of": row.of, "quartile": row.quartile, "outlier": row.outlier}
        found.append(replace(row.hospital, against=_against(row.hospital, middle, good), **facts))
    out = [place for place in places if place.why or place.value is None]
    return found + sorted(out, key=lambda place: (place.value is None, place.why))


def median(places: Iterable[Place]) -> Decimal | None:
    """The middle of those that are ranked."""
    values = sorted(place.value for place in places if not place.why and place.value is not None)
    return comparing.quantile(values, Decimal("0.5"))


def _against(place: Place, middle: Decimal | None, good: str) -> str:
    if middle is None or place.low is None or place.high is None or good not in (UP, DOWN):
        return ""
    if place.low <= middle <= place.high:
        return ""
    return BETTER if (place.low > middle) == (good == UP) else WORSE
