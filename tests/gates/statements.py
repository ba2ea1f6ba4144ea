"""What one request asked of the database: each statement in words, the blocks it touched, the indexes of its plan."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

FRAME = re.compile(r"^(SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|SET)\b")
EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) "
PLAIN = (
    (re.compile(r"'(?:[^']|'')*'"), "?"),
    (re.compile(r"%s|\b\d+(?:\.\d+)?\b"), "?"),
    (re.compile(r"\bIN \(\?(?:, \?)*\)"), "IN (…)"),  # how many are named is no matter of the query
    (re.compile(r'"(\w+)"\."(\w+)"'), r"\1.\2"),
    (re.compile(r'"(\w+)"'), r"\1"),
    (re.compile(r"s\d+_x\d+"), "savepoint"),
    (re.compile(r"\s+"), " "),
)
TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE) (\w+)|(\btenancy_\w+)\(")


@dataclass(frozen=True)
class Statement:
    """One statement, as it is written down."""

    text: str
    blocks: int = 0
    indexes: tuple[str, ...] = ()

    @property
    def mark(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:8]

    @property
    def short(self) -> str:
        """Its verb and its tables."""
        named = dict.fromkeys(a or b for a, b in TABLE.findall(self.text))
        return " ".join([self.text.split(" ", 1)[0], *named])


def plainly(sql: str) -> str:
    """The statement without its values: what stays is the query; columns of a table are named once."""
    for pattern, instead in PLAIN:
        sql = pattern.sub(instead, sql)
    return re.sub(r"SELECT (DISTINCT )?(.*?) FROM", _columns, sql, count=1).strip()


def _columns(found: re.Match[str]) -> str:
    parts, kept = found[2].split(", "), []
    for part in parts:
        table, dot, column = part.partition(".")
        if dot and kept and re.fullmatch(r"\w+\.\w+", part) and kept[-1].startswith(f"{table}.("):
            kept[-1] = f"{kept[-1][:-1]} {column})"
        else:
            kept.append(f"{table}.({column})" if re.fullmatch(r"\w+\.\w+", part) else part)
    return f"SELECT {found[1] or ''}{', '.join(kept)} FROM"


@dataclass
class Recorder:
    """Notes every statement; with `explain` also what the database did for it, asked in the same scope just before.

    Blocks are those hit and those read together, so that what stands in the cache makes no difference. A statement that
    this connection has not met reads the catalogue besides, and so does any other after sessions elsewhere on the server
    changed many tables of theirs: each is asked twice, and the lesser answer counts.
    """

    explain: bool = True
    seen: list[Statement] = field(default_factory=list)
    met: dict[str, frozenset[str]] = field(default_factory=dict)  # statement → indexes that can serve it

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not FRAME.match(sql):
            text = plainly(sql)
            self.seen.append(Statement(text, *(self._plan(sql, params, text) if self.explain else ())))
        return execute(sql, params, many, context)

    def _plan(self, sql: str, params: Any, text: str) -> tuple[int, tuple[str, ...]]:
        reads = sql.startswith(("SELECT", "WITH", "("))
        with connection.connection.cursor() as cursor:
            if text not in self.met:
                self.met[text] = able(cursor, sql, params)
            if not reads:
                return 0, ()  # what writes is noted, not played twice
            asked = []
            for _again in range(2):
                cursor.execute(EXPLAIN + sql, params)
                asked.append(cursor.fetchone()[0][0]["Plan"])
        top = min(asked, key=_blocks)
        return _blocks(top), tuple(sorted(set(indexes_of(top))))


def _blocks(part: dict[str, Any]) -> int:
    return int(part["Shared Hit Blocks"]) + int(part["Shared Read Blocks"])


def able(cursor: Any, sql: str, params: Any) -> frozenset[str]:
    """Indexes that can serve it in a hospital of any size: a small table would be read as a whole and sorted.

    A condition that is not leakproof cannot use an index behind the wall even then.
    """
    found: set[str] = set()
    cursor.execute("SET LOCAL enable_seqscan = off")
    for sort in ("on", "off"):
        cursor.execute(f"SET LOCAL enable_sort = {sort}")
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql, params)
        found |= set(indexes_of(cursor.fetchone()[0][0]["Plan"]))
    cursor.execute("SET LOCAL enable_seqscan = on; SET LOCAL enable_sort = on")
    return frozenset(found)


def indexes_of(plan: dict[str, Any]) -> Iterator[str]:
    if "Index Name" in plan:
        yield plan["Index Name"]
    for below in plan.get("Plans", ()):
        yield from indexes_of(below)


@contextmanager
def recorded(explain: bool = True, met: dict[str, frozenset[str]] | None = None) -> Iterator[Recorder]:
    recorder = Recorder(explain, met={} if met is None else met)
    with connection.execute_wrapper(recorder):
        yield recorder
