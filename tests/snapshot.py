"""The world, built once through the verbs and then laid down again row by row: a test waits milliseconds for it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from tenancy import scope

_kept: list[tuple[Any, list[int], bytes]] = []

TABLES = """
SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND c.relname !~ '^(django|auth|axes)_'
GROUP BY c.relname ORDER BY c.relname
"""

IMMEDIATE = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND condeferrable AND NOT condeferred"


def world_of(build: Callable[[], Any]) -> Any:
    """What `build` makes; from the second time on, the same rows with the same keys and fresh copies of the objects."""
    if not _kept:
        made = build()
        _kept.append((copy.deepcopy(made), made.hospitals(), _rows(made.hospitals())))
        return made
    made, hospitals, rows = _kept[0]
    with transaction.atomic(), scope.scope(hospitals), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(rows)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")  # then each as it was declared
        cursor.execute(IMMEDIATE)
        names = ", ".join(f'"{name}"' for (name,) in cursor.fetchall())
        cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
    return copy.deepcopy(made)


def _rows(hospitals: list[int]) -> bytes:
    """Everything there is now, as one piece of SQL."""
    parts = []
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
                parts.append(f'INSERT INTO "{table}" ({names}) VALUES {values};'.replace("%", "%%"))
    return "\n".join(parts).encode()
