"""A world, built once through the verbs and then laid down again row by row: a test waits milliseconds for it."""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from tenancy import scope

_kept: dict[Callable[[], Any], tuple[Kept, list[int], tuple[bytes, bytes]]] = {}

HOSPITALS = ("tenancy_consortium", "tenancy_hospital")
BESIDE = {"assets_assetstate"}  # the database writes them anew when the rows beside which they stand are laid down
TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^(django|auth|axes)_'
AND c.relname NOT IN ('workorders_numberblock', 'assets_assetstate')
GROUP BY c.relname ORDER BY c.relname
"""

IMMEDIATE = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND condeferrable AND NOT condeferred"


class Facts(SimpleNamespace):
    """What tests only read: thousands of rows need not be made anew for each of them."""


class Kept:
    """Objects as they are now: `anew` makes them again, in a sixth of the time of a deep copy."""

    def __init__(self, made: Any) -> None:
        self.shared: list[Facts] = []
        written = io.BytesIO()
        pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
        pickler.persistent_id = self._number  # type: ignore[method-assign]
        pickler.dump(made)
        self.written = written.getvalue()

    def _number(self, one: Any) -> int | None:
        if not isinstance(one, Facts):
            return None
        self.shared.append(one)
        return len(self.shared) - 1

    def anew(self) -> Any:
        reading = pickle.Unpickler(io.BytesIO(self.written))
        reading.persistent_load = self.shared.__getitem__  # type: ignore[method-assign]
        return reading.load()


def laid(build: Callable[[], Any], hospitals: Callable[[Any], list[int]]) -> Any:
    """What `build` makes; from the second time on, the same rows with the same keys and fresh copies of the objects.

    Order numbers are counted beside the test's transaction: orders among the rows need numbers that no counter gives. The
    states of equipment are written by the database itself as the equipment is laid down.
    """
    if build not in _kept:
        made = build()
        _kept[build] = (Kept(made), hospitals(made), _rows(hospitals(made)))
        return made
    made, known, rows = _kept[build]
    with transaction.atomic(), scope.scope(known), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(rows[0])
        with scope.scope(known):  # now that the hospitals are there, it knows their consortia too
            cursor.execute(rows[1])
    settle()
    return made.anew()


def settle() -> None:
    """Check what the database would look at only at the end of the transaction; after that each constraint is as declared."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(IMMEDIATE)
        names = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")


def _rows(hospitals: list[int]) -> tuple[bytes, bytes]:
    """Everything there is now as SQL: the hospitals, and all the rest."""
    first: list[str] = []
    rest: list[str] = []
    with scope.scope(hospitals), connection.cursor() as cursor:
        cursor.execute(TABLES)
        for table, columns in cursor.fetchall():
            cursor.execute("SELECT has_table_privilege(%s, 'INSERT')", [table])
            if not cursor.fetchone()[0]:
                continue
            names = ", ".join(f'"{name}"' for name in columns)
            cursor.execute(
                f'SELECT {", ".join(f"quote_nullable({n}::text)" for n in names.split(", "))} FROM "{table}"'
            )
            if lines := cursor.fetchall():
                values = ", ".join(f"({', '.join(line)})" for line in lines)
                parts = first if table in HOSPITALS else rest
                if table in BESIDE:
                    parts.append(f'DELETE FROM "{table}";')
                parts.append(f'INSERT INTO "{table}" ({names}) VALUES {values};'.replace("%", "%%"))
    return "\n".join(first).encode(), "\n".join(rest).encode()
