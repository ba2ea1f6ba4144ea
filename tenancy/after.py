"""What must be kept although the request failed: written in a transaction of its own once the scope is gone."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar

from django.db import transaction

_waiting: ContextVar[list[Callable[[], object]] | None] = ContextVar("after", default=None)


def begin() -> None:
    _waiting.set([])


def record(write: Callable[[], object]) -> None:
    """Run `write` after this request, whatever becomes of it; at once where no request is running."""
    waiting = _waiting.get()
    if waiting is None:
        with transaction.atomic():
            write()
    else:
        waiting.append(write)


def finish() -> None:
    waiting = _waiting.get() or []
    _waiting.set(None)
    for write in waiting:
        with transaction.atomic():
            write()
