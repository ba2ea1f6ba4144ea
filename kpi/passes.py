"""The statements that count figures. Figures that share records and the time that decides the day are counted in one pass.

Every statement answers kpi, day, department, kind, ref, path, numerator, denominator: each figure as a whole (kind empty) and
once more for every dimension it declares.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F
from django.db.models.functions import TruncDate

from kpi.counting import Counting
from kpi.days import midnight
from kpi.registry import Kpi

Statement = tuple[str, list[Any]]

# The rows of one figure, each as a whole and once more for every dimension.
FAN = """
SELECT f.hospital_id, f.day, f.department, d.kind, d.ref, min(d.path) AS path,
       sum(f.numerator::numeric(20, 4)) AS numerator, sum(f.denominator::numeric(20, 4)) AS denominator
FROM ({rows}) f CROSS JOIN LATERAL (VALUES {fan}) AS d (kind, ref, path)
WHERE d.ref IS NOT NULL GROUP BY f.hospital_id, f.day, f.department, d.kind, d.ref
"""
ONE = "SELECT '{kpi}' AS kpi, day, department, kind, ref, path, numerator, denominator FROM ({fanned}) o"
# Records once, each with what it adds to every figure; summed by all dimensions at once, then a row for every figure.
PASS = """
SELECT k.kpi, g.day, g.department, g.kind, g.ref, g.path,
       k.numerator::numeric(20, 4) AS numerator, k.denominator::numeric(20, 4) AS denominator
FROM (
    SELECT day, department, {kind} AS kind, {ref} AS ref, {path} AS path, {sums}
    FROM ({facts}) f GROUP BY GROUPING SETS ({sets})
) g CROSS JOIN LATERAL (VALUES {figures}) AS k (kpi, numerator, denominator, counted)
WHERE k.counted > 0 AND g.ref IS NOT NULL
"""


def fanned(kpi: Kpi, first: date, end: date, kinds: Collection[str] | None = None, **narrow: Any) -> Statement:
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
    return FAN.format(rows=sql, fan=", ".join(fan)), list(params)


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

    def statement(self, hospital_id: int, first: date, end: date) -> Statement:
        countings = [counting for kpi in self.kpis if (counting := plainly_counted(kpi))]
        if not countings:
            sql, params = fanned(self.kpis[0], first, end, hospital_id=hospital_id)
            return ONE.format(kpi=self.kpis[0].key, fanned=sql), params
        dimensions = list(self.kpis[0].dimensions.items())
        facts, params = _facts(countings, dimensions, hospital_id, first, end)
        return self._summed(facts, [kind for kind, _column in dimensions], countings), params

    def _summed(self, facts: str, kinds: list[str], countings: Sequence[Counting]) -> str:
        columns = [f"d{n}" for n in range(len(kinds))]
        sets = ["(day, department)"]
        sets += [
            f"(day, department, {column}{', path' * (kind == 'place')})"
            for kind, column in zip(kinds, columns, strict=True)
        ]
        masks = [2 ** len(kinds) - 1 - 2 ** (len(kinds) - 1 - n) for n in range(len(kinds))]
        grouping = f"GROUPING({', '.join(columns)})"
        which = [f"WHEN {mask} THEN '{kind}'" for mask, kind in zip(masks, kinds, strict=True)]
        refs = [f"WHEN {mask} THEN {column}" for mask, column in zip(masks, columns, strict=True)]
        numbers = range(len(countings))
        below = [f"g.c{n}::numeric" if counting.ratio else "NULL::numeric" for n, counting in enumerate(countings)]
        return PASS.format(
            facts=facts,
            kind=f"CASE {grouping} {' '.join(which)} ELSE '' END",
            ref=f"CASE {grouping} {' '.join(refs)} ELSE 0 END",
            path="coalesce(path, '')" if "place" in kinds else "''",
            sums=", ".join(f"sum(n{n}) AS s{n}, count(n{n}) AS c{n}" for n in numbers),
            sets=", ".join(sets),
            figures=", ".join(f"('{self.kpis[n].key}', g.s{n}::numeric, {below[n]}, g.c{n})" for n in numbers),
        )


def _facts(
    countings: Sequence[Counting], dimensions: list[tuple[str, str]], hospital_id: int, first: date, end: date
) -> Statement:
    """Every record of these days with its parts (d0, …) and what it adds to each figure (n0, …; NULL where it does not count)."""
    any_of_them = countings[0]
    rows = any_of_them.within(
        any_of_them.book.model.objects.filter(hospital=hospital_id), midnight(first), midnight(end)
    )
    path = F("place__path") if "place" in dict(dimensions) else None
    columns: dict[str, Any] = {"x_day": TruncDate(any_of_them.at), "x_department": F("department")}
    columns |= {f"d{n}": F(column) for n, (_kind, column) in enumerate(dimensions)}
    columns |= {"x_path": path} if path else {}
    columns |= {f"n{n}": counting.adds() for n, counting in enumerate(countings)}
    sql, params = rows.annotate(**columns).order_by().values_list(*columns).query.sql_with_params()
    names = f"x_day AS day, x_department AS department, {'x_path' if path else chr(39) * 2} AS path"
    parts = [name for name in columns if not name.startswith("x_")]
    return f"SELECT {', '.join([names, *parts])} FROM ({sql}) r", list(params)


def plainly_counted(kpi: Kpi) -> Counting | None:
    """The counting a figure's rows come from, unless it makes them in a way of its own."""
    owner = getattr(kpi.rows, "__self__", None)
    plain = isinstance(owner, Counting) and type(owner).rows is Counting.rows and type(owner).sums is Counting.sums
    return owner if plain else None


def passes(kpis: Iterable[Kpi]) -> list[Pass]:
    """As few passes as these figures can be counted in."""
    found: dict[Hashable, list[Kpi]] = {}
    for kpi in kpis:
        counting = plainly_counted(kpi)
        shared = (counting.book.model, counting.at, tuple(kpi.dimensions.items())) if counting else kpi.key
        found.setdefault(shared, []).append(kpi)
    return [Pass(tuple(group)) for group in found.values()]
