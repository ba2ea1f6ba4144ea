"""Measuring one thing: ours and its floor in turns, so that a busy machine slows both."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import psycopg2

from bench import cpu
from bench.arithmetic import Gate, percentile, ratio
from bench.client import Connection, Load, Target
from bench.people import Person
from bench.servers import Web

ROUNDS, TURNS = 3, 2  # each round takes so many turns of ours, the floor and the statement
WARM = 0.4  # seconds, by several connections: both processes of the server are to be warm
CROWD = 4
BUSY = 0.5  # processors


@dataclass
class Series:
    """What was seen of one target: durations by round, CPU of the server's processes and of its sessions' backends."""

    rounds: list[list[float]] = field(default_factory=lambda: [[] for _ in range(ROUNDS)])
    app: float = 0.0
    database: float = 0.0

    @property
    def times(self) -> list[float]:
        return [one for found in self.rounds for one in found]

    @property
    def medians(self) -> list[float]:
        return [median(found) for found in self.rounds]

    @property
    def per_request(self) -> float:
        """CPU seconds of site and database; never quite nothing."""
        return max(self.app + self.database, 1 / cpu.TICKS) / len(self.times)

    def figures(self) -> dict[str, float]:
        """Milliseconds, and CPU milliseconds a request."""
        count = len(self.times)
        found = {
            "p50": 1000 * median(self.medians),
            "p95": 1000 * median(percentile(times, 0.95) for times in self.rounds),
            "app_cpu": 1000 * self.app / count,
            "pg_cpu": 1000 * self.database / count,
        }
        return {name: round(value, 3) for name, value in found.items()} | {"requests": count}


class Statement:
    """One hand-written statement over a connection of its own, inside a person's scope, fetched whole."""

    def __init__(self, url: str, person: Person, consortia: list[int], text: str, params: list[Any]) -> None:
        self.connection = psycopg2.connect(url, application_name="bench-statement")
        self.connection.autocommit = True
        self.cursor = self.connection.cursor()
        for name, ids in (("app.hospitals", person.hospitals), ("app.consortia", consortia)):
            self.cursor.execute("SELECT set_config(%s, %s, false)", [name, "{" + ",".join(map(str, ids)) + "}"])
        self.text, self.params = text, params

    def rows(self) -> list[tuple[Any, ...]]:
        self.cursor.execute(self.text, self.params)
        return list(self.cursor.fetchall())

    def run(self, seconds: float) -> list[float]:
        found, until = [], time.perf_counter() + seconds
        while not found or time.perf_counter() < until:
            begun = time.perf_counter()
            self.rows()
            found.append(time.perf_counter() - begun)
        return found

    def close(self) -> None:
        self.connection.close()


@dataclass
class Row:
    """One line of the table."""

    id: str
    who: str
    what: str
    ours: dict[str, Any] = field(default_factory=dict)
    floor: dict[str, Any] = field(default_factory=dict)
    ratio: float | None = None  # of medians, ours ÷ floor
    cpu_ratio: float | None = None  # of CPU a request, site and database together
    others: float = 0.0  # processors that others than the bench used meanwhile
    statement: float | None = None  # milliseconds of the hand-written statement
    sql: int | None = None  # statements a request
    bytes: int | None = None
    rate: float | None = None  # requests a second of four connections
    floor_rate: float | None = None
    gates: list[Gate] = field(default_factory=list)

    @property
    def times_floor(self) -> float | None:
        """What the gates go by: medians, or CPU where others used the machine too and stretched every request."""
        return self.cpu_ratio if self.others > BUSY else self.ratio

    def tail(self) -> Row:
        """T1: how far the slowest stand off; on a busy machine against the floor's own, which waits as long."""
        if self.others > BUSY:
            stretched = self.ours["p95"] / self.ours["p50"] / (self.floor["p95"] / self.floor["p50"])
            return self.at_most("p95 ÷ p50 against the floor's", stretched, 2)
        return self.at_most("p95 ÷ p50", self.ours["p95"] / self.ours["p50"], 2)

    def takes(self, which: str, limit: float) -> Row:
        """A limit in milliseconds; on a busy machine the CPU of a request, which waiting does not stretch."""
        if self.others > BUSY:
            return self.at_most("CPU ms", self.ours["app_cpu"] + self.ours["pg_cpu"], limit)
        return self.at_most(f"{which} ms", self.ours[which], limit)

    def at_most(self, name: str, value: float | None, limit: float) -> Row:
        if value is not None:
            self.gates.append(Gate(name, round(value, 3), limit))
        return self

    def at_least(self, name: str, value: float, limit: float) -> Row:
        self.gates.append(Gate(name, round(value, 3), limit, at_least=True))
        return self


class Bench:
    """What a scenario works with: the people, the servers, the database, and a way to compare."""

    def __init__(
        self, size: str, people: dict[str, Person], facts: dict[str, Any], webs: dict[str, Web], **given: Any
    ) -> None:
        self.size, self.people, self.facts = size, people, facts
        self.site, self.floor, self.counter = webs["site"], webs["floor"], webs["counter"]
        self.url, self.admin, self.seconds = given["url"], given["admin"], given["seconds"]

    # counting --------------------------------------------------------------------------------------------------------

    def asked_once(self, raw: bytes) -> Any:
        """The site's answer to one request, with its number of statements; the second time, when all is warm."""
        way = Connection(self.counter.port)
        way.send(raw)
        return way.send(raw)

    def ask(self, person: Person, text: str, params: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of the database as this person's scope shows them."""
        plain = Statement(self.url, person, self.facts["consortia"], text, list(params))
        try:
            return plain.rows()
        finally:
            plain.close()

    # measuring -------------------------------------------------------------------------------------------------------

    def compare(
        self, id: str, person: Person, what: str, ours: Target, floor: Target | None = None, **more: Any
    ) -> Row:
        """A line of the table: ours and its floor by one connection each, in turns.

        `statement`: (text, params) of the hand-written one; `crowd`: also by four connections; `count`: count statements.
        """
        row = Row(id, person.name, what)
        if more.get("count", True):
            answer = self.asked_once(ours.make(0))
            row.sql, row.bytes = int(answer.header("X-Sql-Statements") or 0), len(answer.body)
        written = more.get("statement")
        plain = Statement(self.url, person, self.facts["consortia"], *written) if written else None
        with self.watched(row):
            mine, theirs, text = self.turns(ours, floor, plain)
        row.ours = mine.figures()
        if floor:
            row.floor, row.ratio = theirs.figures(), round(ratio(mine.medians, theirs.medians), 3)
            row.cpu_ratio = round(mine.per_request / theirs.per_request, 3)
        if plain:
            row.statement = round(1000 * median(text.medians), 3)
            plain.close()
        if more.get("crowd"):
            row.rate = self.rate(ours)
            row.floor_rate = self.rate(floor) if floor else None
        return row

    @contextmanager
    def watched(self, row: Row) -> Iterator[None]:
        """Note how many processors others used meanwhile."""
        begun, used, ours = time.monotonic(), cpu.busy(), self.all_of_ours()
        yield
        spent = cpu.busy() - used - cpu.spent(ours, self.all_of_ours())
        row.others = round(max(0.0, spent / (time.monotonic() - begun)), 2)

    def all_of_ours(self) -> dict[int, float]:
        pids = {os.getpid(), *cpu.tree(self.site.pid), *cpu.tree(self.floor.pid)}
        self.admin.execute("SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'bench-%'")
        return cpu.used(pids | ({pid for (pid,) in self.admin.fetchall()} if self.facts["local"] else set()))

    def turns(self, ours: Target, floor: Target | None, plain: Statement | None) -> tuple[Series, Series, Series]:
        sides = [(self.site, ours, Series()), (self.web_of(floor), floor, Series())]
        loads = []
        for web, target, series in sides:
            if target:
                warm(target)
                loads.append((web, Load(target), series))
        text, share = Series(), self.seconds / ROUNDS / TURNS
        for number in range(ROUNDS * TURNS):
            for web, load, series in loads:
                with self.cpu(web, series):
                    series.rounds[number // TURNS] += load.run(share)
            if plain:
                text.rounds[number // TURNS] += plain.run(share / 4)
        for _web, load, _series in loads:
            load.close()
        return sides[0][2], sides[1][2], text

    def web_of(self, target: Target | None) -> Web:
        return self.site if target and target.port == self.site.port else self.floor

    def rate(self, target: Target, connections: int = CROWD) -> float:
        """Requests a second of so many connections; the median of three rounds."""
        load, found = Load(target, connections), []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            count = len(load.run(self.seconds / ROUNDS / 2))
            found.append(count / (time.perf_counter() - begun))
        load.close()
        return round(median(found), 1)

    @contextmanager
    def cpu(self, web: Web, series: Series) -> Iterator[None]:
        """Add what the server's processes and its database sessions have spent meanwhile."""
        known = cpu.tree(web.pid)
        before, behind = cpu.used(known), cpu.used(self.backends(web))
        yield
        series.app += cpu.spent(before, cpu.used(known))
        series.database += cpu.spent(behind, cpu.used(self.backends(web)))

    def backends(self, web: Web) -> list[int]:
        """The processes that serve its sessions; none where the database is on another machine."""
        if not self.facts["local"]:
            return []
        self.admin.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [web.application])
        return [pid for (pid,) in self.admin.fetchall()]


def warm(target: Target) -> None:
    load = Load(target, CROWD)
    load.run(WARM)
    load.close()


Scenario = Callable[[Bench], Iterator[Row]]
