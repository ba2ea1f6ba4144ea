"""What a figure is, as an app declares it, and the list of all that are declared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from kpi.written import Written

Words = str | Promise
COUNT, PERCENT, DURATION, MONEY, STARS = "count", "percent", "duration", "money", "stars"
UP, DOWN, WATCH = "up", "down", "watch"  # which way is better
NUMERATOR, DENOMINATOR = "numerator", "denominator"
SHORT = "short"  # what keeps the numerator from being the denominator
Rows = QuerySet[Any] | Written


@dataclass(frozen=True)
class Explain:
    """A figure in words: for whoever asks what it says, what is counted and where it comes from."""

    meaning: Words
    numerator: Words
    denominator: Words = ""
    exclusions: Words = ""
    period: Words = ""  # which day decides
    source: Words = ""  # the paper that asks for it


@dataclass(frozen=True)
class Kpi:
    """A figure: a ratio of two sums, or one sum.

    `rows(start, end, kinds)` answers an aggregated queryset, or SQL (`kpi.written`), whose columns are hospital_id, department,
    day, those that `dimensions` names for these kinds (None: for all), numerator and denominator (None for a mere sum). With
    the dimension "place" comes a column place_path.
    """

    key: str  # "workorders.on_time"
    label: Words
    unit: str
    good: str
    rows: Callable[[datetime, datetime, Collection[str] | None], Rows]
    explain: Explain
    dimensions: Mapping[str, str] = field(default_factory=dict)  # kind → column
    records: Callable[[Figure, str], str] | None = None  # (figure, part) → address of the list behind it
    parts: tuple[str, ...] = (NUMERATOR,)  # which of the two sums are counts of records
    lacking: Words = ""  # the list of records that fall short, where the sums are no counts of them: machine-days
    target: Decimal | None = None  # unless the consortium or the hospital has set another
    snapshot: bool = False  # how things stand now: never stored
    needs: str = ""  # a permission beside the one to see figures
    questions: Mapping[str, Words] = field(
        default_factory=dict
    )  # a dashboard's charts: dimension ("": over time) → title
    front: bool = False  # one of the six on top of a dashboard
    order: int = 50

    @property
    def is_ratio(self) -> bool:
        return self.unit in (PERCENT, DURATION, STARS)

    def value(self, numerator: Decimal | None, denominator: Decimal | None) -> Decimal | None:
        """The figure itself; None ("—") where there is nothing to divide by."""
        if not self.is_ratio:
            return numerator or Decimal(0)
        if not denominator:
            return None
        return (numerator or Decimal(0)) / denominator * (100 if self.unit == PERCENT else 1)


@dataclass(frozen=True)
class Standpoint:
    """From where somebody looks at figures: whole hospitals, departments of them, or one part (kind and refs)."""

    hospitals: tuple[int, ...]
    departments: tuple[str, ...] = ()  # empty: all
    kind: str = ""
    refs: tuple[int | str, ...] = ()  # ids; for places the path


@dataclass(frozen=True)
class Figure:
    """One value: which figure, seen from where, of which days (both included); `by` and `ref` are a drill further."""

    kpi: Kpi
    stand: Standpoint
    first: date
    last: date
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    by: str = ""
    ref: int | str = 0

    @property
    def value(self) -> Decimal | None:
        return self.kpi.value(self.numerator, self.denominator)

    def url(self, part: str = NUMERATOR) -> str:
        """The list of records whose count is this part; empty where there is none."""
        counts = part in self.kpi.parts or (part == SHORT and self.kpi.lacking)
        return self.kpi.records(self, part) if self.kpi.records and counts else ""


_kpis: dict[str, Kpi] = {}


def register(*kpis: Kpi) -> None:
    """Make figures known. A key registered twice is a programming error."""
    for kpi in kpis:
        if kpi.key in _kpis and _kpis[kpi.key] is not kpi:
            raise ValueError(f"figure {kpi.key!r} registered twice")
        _kpis[kpi.key] = kpi


def get(key: str) -> Kpi:
    return _kpis[key]


def kpis() -> list[Kpi]:
    """Every figure, in the order of the pages."""
    return sorted(_kpis.values(), key=lambda kpi: (kpi.order, kpi.key))


def measured() -> list[Kpi]:
    """The figures that are stored day by day."""
    return [kpi for kpi in kpis() if not kpi.snapshot]
