"""The rows behind a figure: counted from the records, hashed, compared."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from indicators.library import QUANTITY, Definition, split
from indicators.models import Return
from kpi import evidence, registry
from kpi.days import midnight
from kpi.registry import DENOMINATOR, NUMERATOR

ONE = Decimal("1.0000")
RETURN = Return._meta.label_lower

# The records as numerator and denominator. With digests only, nothing but two hashes travels.
COUNTED = """
(SELECT pk, above::numeric(20, 4) AS above, below::numeric(20, 4) AS below
 FROM ({rows}) q (pk, above, below) WHERE pk <> ALL (%s)) r
"""
IDS = "array_agg(pk ORDER BY pk) FILTER (WHERE {part} IS NOT NULL)"
AMOUNTS = "array_agg({part} ORDER BY pk) FILTER (WHERE {part} IS NOT NULL)"
SIDE = f"{IDS}, CASE WHEN bool_and({{part}} = 1) THEN NULL ELSE {AMOUNTS} END"
LINES = "coalesce(string_agg(pk || '=' || {part}, ';' ORDER BY pk) FILTER (WHERE {part} IS NOT NULL), '')"
DIGEST = f"encode(sha256(convert_to({LINES}, 'UTF8')), 'hex')"
ROWS = f"SELECT {SIDE.format(part='above')}, {SIDE.format(part='below')} FROM {COUNTED}"
DIGESTS = f"SELECT {DIGEST.format(part='above')}, {DIGEST.format(part='below')} FROM {COUNTED}"


@dataclass(frozen=True)
class Rows:
    """The records of one measure: which part of the figure they make up, their ids, what each counts (None: 1 each)."""

    part: str
    measure: str
    subject: str
    ids: tuple[int, ...]
    amounts: tuple[Decimal, ...] | None = None

    @property
    def total(self) -> Decimal:
        return Decimal(len(self.ids)) if self.amounts is None else sum(self.amounts, Decimal(0))

    @property
    def pairs(self) -> list[tuple[int, Decimal]]:
        return list(zip(self.ids, self.amounts or [ONE] * len(self.ids), strict=True))

    @property
    def sha256(self) -> str:
        return digest_of(self.pairs)

    def without(self, left_out: Collection[int]) -> Rows:
        """The same rows without these records."""
        kept = [pair for pair in self.pairs if pair[0] not in left_out]
        amounts = None if self.amounts is None else tuple(amount for _pk, amount in kept)
        return Rows(self.part, self.measure, self.subject, tuple(pk for pk, _amount in kept), amounts)


def digest_of(pairs: Iterable[tuple[int, Decimal]]) -> str:
    """sha256 over "id=what it counts", by id: "17=1.0000;23=1.0000"."""
    return hashlib.sha256(";".join(f"{pk}={amount:.4f}" for pk, amount in pairs).encode()).hexdigest()


def rows_of(
    definition: Definition, hospital_id: int, first: date, last: date, left_out: Collection[tuple[str, int]] = ()
) -> list[Rows]:
    """Every record the definition counts at a hospital in these days (both included), measure by measure.

    `left_out` names (subject, id) of those that do not count.
    """
    found: list[Rows] = []
    for measure, wanted in _measures(definition).items():
        if measure.startswith(QUANTITY):
            found += [
                Rows(part, name, RETURN, *_returned(measure, hospital_id, first, last, left_out))
                for part, name in wanted
            ]
            continue
        subject, sql, params = _statement(definition, measure, hospital_id, first, last)
        without = [pk for kind, pk in left_out if kind == subject]
        with connection.cursor() as cursor:
            cursor.execute(ROWS.format(rows=sql), [*params, without])
            above, amounts, below, weights = cursor.fetchone()
        read = {NUMERATOR: (above, amounts), DENOMINATOR: (below, weights)}
        for part, name in wanted:
            ids, counts = read[split(name)[1]]
            found.append(Rows(part, name, subject, tuple(ids or ()), tuple(counts) if counts else None))
    return found


def digests_of(
    definition: Definition, hospital_id: int, first: date, last: date, left_out: Collection[tuple[str, int]] = ()
) -> dict[tuple[str, str], str]:
    """(part, measure) → the sha256 that `rows_of` would have now, reckoned by the database."""
    found: dict[tuple[str, str], str] = {}
    for measure, wanted in _measures(definition).items():
        if measure.startswith(QUANTITY):
            for row in (
                Rows(part, name, RETURN, *_returned(measure, hospital_id, first, last, left_out))
                for part, name in wanted
            ):
                found[row.part, row.measure] = row.sha256
            continue
        subject, sql, params = _statement(definition, measure, hospital_id, first, last)
        with connection.cursor() as cursor:
            cursor.execute(DIGESTS.format(rows=sql), [*params, [pk for kind, pk in left_out if kind == subject]])
            read = dict(zip((NUMERATOR, DENOMINATOR), cursor.fetchone(), strict=True))
        found |= {(part, name): read[split(name)[1]] for part, name in wanted}
    return found


def _measures(definition: Definition) -> dict[str, list[tuple[str, str]]]:
    """Figure or quantity → the (part, measure) it makes up: one statement reads both sides of a figure."""
    found: dict[str, list[tuple[str, str]]] = {}
    for part, names in ((NUMERATOR, definition.numerator), (DENOMINATOR, definition.denominator)):
        for name in names:
            key = name if name.startswith(QUANTITY) else split(name)[0]
            found.setdefault(key, []).append((part, name))
    return found


def _statement(
    definition: Definition, key: str, hospital_id: int, first: date, last: date
) -> tuple[str, str, list[Any]]:
    return evidence.statement(registry.get(key), hospital_id, midnight(first), midnight(last + timedelta(days=1)))


def _returned(
    measure: str, hospital_id: int, first: date, last: date, left_out: Collection[tuple[str, int]]
) -> tuple[tuple[int, ...], tuple[Decimal, ...] | None]:
    """The returns of a quantity for exactly this period or parts of it."""
    rows = Return.objects.filter(
        hospital=hospital_id, quantity__key=measure.removeprefix(QUANTITY), first__gte=first, last__lte=last
    )
    pairs = [pair for pair in rows.order_by("pk").values_list("pk", "value") if (RETURN, pair[0]) not in left_out]
    return tuple(pk for pk, _value in pairs), tuple(value for _pk, value in pairs)


def differences(frozen: Sequence[Rows], now: Sequence[Rows]) -> list[dict[str, Any]]:
    """Which records count otherwise than when they were frozen: from what to what (None: not at all)."""
    before = {(row.part, row.measure): row for row in frozen}
    found = []
    for row in now:
        old = before.get((row.part, row.measure))
        was, now_is = dict(old.pairs) if old else {}, dict(row.pairs)
        for pk in sorted(was.keys() | now_is.keys()):
            if was.get(pk) != now_is.get(pk):
                facts = {"subject": row.subject, "id": pk, "part": row.part}
                found.append(facts | {"from": _text(was.get(pk)), "to": _text(now_is.get(pk))})
    return found


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:.4f}"
