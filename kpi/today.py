"""Today's figures, or those of some days, counted by one statement in which each table and time is read once.

Composing it takes longer than counting: the text of a pass is composed once and filled in with hospitals and moment each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.utils import timezone

from kpi.days import midnight
from kpi.passes import of_days, shared, told_by
from kpi.registry import Kpi, Standpoint
from tenancy.lookups import as_array

SAMPLE = date(1970, 1, 1)  # what a text is composed with, to see where its facts go
NOTHING = """SELECT NULL::text, NULL::bigint, NULL::date, NULL::text, NULL::text, NULL::bigint, NULL::text, NULL::numeric,
NULL::numeric WHERE false"""
HOSPITAL, DEPARTMENT = -7_310_955_264_018_637, "\x01department"


class Unknown(Exception):
    """A fact of the statement that is neither today nor a standpoint: it is composed anew each time."""


@dataclass(frozen=True)
class Text:
    """The statement of a pass; of each parameter what it stands for, or its value."""

    sql: str
    facts: tuple[tuple[str, Any], ...]

    def filled(self, stand: Standpoint, now: datetime, days: tuple[date, date]) -> list[Any]:
        values: dict[str, Any] = {"now": now, "today": timezone.localdate(now), "hospitals": as_array(stand.hospitals)}
        values |= {"start": midnight(days[0]), "end": midnight(days[1])}
        of = {"hospital": stand.hospitals, "department": stand.departments}
        return [values[name] if name in values else of[name][fact] if name in of else fact for name, fact in self.facts]


def counted(
    stand: Standpoint, kpis: Iterable[tuple[Kpi, Collection[str]]], first: date | None = None, end: date | None = None
) -> tuple[str, list[Any]]:
    """The statement that counts these days of these figures, each by these kinds of parts; and its parameters.

    Without days today, of which is left out what counts once its day is over.
    """
    groups: dict[Hashable, list[tuple[Kpi, frozenset[str]]]] = defaultdict(list)
    texts, params, now = [], [], timezone.now()  # type: list[str], list[Any], datetime
    today = timezone.localdate(now)
    days = first or today, end or today + timedelta(days=1)
    for kpi, kinds in kpis:
        if first is not None or not is_of_the_past(kpi):
            groups[shared(kpi)].append((kpi, frozenset(kinds)))
    for group in groups.values():
        sql, values = _one(stand, group, now, days)
        texts.append(sql)
        params += values
    return " UNION ALL ".join(texts) or NOTHING, params


def is_of_the_past(kpi: Kpi) -> bool:
    """Whether the figure counts days that are over, so that there is nothing of today."""
    return bool(getattr(told_by(kpi), "day_over", False))


def _one(
    stand: Standpoint, group: list[tuple[Kpi, frozenset[str]]], now: datetime, days: tuple[date, date]
) -> tuple[str, list[Any]]:
    sizes = len(stand.hospitals), len(stand.departments)
    asked = tuple((_Same(kpi), kinds) for kpi, kinds in group)
    text = _text(asked, *sizes, timezone.get_current_timezone_name())
    if text is not None:
        return text.sql, text.filled(stand, now, days)
    return of_days(group, *days, **_narrow(stand.hospitals, stand.departments))


def _narrow(hospitals: Collection[int], departments: Collection[str]) -> dict[str, Any]:
    return {"hospital_id__in": hospitals} | ({"department__in": departments} if departments else {})


class _Same:
    """A figure as it is declared: the same declaration has the same text."""

    def __init__(self, kpi: Kpi) -> None:
        self.kpi = kpi

    def __hash__(self) -> int:
        return hash(self.kpi.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.kpi is self.kpi


@lru_cache(maxsize=1024)
def _text(asked: tuple[tuple[_Same, frozenset[str]], ...], hospitals: int, departments: int, zone: str) -> Text | None:
    narrow = _narrow([HOSPITAL - n for n in range(hospitals)], [f"{DEPARTMENT}{n}" for n in range(departments)])
    before, group = timezone.now(), [(same.kpi, kinds) for same, kinds in asked]
    sql, values = of_days(group, SAMPLE, SAMPLE + timedelta(days=1), **narrow)
    try:
        return Text(sql, tuple(_fact(value, before, timezone.now()) for value in values))
    except Unknown:
        return None


def _fact(value: Any, before: datetime, after: datetime) -> tuple[str, Any]:
    """What a parameter of the sample stands for."""
    if isinstance(value, datetime):
        if value in (midnight(SAMPLE), midnight(SAMPLE + timedelta(days=1))):
            return ("start" if value == midnight(SAMPLE) else "end"), None
        if before <= value <= after:
            return "now", None
        raise Unknown
    if isinstance(value, date):
        if timezone.localdate(before) <= value <= timezone.localdate(after):
            return "today", None
        raise Unknown
    if isinstance(value, str) and value.startswith(DEPARTMENT):
        return "department", int(value.removeprefix(DEPARTMENT))
    if isinstance(value, str) and value.startswith(f"{{{HOSPITAL}"):
        return "hospitals", None
    if isinstance(value, int) and value <= HOSPITAL:
        return "hospital", HOSPITAL - value
    return "", value
