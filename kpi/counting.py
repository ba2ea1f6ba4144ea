"""Counting records: a figure's sums and the list of records behind it, from one declaration. Rooms say of what."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar
from urllib.parse import quote_plus, urlencode

from django.db.models import Case, Count, DateTimeField, DecimalField, F, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Cast, TruncDate
from django.utils import timezone

from kpi.days import midnight
from kpi.registry import NUMERATOR, Figure
from tenancy.models import Place
from ui.navigation import address

ALL = Q()
NOTHING = Value(None, output_field=DecimalField())


def day_in(column: str) -> Cast:
    """The time by which records count that know their day only: its midnight in UTC lies inside the day in China."""
    return Cast(F(column), DateTimeField())


@dataclass(frozen=True)
class Book:
    """What a room counts: its records, the list that shows them, and by which parts they are broken down."""

    model: Any
    page: str  # URL name of the list
    dimensions: Mapping[str, str]  # kind → column


@dataclass(frozen=True)
class Asked:
    """Which records behind a figure somebody wants to see: of which time, hospitals, departments and parts (kind, refs)."""

    start: datetime
    end: datetime
    hospitals: Sequence[int]
    departments: Sequence[str]
    parts: Sequence[tuple[str, list[str]]]
    part: str


@dataclass(frozen=True)
class Counting:
    """How a figure counts records: which time decides the day, which records count, which of them are hits or what is
    summed over them (never empty for a record that counts). Without `ratio` there is no denominator."""

    book: ClassVar[Book]
    at: Any
    among: Q = ALL
    hits: Q | None = None
    total: Any = None
    ratio: bool = False
    over: str = ""  # records count from the moment in this column on
    day_over: bool = False  # records count once the day that decides is over: of today there are none

    def condition(self) -> Q:
        """Which records count."""
        return self.among & Q(**{f"{self.over}__lte": timezone.now()}) if self.over else self.among

    def counted(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The records that count."""
        found: QuerySet[Any] = rows.filter(self.condition())
        return found

    def adds(self) -> Any:
        """What one record adds to the numerator; nothing at all where it does not count."""
        one: Any = Value(1)
        if self.total is not None:
            one = self.total
        elif self.hits is not None:
            one = Case(When(self.hits, then=one), default=Value(0))
        counts = self.condition()
        return Case(When(counts, then=one)) if counts else one

    def part(self, rows: QuerySet[Any], part: str) -> QuerySet[Any]:
        """The records behind the numerator or the denominator."""
        counted = self.counted(rows)
        return counted.filter(self.hits) if part == NUMERATOR and self.hits is not None else counted

    def within(self, rows: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.alias(moment=self.at).filter(moment__gte=start, moment__lt=end)
        return found

    def of_departments(self, rows: QuerySet[Any], departments: Collection[str]) -> QuerySet[Any]:
        found: QuerySet[Any] = rows.filter(department__in=departments)
        return found

    def of_part(self, rows: QuerySet[Any], kind: str, refs: list[str]) -> QuerySet[Any]:
        """The records of these departments, units, teams, …"""
        if kind == "department":
            return self.of_departments(rows, refs)
        found: QuerySet[Any] = rows.filter(_of(self.book, kind, refs))
        return found

    def behind(self, rows: QuerySet[Any], asked: Asked) -> QuerySet[Any]:
        """The records behind a figure."""
        rows = self.within(rows, asked.start, asked.end).filter(hospital_id__in=asked.hospitals)
        if asked.departments:
            rows = self.of_departments(rows, asked.departments)
        for kind, refs in asked.parts:
            rows = self.of_part(rows, kind, refs)
        return self.part(rows, asked.part)

    def rows(self, start: datetime, end: datetime, kinds: Collection[str] | None = None) -> QuerySet[Any]:
        found = self.counted(self.within(self.book.model.objects.all(), start, end))
        return self.sums(found.annotate(day=TruncDate(self.at)), kinds)

    def sums(self, rows: QuerySet[Any], kinds: Collection[str] | None) -> QuerySet[Any]:
        numerator = Sum(self.total) if self.total is not None else Count("pk", filter=self.hits)
        columns = [column for kind, column in self.book.dimensions.items() if kinds is None or kind in kinds]
        if "place_id" in columns:
            rows, columns = rows.annotate(place_path=F("place__path")), ["place_path", *columns]
        grouped = rows.values("hospital_id", "department", "day", *columns)
        summed: QuerySet[Any] = grouped.annotate(
            numerator=numerator, denominator=Count("pk") if self.ratio else NOTHING
        )
        return summed


@dataclass(frozen=True)
class Standing(Counting):
    """How many records stand like this at this moment, whenever they began."""

    def within(self, rows: QuerySet[Any], start: datetime, end: datetime) -> QuerySet[Any]:
        return rows

    def rows(self, start: datetime, end: datetime, kinds: Collection[str] | None = None) -> QuerySet[Any]:
        today = Value(timezone.localdate())
        return self.sums(self.counted(self.book.model.objects.all()).annotate(day=today), kinds)


_countings: dict[str, Counting] = {}


def declare(key: str, counting: Counting) -> None:
    """Make known how a figure counts, for the lists behind it."""
    _countings[key] = counting


def counting_of(key: str) -> Counting:
    return _countings[key]


def records(figure: Figure, part: str) -> str:
    """The list of exactly the records that a figure counts."""
    stand = figure.stand
    asked: dict[str, Any] = {"figure": figure.kpi.key, "part": part, "first": figure.first, "last": figure.last}
    asked |= {"at": ",".join(map(str, stand.hospitals))}
    asked |= {"of": ",".join(stand.departments)} if stand.departments else {}
    asked |= {"only": stand.kind, "those": ",".join(map(str, stand.refs))} if stand.kind else {}
    asked |= {"by": figure.by, "ref": figure.ref} if figure.by else {}
    return f"{address(counting_of(figure.kpi.key).book.page)}?{urlencode(asked, quote_via=_quoted)}"


@lru_cache(maxsize=4096)
def _quoted(text: str, *how: str) -> str:
    """The addresses of one page say the same again and again."""
    return quote_plus(text, *how)


def counted(rows: QuerySet[Any], asked: Mapping[str, str]) -> QuerySet[Any]:
    """The records an address made by `records` stands for; none where it is broken."""
    try:
        if any("\0" in value for value in asked.values()):
            raise ValueError("no address of ours")
        counting = counting_of(asked["figure"])
        if rows.model is not counting.book.model:
            raise ValueError("a figure of other records")
        return counting.behind(rows, _asked(asked))
    except (KeyError, ValueError, OverflowError):
        return rows.none()


def _asked(asked: Mapping[str, str]) -> Asked:
    """What stands in an address made by `records`."""
    first, last = date.fromisoformat(asked.get("first", "")), date.fromisoformat(asked.get("last", ""))
    parts = ((asked.get("only"), asked.get("those", "")), (asked.get("by"), asked.get("ref", "")))
    return Asked(
        midnight(first), midnight(last + timedelta(days=1)), [int(pk) for pk in asked.get("at", "").split(",") if pk],
        asked["of"].split(",") if asked.get("of") else [], [(kind, refs.split(",")) for kind, refs in parts if kind],
        asked.get("part", NUMERATOR),
    )  # fmt: skip


def _of(book: Book, kind: str, refs: list[str]) -> Q:
    """Records of these units, teams, …; "-": of none. A place's path means everything below it, its id only itself."""
    found = Q(pk__in=[])
    column = {**book.dimensions, "hospital": "hospital_id"}[kind]
    for ref in refs:
        if ref == "-":
            found |= Q(**{f"{column}__isnull": True})
        elif kind == "place" and ref.endswith("."):
            found |= Place.within(ref, "place__path")
        else:
            found |= Q(**{column: int(ref)})
    return found
