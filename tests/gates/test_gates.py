"""What the pages cost, literally: statements, blocks and bytes, read as the application's role by four people."""

from __future__ import annotations

import pytest
from django.db import connection

from tests.gates import expectations
from tests.gates.addresses import EXEMPT, GATED
from tests.gates.expectations import differences, uneven
from tests.gates.indexes import SPARE
from tests.sweeps.addresses import ADDRESSES
from tests.sweeps.test_access import NAMES

TAKE = 'differs from tests/gates/expected; if it is meant: make test ARGS="tests/gates --take"'


@pytest.fixture(scope="module")
def version(reading) -> int:
    return connection.pg_version // 10_000


def test_every_address_is_gated_or_exempt_with_a_reason():
    asked = {name for name in NAMES if name not in ADDRESSES or ADDRESSES[name].get or name in GATED}

    assert asked - GATED.keys() - EXEMPT.keys() == set(), "add it to tests/gates/addresses.py"
    assert GATED.keys() & EXEMPT.keys() == set()
    assert (GATED.keys() | EXEMPT.keys()) - NAMES.keys() == set()


def test_pages_cost_what_is_written_down(reading, version, request):
    if request.config.getoption("--take", default=False):
        expectations.write(reading.full, version)
    expected, taken_on = expectations.read()

    told = differences(expected, reading.full, plans=version == taken_on)

    assert not told, "\n".join([TAKE, *told])


def test_three_rows_cost_as_many_statements_as_one(reading):
    assert uneven(reading.one, reading.three) == []


def test_no_page_breaks_and_each_is_opened_by_somebody(reading):
    statuses = {name: {answer.status for answer in answers.values()} for name, answers in reading.full.items()}

    assert {name for name, seen in statuses.items() if any(status >= 500 for status in seen)} == set()
    assert {name for name, seen in statuses.items() if min(seen) >= 400} == set()


def test_every_index_behind_the_wall_serves_a_query(reading):
    unused = [name for name in reading.every if name not in reading.served | reading.foreign.keys() | SPARE.keys()]

    assert not unused, (
        f"no page and nothing of tests/gates/indexes.py uses {', '.join(unused)}: mend the query, or drop it"
    )


def test_indexes_are_those_written_down(reading, request):
    listed = expectations.FOLDER / "indexes.txt"
    if request.config.getoption("--take", default=False):
        listed.write_text("\n".join(sorted(reading.every)) + "\n")

    assert sorted(reading.every) == listed.read_text().split(), TAKE


def test_every_pointer_is_found_by_an_index(reading):
    """Its own, or another that begins with it; where a table has few rows here the wall's own is as good."""
    assert [name for name, plan in reading.foreign.items() if not plan] == []
