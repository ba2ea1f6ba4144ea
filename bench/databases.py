"""Databases of the bench's own, made by the owner of the tables beside the site's, whose data is never touched."""

from __future__ import annotations

import contextlib
import hashlib
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "logistics_bench"
PATIENCE = 30  # seconds until sessions that end have ended
MADE_OF = ("*/migrations/*.py", "logistics/management/commands/fill.py", "logistics/fill/**/*.py")


def at(url: str, database: str) -> str:
    """The same server and role, another database."""
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))


@contextlib.contextmanager
def asking(url: str) -> Iterator[Any]:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def fingerprint() -> str:
    """Changes with the tables and with what fills them."""
    digest = hashlib.sha256()
    for pattern in MADE_OF:
        for path in sorted(PROJECT.glob(pattern)):
            digest.update(str(path.relative_to(PROJECT)).encode() + path.read_bytes())
    return digest.hexdigest()[:16]


class Server:
    """The PostgreSQL server behind the two URLs."""

    def __init__(self, application: str, owner: str) -> None:
        self.application, self.owner = application, owner

    def urls(self, database: str) -> dict[str, str]:
        return {"DATABASE_URL": at(self.application, database), "DATABASE_OWNER_URL": at(self.owner, database)}

    def make(self, database: str, copy_of: str = "") -> None:
        self.drop(database)
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database))
        if copy_of:
            statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(copy_of))
        with asking(self.owner) as cursor:
            cursor.execute(statement)

    def drop(self, database: str) -> None:
        """The owner may not end sessions of the application: they are waited for."""
        assert database.startswith(PREFIX), database
        end = time.monotonic() + PATIENCE
        with asking(self.owner) as cursor:
            while True:
                try:
                    cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database)))
                    return
                except psycopg2.errors.ObjectInUse:
                    if time.monotonic() > end:
                        raise
                time.sleep(0.2)

    def mark(self, database: str, text: str) -> None:
        with asking(self.owner) as cursor:
            statement = sql.SQL("COMMENT ON DATABASE {} IS {}")
            cursor.execute(statement.format(sql.Identifier(database), sql.Literal(text)))

    def marked(self, database: str) -> str:
        with asking(self.owner) as cursor:
            cursor.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [database]
            )
            found = cursor.fetchone()
        return (found and found[0]) or ""

    def tidy(self, database: str) -> None:
        """As a server that has been running for a while would have left the tables."""
        with asking(at(self.owner, database)) as cursor:
            cursor.execute("VACUUM ANALYZE")

    @property
    def is_local(self) -> bool:
        return urlsplit(self.owner).hostname in ("127.0.0.1", "localhost", None, "")
