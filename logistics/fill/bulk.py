"""Taking the indexes and foreign keys of large empty tables down, and building them up again from what the catalogue said.

Everything happens in the transaction of who calls: should it fail, the database is as it was. Constraints that are added
again are checked against every row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection

FOREIGN_KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'f' AND (conrelid = ANY (%(tables)s::regclass[]) OR confrelid = ANY (%(tables)s::regclass[]))
ORDER BY conrelid::regclass::text, conname
"""
UNIQUE = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE contype = 'u' AND conrelid = ANY (%(tables)s::regclass[]) ORDER BY 1, 2
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
WHERE i.indrelid = ANY (%(tables)s::regclass[]) AND NOT i.indisprimary
  AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('p', 'u', 'x'))
  AND COALESCE(pg_get_expr(i.indpred, i.indrelid), '') NOT LIKE '%%ARRAY%%'
ORDER BY 1
"""
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname FROM pg_trigger
WHERE tgrelid = ANY (%(tables)s::regclass[]) AND NOT tgisinternal AND tgname LIKE 'mark\\_days%%' ORDER BY 1, 2
"""
MEMORY = "SET LOCAL maintenance_work_mem = '512MB'"


class NotEmptyError(RuntimeError):
    """A table that has rows already keeps its indexes."""


@contextmanager
def taken_down(tables: Sequence[str]) -> Iterator[None]:
    """These empty tables without foreign keys and secondary indexes, inside the caller's transaction.

    Indexes of a few states stay: they are small, and the catalogue would word their list of states anew. The tables mark
    no days to be measured meanwhile: whoever fills them says so once, for all days.

    Raises NotEmptyError for a table with rows.
    """
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT EXISTS (SELECT FROM {table})")
            if cursor.fetchone()[0]:
                raise NotEmptyError(table)
        foreign, unique, indexes, marks = (
            _read(cursor, sql, tables) for sql in (FOREIGN_KEYS, UNIQUE, INDEXES, TRIGGERS)
        )
        for table, name, _definition in (*foreign, *unique):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _definition in indexes:
            cursor.execute(f"DROP INDEX {name}")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")  # files of this transaction need no log of their own
        for table, name in marks:
            cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER "{name}"')
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes its shape while rows wait to be checked
        cursor.execute(MEMORY)
        for _name, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in (*unique, *foreign):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for table, name in marks:
            cursor.execute(f'ALTER TABLE {table} ENABLE TRIGGER "{name}"')


def _read(cursor: Any, sql: str, tables: Sequence[str]) -> list[tuple[Any, ...]]:
    cursor.execute(sql, {"tables": list(tables)})
    return list(cursor.fetchall())
