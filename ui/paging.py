"""Turning pages by key, not by number: the last page is as quick as the first, nothing is skipped or shown twice."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Field, Q, QuerySet
from django.utils import timezone

from ui.formats import number

CAP = 1001
BROKEN = (
    *(ValueError, TypeError, OverflowError, RecursionError),
    *(binascii.Error, ValidationError, FieldDoesNotExist),
)


@dataclass(frozen=True)
class Page:
    """The rows of one page, and the cursors to its neighbours ("" where there is none)."""

    rows: list[dict[str, Any]]
    next: str
    previous: str


def paginate(rows: QuerySet[Any], ordering: tuple[str, ...], cursor: str, fields: set[str], per_page: int = 50) -> Page:
    """One page of `values()`. The ordering ends with a unique field; nulls stand where PostgreSQL puts them."""
    back, key = decode(cursor, ordering, rows.model)
    wanted = fields | {name.lstrip("-") for name in ordering}
    if key is not None:
        rows = rows.filter(_beyond(rows.model, ordering, key, back))
    order = [_turned(name) for name in ordering] if back else ordering
    found = list(rows.order_by(*order).values(*sorted(wanted))[: per_page + 1])
    more, found = len(found) > per_page, found[:per_page]
    if back:
        found.reverse()
    has_next, has_previous = (True, more) if back else (more, key is not None)
    return Page(
        found,
        encode(found[-1], ordering) if found and has_next else "",
        encode(found[0], ordering, back=True) if found and has_previous else "",
    )


def count(rows: QuerySet[Any], exact: bool = False) -> int:
    """How many; not further than 1,001 unless a figure said how many there are."""
    if rows.query.annotations:  # what is told of a row besides is not asked for a thousand of them
        rows = rows.values("pk")
    return rows.order_by().count() if exact else rows.order_by()[:CAP].count()


def words(found: int, exact: bool = False) -> str:
    """A count; nobody reads the difference between 40,000 and 40,100."""
    return f"{number(CAP - 1)}+" if found == CAP and not exact else number(found)


def total(rows: QuerySet[Any], exact: bool = False) -> str:
    return words(count(rows, exact), exact)


@cache
def quick(model: Any, name: str, one_hospital: bool) -> bool:
    """Does an index hold the rows in this order, so that no more are read than are shown?"""
    wanted = ["hospital", name] if one_hospital else [name]
    if name in ("pk", "id") or (not one_hospital and "__" not in name and _field(model, name).unique):
        return True
    meta, kept = model._meta, []
    for index in (*meta.indexes, *meta.constraints):
        if getattr(index, "condition", None) is None and getattr(index, "fields", None):
            kept.append([field.lstrip("-") for field in index.fields])
    return any(fields[: len(wanted)] == wanted for fields in kept)


def encode(row: dict[str, Any], ordering: tuple[str, ...], back: bool = False) -> str:
    values = [row[name.lstrip("-")] for name in ordering]
    plain = [v if v is None or isinstance(v, (bool, int, str)) else _text(v) for v in values]
    return base64.urlsafe_b64encode(json.dumps(["<" if back else ">", *plain]).encode()).decode().rstrip("=")


def decode(cursor: str, ordering: tuple[str, ...], model: Any) -> tuple[bool, list[Any] | None]:
    """(backwards?, the key); a cursor that is broken or of another order means the first page."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        way, *values = json.loads(base64.urlsafe_b64decode(padded.encode()))
        if way not in ("<", ">") or len(values) != len(ordering):
            return False, None
        if any("\x00" in value.encode().decode() for value in values if isinstance(value, str)):
            return False, None
        key = [_value(_field(model, name.lstrip("-")), v) for name, v in zip(ordering, values, strict=True)]
    except BROKEN:
        return False, None
    return way == "<", key


def _value(field: Field[Any, Any], written: Any) -> Any:
    """As the column holds it; a value that it cannot hold raises."""
    value = field.to_python(written)
    if isinstance(value, datetime):
        value = value if timezone.is_aware(value) else timezone.make_aware(value)
        value.astimezone(UTC)  # the first and the last day of the calendar are in no other zone
    field.run_validators(value)
    return value


def _text(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _turned(name: str) -> str:
    return name[1:] if name.startswith("-") else f"-{name}"


def _field(model: Any, name: str) -> Field[Any, Any]:
    """The column behind a look-up such as place__name."""
    *way, last = name.split("__")
    for step in way:
        model = model._meta.get_field(step).related_model
    return model._meta.pk if last == "pk" else model._meta.get_field(last)


def _nullable(model: Any, name: str) -> bool:
    *way, last = name.split("__")
    for step in way:
        field = model._meta.get_field(step)
        if field.null:
            return True
        model = field.related_model
    return last != "pk" and model._meta.get_field(last).null


def _beyond(model: Any, ordering: tuple[str, ...], key: list[Any], back: bool) -> Q:
    """Rows after (or before) the key: the first column bounds the index, the rest settles ties."""
    q, same = Q(pk__in=[]), Q()
    for name, value in zip(ordering, key, strict=True):
        column, falling = name.lstrip("-"), name.startswith("-") != back
        if (after := _after(column, value, falling, _nullable(model, column))) is not None:
            q |= same & after
        same &= Q(**{f"{column}__isnull": True}) if value is None else Q(**{column: value})
    column, falling = ordering[0].lstrip("-"), ordering[0].startswith("-") != back
    if key[0] is None or (not falling and _nullable(model, column)):
        return q
    return Q(**{f"{column}__{'lte' if falling else 'gte'}": key[0]}) & q


def _after(column: str, value: Any, falling: bool, nullable: bool) -> Q | None:
    """Nulls count as the largest value, as PostgreSQL sorts them."""
    if falling:
        return Q(**{f"{column}__isnull": False}) if value is None else Q(**{f"{column}__lt": value})
    if value is None:
        return None
    greater = Q(**{f"{column}__gt": value})
    return greater | Q(**{f"{column}__isnull": True}) if nullable else greater
