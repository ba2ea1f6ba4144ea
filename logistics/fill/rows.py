"""Rows of a table from a SELECT, and the tables' counters."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.db.models import Model

FRESH_KEYS = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}"


def insert(cursor: Any, model: type[Model], columns: str, select: str, given: dict[str, Any]) -> None:
    """Rows of a table from a SELECT of these columns; every other column gets the default of its field."""
    named = columns.split()
    rest = {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.column not in named
        and not (field.primary_key or field.null or field.generated or field.has_db_default())
    }
    defaults = "".join(f", %(default_{column})s" for column in rest)
    into = ", ".join(f'"{name}"' for name in (*named, *rest))
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({into}) SELECT filled.*{defaults} FROM ({select}) AS filled",
        {**given, **{f"default_{column}": value for column, value in rest.items()}},
    )


def counter_of(cursor: Any, model: type[Model]) -> str:
    """The sequence of a table's keys."""
    cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [model._meta.db_table])
    return str(cursor.fetchone()[0])
