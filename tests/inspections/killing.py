"""What is generated while something dies: 60 random plans, what is right for them, and a database server of its own to kill.

What is right is reckoned by the other implementation of the dates (test_recurrence).
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg2
from django.conf import settings as site

from launch import processes
from launch.datadir import DataDir
from launch.postgres import Postgres, postmaster
from tenancy.scope import scope
from tests.factories import inspections as make
from tests.inspections.test_recurrence import MADE_UP, OFFICIAL, expected, some_rule
from workorders.models import CalendarDay

BEGAN = make.local("2026-09-21 10:00")  # the national holiday lies ahead
PLANS, SEED = 60, 5
WORK = """
import sys, django; django.setup()
from datetime import datetime
from inspections import generation
generation.BATCH = 3  # many short transactions: more moments to die in
print("ready", flush=True); sys.stdin.readline()
generation.generate({hospital}, datetime.fromisoformat("{now}"))
"""
LAY = """
import django; django.setup()
from tests.inspections.killing import laid_down
laid_down()
"""


def lay(world: Any) -> list[tuple[Any, Any, list[Any]]]:
    """Running plans of hospital A with every kind of rhythm, and its calendar with the real days: (plan, rule, things)."""
    dice, made = random.Random(SEED), []
    with scope(world.hospitals()):
        lists = make.checklist(world)
        pumps = [make.asset(world) for _n in range(3)]
        CalendarDay.objects.all().delete()
        days = [*((day, "holiday") for day in OFFICIAL), *((day, "working") for day in MADE_UP)]
        CalendarDay.objects.bulk_create(CalendarDay(hospital=world.a.hospital, day=d, kind=k) for d, k in days)
        for number in range(PLANS):
            rule = some_rule(dice)
            kinds: list[dict[str, Any]] = [
                {},
                {"subject": "assets", "kind": pumps[0].kind},
                {"subject": "asset", "asset": pumps[1]},
            ]
            fields = {key: getattr(rule, key) for key in rule.__dataclass_fields__}
            fields |= {"weekdays": list(rule.weekdays), "months": list(rule.months), "checklist": lists}
            plan = make.plan(world, began=BEGAN, **fields, **kinds[number % 3])
            things = [[None], pumps, [pumps[1]]][number % 3]
            made.append((plan.pk, rule, [thing and thing.pk for thing in things]))
    return made


def right(plans: list[tuple[Any, Any, list[Any]]], now: datetime) -> set[tuple[Any, Any, datetime]]:
    """(plan, asset, due) that should be there."""
    found = set()
    for plan, rule, things in plans:
        for due_at in expected(rule, BEGAN.date() - timedelta(days=1), now.date() + timedelta(days=35)):
            if due_at > BEGAN:
                found |= {(plan, thing, due_at) for thing in things}
    return found


def worker(hospital: int, now: datetime, urls: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WORK.format(hospital=hospital, now=now.isoformat())]
    env = {**os.environ, **urls, "DJANGO_SETTINGS_MODULE": "logistics.settings"}
    return subprocess.Popen(
        command, cwd=site.BASE_DIR, env=env, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )  # fmt: skip


def begin(process: subprocess.Popen[str]) -> None:
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


def laid_down() -> None:
    """The world and its plans in the database the environment names; says what stands there."""
    from tests.world import build

    world = build()
    plans = [(plan, things) for plan, _rule, things in lay(world)]
    print(json.dumps({"hospital": world.a.id, "plans": plans}))


class Server:
    """A PostgreSQL of its own in an empty folder, with the tables and the plans in it."""

    def __init__(self, folder: Path) -> None:
        os.environ["LOGISTICS_DATA_DIR"], before = str(folder), os.environ.get("LOGISTICS_DATA_DIR")
        self.postgres = Postgres(DataDir(site.BASE_DIR), {})
        os.environ.pop("LOGISTICS_DATA_DIR") if before is None else os.environ.update(LOGISTICS_DATA_DIR=before)

    def lay(self) -> None:
        """Start it, and lay down what the workers will find."""
        self.urls = self.postgres.start()
        self._run([sys.executable, "manage.py", "migrate", "-v0"], DATABASE_AS_OWNER="1")
        told = json.loads(self._run([sys.executable, "-c", LAY]).splitlines()[-1])
        dice = random.Random(SEED)
        self.hospital = told["hospital"]
        self.plans = [(plan, some_rule(dice), things) for plan, things in told["plans"]]

    def _run(self, command: list[str], **more: str) -> str:
        env = {**os.environ, **self.urls, "DJANGO_SETTINGS_MODULE": "logistics.settings", **more}
        return subprocess.run(command, cwd=site.BASE_DIR, env=env, text=True, stdout=subprocess.PIPE, check=True).stdout

    @contextmanager
    def asking(self) -> Iterator[Any]:
        """As the owner of the tables, who sees all rows."""
        with (
            closing(psycopg2.connect(self.urls["DATABASE_OWNER_URL"])) as connection,
            connection,
            connection.cursor() as cursor,
        ):
            yield cursor

    def begin_again(self) -> None:
        with self.asking() as cursor:
            cursor.execute("DELETE FROM inspections_round")
            cursor.execute("UPDATE inspections_plan SET generated_until = NULL")

    def rounds(self) -> list[tuple[Any, Any, datetime]]:
        with self.asking() as cursor:
            cursor.execute("SELECT plan_id, asset_id, due_at FROM inspections_round")
            return list(cursor.fetchall())

    def kill(self) -> None:
        """The whole server at once, as when the power goes: nobody of it says goodbye."""
        folder = Path(self.postgres.mine["folder"])
        for pid in {postmaster(folder), *processes.working_in(folder)} - {None}:
            with suppress(ProcessLookupError):  # gone with the others already
                os.kill(pid, signal.SIGKILL)

    def come_back(self) -> None:
        self.urls = self.postgres.start()

    def work(self, now: datetime) -> None:
        """A healthy worker comes along."""
        process = worker(self.hospital, now, self.urls)
        begin(process)
        process.communicate(timeout=120)
        assert process.returncode == 0


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    one = Server(folder)
    try:
        one.lay()
        yield one
    finally:
        one.postgres.stop()
        shutil.rmtree(one.postgres.data.path, ignore_errors=True)
