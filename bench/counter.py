"""The site once more, for counting: every answer says in a header how many statements it took.

BEGIN, COMMIT and savepoints are not counted. Nothing is timed here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import connection

from logistics.wsgi import application as site

HEADER = "X-Sql-Statements"
NOT_COUNTED = ("SAVEPOINT", "RELEASE", "ROLLBACK")


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    statements: list[str] = []
    said: list[Any] = []

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not str(sql).lstrip().upper().startswith(NOT_COUNTED):
            statements.append(sql)
        return execute(sql, params, many, context)

    def keep(*head: Any) -> None:
        said[:] = head

    with connection.execute_wrapper(count):
        answer = site(environ, keep)
        body = b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
    status, headers, *rest = said
    start_response(status, [*headers, (HEADER, str(len(statements)))], *rest)
    return [body]
