"""The statements that count figures. Figures that share records and the time that decides the day are counted in one pass.

Every statement answers kpi, day, department, kind, ref, path, numerator, denominator: each figure as a whole (kind empty) and
once more for every dimension it declares. What is older than the month before the running one is kept by month where it is of a
part, the month by its first day: pages ask for months, and of most parts there is little on a day.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import TruncDate
from django.utils import timezone

from kpi.counting import Counting, Standing
from kpi.days import by_day_since, midnight, whole_months
from kpi.registry import Kpi
from kpi.spans import Spans

Statement = tuple[str, list[Any]]

# The rows of one figure, each as a whole and once more for every dimension.
FAN = """SELECT f.hospital_id, {day} AS day, f.department, d.kind, d.ref, min(d.path) AS path,
       sum(f.numerator::numeric(20, 4)) AS numerator, sum(f.denominator::numeric(20, 4)) AS denominator
FROM ({rows}) f CROSS JOIN LATERAL (VALUES {fan}) AS d (kind, ref, path)
WHERE d.ref IS NOT NULL GROUP BY f.hospital_id, {day}, f.department, d.kind, d.ref
"""
MONTH = "CASE WHEN d.kind = '' THEN f.day ELSE date_trunc('month', f.day)::date END"
ONE = "SELECT '{kpi}' AS kpi, day, department, kind, ref, path, numerator, denominator FROM ({fanned}) o"
# Records once, each with what it adds to every figure; summed by all dimensions at once, then a row for every figure.
PASS = """SELECT k.kpi, {whose}g.day, g.department, g.kind, g.ref, g.path,
       k.numerator::numeric(20, 4) AS numerator, k.denominator::numeric(20, 4) AS denominator
FROM (
    SELECT {when}, department, {kind} AS kind, {ref} AS ref, {path} AS path, {sums}
    FROM ({facts}) f GROUP BY GROUPING SETS ({sets})
) g CROSS JOIN LATERAL (VALUES {figures}) AS k (kpi, numerator, denominator, counted)
WHERE k.counted > 0 AND g.ref IS NOT NULL
"""


def fanned(
    kpi: Kpi,
    first: date,
    end: date,
    kinds: Collection[str] | None = None,
    *,
    by_month: bool = False,
    **narrow: Any,
) -> Statement:
    """The statement that counts one figure from `first` until before `end`, by its own rows; with a column hospital_id."""
    rows = kpi.rows(midnight(first), midnight(end), kinds).filter(**narrow).order_by()
    sql, params = rows.query.sql_with_params()
    fan = []
    for kind, column in {"": "0", **kpi.dimensions}.items():
        if kinds is None or kind in kinds:
            path = "f.place_path" if kind == "place" else "''"
            fan.append(f"('{kind}', {column if not kind else 'f.' + column}::bigint, {path})")
    if not fan:  # nothing of what is asked is counted by this figure
        fan.append("('', NULL::bigint, '')")
    return FAN.format(rows=sql, fan=", ".join(fan), day=MONTH if by_month else "f.day"), list(params)


@dataclass(frozen=True)
class Sheet:
    """Rows to be stored: the statement that counts them, and which they are: by which kinds of parts, of which days, parts by
    month or not."""

    sql: str
    params: list[Any]
    kinds: list[str]
    first: date
    end: date
    by_month: bool = False


@dataclass(frozen=True)
class Pass:
    """Figures that are counted together: by one statement of a hospital's days."""

    kpis: tuple[Kpi, ...]

    @property
    def keys(self) -> list[str]:
        return [kpi.key for kpi in self.kpis]

    @property
    def kinds(self) -> list[str]:
        return ["", *self.kpis[0].dimensions]

    def sheets(self, hospital_id: int, first: date, end: date) -> list[Sheet]:
        """What is to be stored for these days; of what is kept by month the whole months."""
        if (spans := spans_behind(self.kpis[0])) is not None:
            return self._of_spans(spans, hospital_id, first, end)
        found, fine = [], by_day_since()
        if first < fine:
            months = whole_months(first, min(end, fine))
            found.append(
                Sheet(*self._statement(hospital_id, *months, by_month=True), self.kinds, *months, by_month=True)
            )
        if fine < end:
            days = max(first, fine), end
            found.append(Sheet(*self._statement(hospital_id, *days), self.kinds, *days))
        return found

    def _of_spans(self, spans: Spans, hospital_id: int, first: date, end: date) -> list[Sheet]:
        """The parts by month, however young."""
        key, months = self.kpis[0].key, whole_months(first, end)
        sql, params = fanned(self.kpis[0], first, end, [""], hospital_id=hospital_id)
        return [
            Sheet(ONE.format(kpi=key, fanned=sql), params, [""], first, end),
            Sheet(*spans.by_month(key, hospital_id, *months), self.kinds[1:], *months, by_month=True),
        ]

    def _statement(self, hospital_id: int, first: date, end: date, *, by_month: bool = False) -> Statement:
        countings = [counting for kpi in self.kpis if (counting := plainly_counted(kpi))]
        if not countings:
            sql, params = fanned(self.kpis[0], first, end, by_month=by_month, hospital_id=hospital_id)
            return ONE.format(kpi=self.kpis[0].key, fanned=sql), params
        dimensions = dict(self.kpis[0].dimensions)
        rows = countings[0].within(_records(countings[0], hospital_id=hospital_id), midnight(first), midnight(end))
        facts, params = _facts(rows, TruncDate(countings[0].at), countings, dimensions)
        counted = [(kpi, counting, None) for kpi, counting in zip(self.kpis, countings, strict=True)]
        return _summed(facts, ["", *dimensions], counted, by_month=by_month), params


def of_days(asked: Sequence[tuple[Kpi, Collection[str]]], first: date, end: date, **narrow: Any) -> Statement:
    """Figures of one pass, each by its own kinds of parts, with their hospitals: kpi, hospital_id, day, department, kind, ref,
    path, numerator, denominator."""
    counted = [(kpi, counting, kinds) for kpi, kinds in asked if (counting := plainly_counted(kpi))]
    if not counted:
        sql, params = fanned(asked[0][0], first, end, asked[0][1], **narrow)
        return f"SELECT '{asked[0][0].key}' AS kpi, m.* FROM ({sql}) m", params
    wanted = {kind for _kpi, kinds in asked for kind in kinds}
    dimensions = {kind: column for kind, column in asked[0][0].dimensions.items() if kind in wanted}
    countings = [counting for _kpi, counting, _kinds in counted]
    any_of_them, rows = countings[0], _records(countings[0], **narrow)
    day: Any
    if isinstance(any_of_them, Standing):  # only those that stand like one of them: an index knows which are open
        rows, day = rows.filter(reduce(or_, (one.condition() for one in countings))), Value(timezone.localdate())
    else:
        rows, day = any_of_them.within(rows, midnight(first), midnight(end)), TruncDate(any_of_them.at)
    facts, params = _facts(rows, day, countings, dimensions, "hospital_id")
    kinds = [kind for kind in ("", *dimensions) if kind in wanted]
    return _summed(facts, kinds, counted, "hospital_id"), params


def _summed(
    facts: str,
    kinds: list[str],
    figures: Sequence[tuple[Kpi, Counting, Collection[str] | None]],
    whose: str = "",
    *,
    by_month: bool = False,
) -> str:
    """The sums of these figures, each by its kinds (None: by all)."""
    parts = [kind for kind in kinds if kind]
    columns, numbers = [f"d{n}" for n in range(len(parts))], range(len(figures))
    whole, each = f"{whose}, " if whose else "", "month" if by_month else "day"
    sets = [f"({whole}day, department)"] if "" in kinds else []
    sets += [
        f"({whole}{each}, department, {d}{', path' * (kind == 'place')})"
        for kind, d in zip(parts, columns, strict=True)
    ]
    masks = [2 ** len(parts) - 1 - 2 ** (len(parts) - 1 - n) for n in range(len(parts))]
    grouping = f"CASE GROUPING({', '.join(columns)})"
    which = [f"WHEN {mask} THEN '{kind}'" for mask, kind in zip(masks, parts, strict=True)]
    refs = [f"WHEN {mask} THEN {column}" for mask, column in zip(masks, columns, strict=True)]
    return PASS.format(
        facts=facts,
        whose=f"g.{whole}" if whose else "",
        when=whole + ("coalesce(day, month) AS day" if by_month else "day"),
        kind=f"{grouping} {' '.join(which)} ELSE '' END" if parts else "''",
        ref=f"{grouping} {' '.join(refs)} ELSE 0 END" if parts else "0::bigint",
        path="coalesce(path, '')" if "place" in parts else "''",
        sums=", ".join(f"sum(n{n}) AS s{n}, count(n{n}) AS c{n}" for n in numbers),
        sets=", ".join(sets),
        figures=", ".join(_figure(n, *figure) for n, figure in enumerate(figures)),
    )


def _figure(number: int, kpi: Kpi, counting: Counting, kinds: Collection[str] | None) -> str:
    """A figure's name, its two sums and how many records count: none in parts that nobody asks it by."""
    below = f"g.c{number}::numeric" if counting.ratio else "NULL::numeric"
    count = f"g.c{number}"
    if kinds is not None:
        asked = ", ".join(f"'{kind}'" for kind in sorted(kinds))
        count = f"CASE WHEN g.kind IN ({asked}) THEN {count} ELSE 0 END"
    return f"('{kpi.key}', g.s{number}::numeric, {below}, {count})"


def _records(counting: Counting, **narrow: Any) -> QuerySet[Any]:
    found: QuerySet[Any] = counting.book.model.objects.filter(**narrow)
    return found


def _facts(
    rows: QuerySet[Any], day: Any, countings: Sequence[Counting], dimensions: Mapping[str, str], whose: str = ""
) -> Statement:
    """Every one of these records with its parts (d0, …) and what it adds to each figure (n0, …; NULL where it does not count)."""
    path = F("place__path") if "place" in dimensions else None
    columns: dict[str, Any] = {"x_day": day, "x_department": F("department")}
    columns |= {"x_whose": F(whose)} if whose else {}
    columns |= {f"d{n}": F(column) for n, column in enumerate(dimensions.values())}
    columns |= {"x_path": path} if path else {}
    columns |= {f"n{n}": counting.adds() for n, counting in enumerate(countings)}
    sql, params = rows.annotate(**columns).order_by().values_list(*columns).query.sql_with_params()
    names = [
        "x_day AS day",
        "date_trunc('month', x_day)::date AS month",
        "x_department AS department",
        f"{'x_path' if path else chr(39) * 2} AS path",
    ]
    names += [f"x_whose AS {whose}"] if whose else []
    parts = [name for name in columns if not name.startswith("x_")]
    return f"SELECT {', '.join([*names, *parts])} FROM ({sql}) r", list(params)


def plainly_counted(kpi: Kpi) -> Counting | None:
    """The counting a figure's rows come from, unless it makes them in a way of its own."""
    owner = counting_behind(kpi)
    if owner is None or type(owner).sums is not Counting.sums:
        return None
    return owner if type(owner).rows in (Counting.rows, Standing.rows) else None


def counting_behind(kpi: Kpi) -> Counting | None:
    """The counting whose rows a figure has; None where they are written in SQL."""
    owner = told_by(kpi)
    return owner if isinstance(owner, Counting) else None


def spans_behind(kpi: Kpi) -> Spans | None:
    """The spans a figure is told by."""
    owner = told_by(kpi)
    return owner if isinstance(owner, Spans) else None


def told_by(kpi: Kpi) -> Any:
    """The counting or the spans whose rows a figure has."""
    return getattr(kpi.rows, "__self__", None)


def passes(kpis: Iterable[Kpi]) -> list[Pass]:
    """As few passes as these figures can be counted in."""
    found: dict[Hashable, list[Kpi]] = {}
    for kpi in kpis:
        found.setdefault(shared(kpi), []).append(kpi)
    return [Pass(tuple(group)) for group in found.values()]


def shared(kpi: Kpi) -> Hashable:
    """What figures of one pass share: the records, the time that decides the day (none for how things stand), the parts."""
    counting = plainly_counted(kpi)
    if counting is None:
        return kpi.key
    at = None if isinstance(counting, Standing) else counting.at
    return counting.book.model, at, tuple(kpi.dimensions.items())
