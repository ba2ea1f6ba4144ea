"""Rows of many hospitals, or of many of anything: their ids as one array instead of one parameter each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BigAutoField, ForeignKey
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

MANY = 16  # a few stay as they are: of a single one PostgreSQL makes an equation, which keeps an index in its order


def _many(ids: Any) -> bool:
    return isinstance(ids, (list, tuple, set, frozenset)) and len(ids) > MANY and all(type(pk) is int for pk in ids)


def as_array(ids: Iterable[int]) -> str:
    """The ids as the parameter of the statement."""
    return "{" + ",".join(map(str, ids)) + "}"


class _AsArray:
    """`IN` of many whole numbers. Django prepares each by itself and PostgreSQL reads each by itself: for two hundred
    hospitals that took longer than finding the rows. PostgreSQL makes the same plan of both."""

    def get_prep_lookup(self) -> Any:
        return self.rhs if _many(self.rhs) else super().get_prep_lookup()  # type: ignore[misc]

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        if not _many(self.rhs):
            return super().as_sql(compiler, connection)  # type: ignore[misc]
        column, params = self.process_lhs(compiler, connection)  # type: ignore[attr-defined]
        return f"{column} = ANY(%s::bigint[])", [*params, as_array(self.rhs)]

    rhs: Any


@ForeignKey.register_lookup
class RelatedInArray(_AsArray, RelatedIn):
    """`hospital__in=…`."""


@BigAutoField.register_lookup
class InArray(_AsArray, In):
    """`pk__in=…`."""
