"""A scope is a transaction that knows which hospitals (and their consortia) it may touch.

Without one, reading a fenced table is an error in the database, never an empty page. Nested scopes only narrow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

from django.db import connection, transaction

_current: ContextVar[frozenset[int] | None] = ContextVar("hospitals", default=None)


class ScopeError(RuntimeError):
    """Somebody tried to widen a scope from the inside."""


def current() -> frozenset[int] | None:
    return _current.get()


def _literal(ids: Iterable[int]) -> str:
    return "{" + ",".join(map(str, sorted(ids))) + "}"


def _apply(hospitals: frozenset[int] | None) -> None:
    with connection.cursor() as cursor:
        if hospitals is None:
            cursor.execute("SELECT set_config('app.hospitals', '', true), set_config('app.consortia', '', true)")
            return
        cursor.execute(
            "SELECT set_config('app.hospitals', %s, true), set_config('app.consortia', (SELECT"
            " coalesce(array_agg(DISTINCT consortium_id), '{}')::text FROM tenancy_hospital WHERE id = ANY(%s)), true)",
            [_literal(hospitals), sorted(hospitals)],
        )


@contextmanager
def scope(hospitals: Iterable[int]) -> Iterator[None]:
    """Open a transaction that may touch these hospitals and no other.

    Raises ScopeError when an enclosing scope is narrower.
    """
    wanted = frozenset(hospitals)
    outer = _current.get()
    if outer is not None and not wanted <= outer:
        raise ScopeError("a nested scope can only narrow")
    with transaction.atomic():
        token = _current.set(wanted)
        try:
            _apply(wanted)
            yield
        finally:
            _leave(token)
    if connection.in_atomic_block:  # nested, or a test's own transaction, which would keep the setting alive
        _apply(outer)


@contextmanager
def scope_of(user: Any) -> Iterator[dict[str, Any]]:
    """Open a transaction that may touch what the person's grants reach; yields the facts read on the way."""
    from tenancy import access

    if _current.get() is not None:
        raise ScopeError("a person's scope is the outermost")
    with transaction.atomic():
        facts = access.enter(user)
        token = _current.set(frozenset(h["id"] for h in facts["hospitals"]))
        try:
            yield facts
        finally:
            _leave(token)
    if connection.in_atomic_block:
        _apply(None)


def admit(hospital: int) -> None:
    """Take a hospital that was founded inside this scope into it. Nothing else widens a scope."""
    _current.set((_current.get() or frozenset()) | {hospital})
    _apply(_current.get())


def _leave(token: Token[frozenset[int] | None]) -> None:
    _current.reset(token)
