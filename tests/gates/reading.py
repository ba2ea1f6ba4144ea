"""The reading: the consortium grows before the gates, and every page is asked by four people at each stage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any

import time_machine
from django.core.management import call_command
from django.db import connection
from django.test import Client

from accounts.domain import give_token
from kpi.measure import note_measured
from tests.conftest import as_owner
from tests.factories import inspections, orders, tenancy
from tests.gates import consortium, indexes
from tests.gates.addresses import GATED, url_of
from tests.gates.expectations import Answer, Answers
from tests.gates.moments import NOW
from tests.gates.statements import recorded

NAMED = (inspections, orders, tenancy)
TOKEN = re.compile(rb'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*')
LOG = ("administration:refusals", "administration:sign_ins")
SEQUENCES = "SELECT sequencename, coalesce(last_value, 0) FROM pg_sequences WHERE schemaname = 'public'"

ORDERED = {
    "kpi_measurement": "measurement_once",
    "kpi_monthfigure": "monthfigure_once",
    "workorders_workorder": "workorders_workorder_pkey",
}


@dataclass
class Reading:
    """All answers: with one row of everything, with three, and over 400 days of history."""

    one: Answers
    three: Answers
    full: Answers
    every: dict[str, tuple[str, str, int]]  # index → its table, first column, number of columns
    served: frozenset[str]  # the indexes that serve a page or a query of tests/gates/indexes.py
    foreign: dict[str, list[str]]  # what finds the rows that point at a row: index of the pointer → indexes of the plan


@contextmanager
def own_database() -> Iterator[None]:
    """Empty tables, keys and names from one; afterwards empty again, and none is given twice to the tests that follow.

    Hospitals are named by a number: of two digits it makes every order of theirs a byte longer, and others stand on a page.
    """
    with as_owner(), connection.cursor() as cursor:
        cursor.execute(SEQUENCES)
        before = dict(cursor.fetchall())
        _flush()
    given = {factory: factory._numbers for factory in NAMED}
    for factory in NAMED:
        factory._numbers = count(1)
    try:
        yield
    finally:
        for factory, numbers in given.items():
            factory._numbers = numbers
        with as_owner(), connection.cursor() as cursor:
            cursor.execute(SEQUENCES)
            after = dict(cursor.fetchall())
            _flush()
            for name, last in after.items():
                cursor.execute("SELECT setval(%s, %s)", [f'public."{name}"', max(last, before.get(name, 0), 1)])


def _flush() -> None:
    call_command("flush", verbosity=0, interactive=False, reset_sequences=True)


def settle(made: Any) -> None:
    """Rows packed and in one order, statistics complete: the planner knows the same in every run, and finds the same rows
    side by side. Figures are written by statements whose plan, and with it the order of their rows, changes with what
    autovacuum has seen by then; where a changed order goes, with what was cleared away before.

    Dead rows go before the rewriting: that keeps those which a transaction of any database of the server may have been
    open for, and a VACUUM after it leaves a page alone on which they are few."""
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE tenancy_refusal, accounts_signin RESTART IDENTITY")
    consortium.refused_and_signed_in(made)
    with as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM (INDEX_CLEANUP ON)")
        for table, index in ORDERED.items():
            cursor.execute(f"CLUSTER {table} USING {index}")
        cursor.execute("VACUUM (FULL, FREEZE, ANALYZE)")
        cursor.execute("VACUUM (INDEX_CLEANUP ON, ANALYZE)")


class People:
    """The four at their browsers, and their programs with a token for the API."""

    def __init__(self, people: dict[str, Any]) -> None:
        self.people = people
        self.clients: dict[str, Client] = {}
        self.programs: dict[str, Client] = {}
        self.met: dict[str, frozenset[str]] = {}  # statements that the connection knows, and the indexes for them

    def arrive(self) -> None:
        for name, user in self.people.items():
            self.clients[name] = Client(raise_request_exception=False)
            self.clients[name].force_login(user, backend="tenancy.backends.SignInBackend")
            key = give_token(user, "gates")
            self.programs[name] = Client(raise_request_exception=False, headers={"authorization": f"Token {key}"})

    def warm_up(self) -> None:
        """A new connection plans the function that opens a scope anew at its first five calls."""
        self.met.clear()
        for _ in range(4):
            for who in self.people:
                self.ask(who, "home", "/", explain=True)

    def ask(
        self, who: str, address: str, url: str, explain: bool = False, asked: dict[str, str] | None = None
    ) -> Answer:
        client = (self.programs if address.startswith("api:") else self.clients)[who]
        with recorded(explain, self.met) as recorder:
            response = client.get(url, asked or GATED.get(address, {}))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return Answer(response.status_code, len(TOKEN.sub(rb"\1", body)), tuple(recorder.seen))


def ask_all(people: People, made: Any, explain: bool = False) -> Answers:
    """Every page by the four; where none of them gets in, by the administrator too. The log first: refusals add to it.
    Stored sums that an earlier reading remembered are read again."""
    for hospital in made.hospitals:
        note_measured(hospital)
    filled = {who: consortium.seen_by(made, who) for who in (*consortium.PEOPLE, consortium.LAST)}
    answers: Answers = {}
    for name in sorted(GATED, key=lambda name: (name not in LOG, name)):
        four = {who: people.ask(who, name, url_of(name, filled[who]), explain) for who in consortium.PEOPLE}
        if all(answer.status >= 400 for answer in four.values()):
            four[consortium.LAST] = people.ask(consortium.LAST, name, url_of(name, made), explain)
        answers[name] = four
    return answers


def _in_use(answers: Answers) -> frozenset[str]:
    return frozenset(
        index
        for by_person in answers.values()
        for answer in by_person.values()
        for statement in answer.statements
        for index in statement.indexes
    )


def read() -> Reading:
    """Build, ask, grow, ask again. Called once; nothing of it is left behind."""
    with own_database(), time_machine.travel(NOW, tick=False):
        made = consortium.found()
        people = People(made.people)
        people.arrive()
        consortium.add(made, 1)
        one = ask_all(people, made)
        consortium.add(made, 2)
        consortium.add(made, 3)
        consortium.deepen(made)
        three = ask_all(people, made)
        consortium.years(made)
        settle(made)
        people.warm_up()
        full = ask_all(people, made, explain=True)
        read_from: set[str] = set()
        with indexes.scanning(read_from):
            for who, name, asked in indexes.WAYS:
                people.ask(who, name, url_of(name, made), explain=True, asked=asked)
            with recorded(met=people.met):
                indexes.acts(made)
        served = frozenset().union(read_from, *people.met.values(), _in_use(full))
        return Reading(one, three, full, indexes.all_indexes(), served, indexes.foreign(made))
