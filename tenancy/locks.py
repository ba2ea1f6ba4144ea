"""One at a time: a name held for a hospital, a consortium, until the transaction is over. Whoever comes meanwhile waits."""

from __future__ import annotations

from django.db import connection


def hold(name: str, pk: int) -> None:
    """Wait until nobody holds this name for it, and hold it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s), %s)", [name, pk])


def held(name: str, pk: int) -> bool:
    """Hold it if nobody does; False where somebody is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s), %s)", [name, pk])
        return bool(cursor.fetchone()[0])
