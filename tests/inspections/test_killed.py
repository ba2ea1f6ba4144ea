"""Workers, their log-ins, the whole database server killed at random moments of generation: exactly the right rounds."""

from __future__ import annotations

import random
import signal
import time
from datetime import date, timedelta

import psycopg2
import pytest
from django.db import connection

from inspections import generation
from inspections.models import Plan, Round
from tenancy.scope import scope
from tests.browser.workers import url_of_tests
from tests.inspections import killing
from tests.inspections.killing import BEGAN, begin, right

pytestmark = pytest.mark.django_db(transaction=True)
TICKS = [BEGAN + timedelta(days=n) for n in (0, 1, 9)]
PATIENCE = 60
SCENARIOS = ["worker", "database", "both"]
SECONDS = {"worker": 0.6, "server": 0.5}  # within which death comes


@pytest.fixture
def plans(world):
    return killing.lay(world)


def there(world) -> list:
    with scope([world.a.id]):
        return list(Round.objects.values_list("plan", "asset", "due_at"))


def worker(world, now):
    return killing.worker(world.a.id, now, {key: url_of_tests(key) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")})


def kill_worker(process):
    process.send_signal(signal.SIGKILL)


def kill_sessions():
    """Every log-in at the tests' database but this one is thrown out by the server, in the middle of what it does."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database()"
            " AND usename = current_user AND pid <> pg_backend_pid()"
        )
        return cursor.fetchone()[0]


def two_of_whom_one_dies(world, now, dice, how):
    """Two workers at the same hospital at once; after a moment one of them, the log-ins, or both are gone."""
    both = [worker(world, now) for _n in range(2)]
    for process in both:
        begin(process)
    time.sleep(dice.uniform(0, SECONDS["worker"]))
    if how in ("worker", "both"):
        kill_worker(both[0])
    if how in ("database", "both"):
        kill_sessions()
    for process in both:
        process.communicate(timeout=PATIENCE)
    return [process.returncode for process in both]


def alone(world, now):
    """A healthy worker comes along."""
    assert generation.generate(world.a.id, now)


def rehearse(world, plans, times, seed):
    """Generate all ticks again and again, each with a death in it; answers how many died."""
    dice, died = random.Random(seed), 0
    for number in range(times):
        with scope([world.a.id]):
            Round.objects.all().delete()
            Plan.objects.update(generated_until=None)
        how = SCENARIOS[number % 3]
        for now in TICKS if times > 3 else TICKS[:1]:
            died += any(two_of_whom_one_dies(world, now, dice, how))
            alone(world, now)
            found = there(world)
            assert len(found) == len(set(found))
            assert set(found) == right(plans, now), (number, how)
    return died


def test_killed_three_times_exactly_the_right_rounds_are_there(world, plans):
    assert len(right(plans, BEGAN)) > 500
    assert rehearse(world, plans, 3, seed=1) >= 1


@pytest.mark.hammer
def test_killed_twenty_times_exactly_the_right_rounds_are_there(world, plans):
    assert rehearse(world, plans, 20, seed=2) >= 10


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with killing.server(tmp_path_factory.mktemp("server")) as running:
        yield running


def rehearse_without_power(server, numbers, seed):
    """Two workers at a server that is gone in an instant; it comes back, recovers, and a healthy worker goes on."""
    dice, cut = random.Random(seed), 0
    for number in numbers:
        server.begin_again()
        now = TICKS[number % 3]
        if number % 2:  # some rounds are there already, up to the day before
            server.work(now - timedelta(days=1))
        both = [killing.worker(server.hospital, now, server.urls) for _n in range(2)]
        for process in both:
            begin(process)
        time.sleep(dice.uniform(0, SECONDS["server"]))
        server.kill()
        for process in both:
            process.communicate(timeout=PATIENCE)
        cut += any(process.returncode for process in both)
        server.come_back()
        left = server.rounds()
        assert len(left) == len(set(left)) and set(left) <= right(server.plans, now)
        server.work(now)
        found = server.rounds()
        assert len(found) == len(set(found)), number
        assert set(found) == right(server.plans, now), number
    return cut


@pytest.mark.hammer
@pytest.mark.parametrize("first", [0, 5, 10, 15])
def test_server_that_dies_five_times_leaves_exactly_the_right_rounds_to_be_made(server, first):
    """Twenty deaths in parts: the hammer has ten minutes a call, and goes on with the next."""
    assert rehearse_without_power(server, range(first, first + 5), seed=first) >= 1


def test_session_that_dies_holding_plans_leaves_them_to_the_next(world, plans):
    """A worker stands still in its transaction, and its plans with it: the other makes the rest; then it dies."""
    held = plans[0][0]
    other = psycopg2.connect(url_of_tests("DATABASE_URL"))
    with other.cursor() as cursor:
        cursor.execute("SELECT set_config('app.hospitals', %s, true)", [f"{{{world.a.id}}}"])
        cursor.execute("SELECT 1 FROM inspections_plan WHERE id = %s FOR UPDATE", [held])
        alone(world, BEGAN)
        wanted = right(plans, BEGAN)
        assert set(there(world)) == {row for row in wanted if row[0] != held}
    other.close()
    alone(world, BEGAN)
    assert set(there(world)) == right(plans, BEGAN)
    assert len(there(world)) == len(wanted)


def test_two_workers_at_once_make_each_round_once(world, plans):
    both = [worker(world, BEGAN) for _n in range(2)]
    for process in both:
        begin(process)
    for process in both:
        process.communicate(timeout=PATIENCE)
    assert [process.returncode for process in both] == [0, 0]
    found = there(world)
    assert len(found) == len(set(found))
    alone(world, BEGAN)
    assert set(there(world)) == right(plans, BEGAN)
    assert date(2026, 10, 26) == (BEGAN + timedelta(days=35)).date() == max(due for *_, due in found).date()
