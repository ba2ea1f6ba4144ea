"""Workers and their log-ins at the database killed at random moments of generation: exactly the right rounds all the same.

What is right is reckoned by the other implementation of the dates (test_recurrence) for 60 random plans.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta

import psycopg2
import pytest
from django.conf import settings as site
from django.db import connection

from inspections import generation
from inspections.models import Plan, Round
from tenancy.scope import scope
from tests.browser.workers import url_of_tests
from tests.factories import inspections as make
from tests.inspections.test_recurrence import MADE_UP, OFFICIAL, expected, some_rule
from workorders.models import CalendarDay

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = make.local("2026-09-21 10:00")  # the national holiday lies ahead
TICKS = [BEGAN + timedelta(days=n) for n in (0, 1, 9)]
PLANS, PATIENCE = 60, 60
WORK = """
import sys, django; django.setup()
from datetime import datetime
from inspections import generation
generation.BATCH = 3  # many short transactions: more moments to die in
print("ready", flush=True); sys.stdin.readline()
generation.generate({hospital}, datetime.fromisoformat("{now}"))
"""
SCENARIOS = ["worker", "database", "both"]


@pytest.fixture
def plans(world):
    """Running plans of hospital A with every kind of rhythm, and its calendar with the real days."""
    dice = random.Random(5)
    with scope(world.hospitals()):
        lists = make.checklist(world)
        pumps = [make.asset(world) for _n in range(3)]
        CalendarDay.objects.all().delete()
        days = [*((day, "holiday") for day in OFFICIAL), *((day, "working") for day in MADE_UP)]
        CalendarDay.objects.bulk_create(CalendarDay(hospital=world.a.hospital, day=d, kind=k) for d, k in days)
        made = []
        for number in range(PLANS):
            rule = some_rule(dice)
            what = [{}, {"subject": "assets", "kind": pumps[0].kind}, {"subject": "asset", "asset": pumps[1]}][
                number % 3
            ]
            fields = {key: getattr(rule, key) for key in rule.__dataclass_fields__}
            fields |= {"weekdays": list(rule.weekdays), "months": list(rule.months), "checklist": lists, **what}
            plan = make.plan(world, began=BEGAN, **fields)
            made.append((plan, rule, [None, pumps, [pumps[1]]][number % 3] or [None]))
    return made


def right(plans, now) -> set:
    """(plan, asset, due) that should be there."""
    found = set()
    for plan, rule, things in plans:
        for due_at in expected(rule, BEGAN.date() - timedelta(days=1), now.date() + timedelta(days=35)):
            if due_at > BEGAN:
                found |= {(plan.pk, thing and thing.pk, due_at) for thing in things}
    return found


def there(world) -> list:
    with scope([world.a.id]):
        return list(Round.objects.values_list("plan", "asset", "due_at"))


def worker(world, now):
    urls = {key: url_of_tests(key) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}
    command = [sys.executable, "-c", WORK.format(hospital=world.a.id, now=now.isoformat())]
    env = {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "logistics.settings"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    return subprocess.Popen(command, cwd=site.BASE_DIR, env=env, **pipes)


def begin(process):
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


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
    time.sleep(dice.uniform(0, 0.6))
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


def test_session_that_dies_holding_plans_leaves_them_to_the_next(world, plans):
    """A worker stands still in its transaction, and its plans with it: the other makes the rest; then it dies."""
    held = plans[0][0].pk
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
