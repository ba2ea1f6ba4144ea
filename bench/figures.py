"""K3: measuring all figures, each night and anew over five years, beside SQL written by hand for the same rows.

By CPU seconds of process and database session, since others may use the machine. In a database that may be spoilt.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import django
import psycopg2

from bench import cpu, figures_floor

YEARS = 5
SETTINGS = "SET jit = off; SET work_mem = '256MB'; SET timezone = 'Asia/Shanghai'"
COUNTED = "SELECT count(*), sum(numerator), sum(denominator) FROM {} WHERE day >= %s AND day < %s"


def timed(pids: set[int], work: Callable[[], Any]) -> tuple[float, float, Any]:
    """CPU seconds, seconds, and what came out."""
    before, begun = cpu.used(pids), time.monotonic()
    found = work()
    return cpu.spent(before, cpu.used(pids)), time.monotonic() - begun, found


def session() -> set[int]:
    """This process, and the database's that serves it."""
    from django.db import connection

    connection.ensure_connection()
    return {os.getpid(), connection.connection.info.backend_pid}


def night(hospitals: list[int], today: date) -> None:
    """What the nightly run does, to its end."""
    from kpi import nightly
    from kpi.measure import measure_next

    for hospital in hospitals:
        nightly.prepare(hospital, today)
    for hospital in hospitals:
        while measure_next(hospital):
            pass
    for hospital in hospitals:
        nightly.recheck(hospital, today)


def rebuild(hospitals: list[int], first: date, today: date) -> None:
    """Every day of these years, from nothing, as marked days are worked off."""
    from kpi.measure import mark_days, measure_next
    from tenancy.scope import scope

    for hospital in hospitals:
        with scope([hospital]):
            mark_days(hospital, first, today)
        while measure_next(hospital):
            pass


def months(owner: Any) -> list[date]:
    owner.execute("SELECT DISTINCT month FROM kpi_monthfigure ORDER BY month")
    return [row[0] for row in owner.fetchall()]


def floor(owner: Any, *spans: tuple[date, date]) -> int:
    owner.execute("DROP TABLE IF EXISTS bench_figure")
    owner.execute(figures_floor.TABLE)
    fine = (date.today().replace(day=1) - timedelta(days=1)).replace(day=1)
    return sum(figures_floor.fill(owner, first, end, fine) for first, end in spans)


def nightly(owner: Any, pids: set[int], hospitals: list[int], today: date) -> dict[str, float]:
    """The recent days and one month of the past, where yesterday is not measured yet."""
    from kpi.days import next_month
    from kpi.nightly import RECENT

    recent = (today - timedelta(days=RECENT), today)
    past = [month for month in months(owner) if month < today.replace(day=1)]
    month = past[today.toordinal() % len(past)]
    owner.execute("TRUNCATE kpi_dirtyday")
    owner.execute("DELETE FROM kpi_measurement WHERE day >= %s", [today - timedelta(days=1)])
    plain, plain_seconds, _count = timed(
        {owner.connection.info.backend_pid}, lambda: floor(owner, recent, (month, next_month(month)))
    )
    used, seconds, _none = timed(pids, lambda: night(hospitals, today))
    return {"cpu": used, "seconds": seconds, "floor_cpu": plain, "floor_seconds": plain_seconds}


def anew(owner: Any, pids: set[int], hospitals: list[int], today: date) -> dict[str, float]:
    """Five years, a year at a time by the floor; both give the same rows."""
    first = today.replace(year=today.year - YEARS, day=1)
    years = [(first.replace(year=first.year + n), first.replace(year=first.year + n + 1)) for n in range(YEARS)]
    years.append((first.replace(year=today.year), today))
    owner.execute("TRUNCATE kpi_measurement, kpi_monthfigure, kpi_dirtyday")
    plain, plain_seconds, count = timed({owner.connection.info.backend_pid}, lambda: floor(owner, *years))
    used, seconds, _none = timed(pids, lambda: rebuild(hospitals, first, today))
    owner.execute(COUNTED.format("bench_figure"), [first, today])
    expected = owner.fetchone()
    owner.execute(COUNTED.format("kpi_measurement"), [first, today])
    assert owner.fetchone() == expected, "the floor counts something else"
    return {"rows": count, "cpu": used, "seconds": seconds, "floor_cpu": plain, "floor_seconds": plain_seconds}


def main() -> None:
    django.setup()
    from django.utils import timezone

    connection = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    connection.autocommit = True
    owner, today = connection.cursor(), timezone.localdate()
    owner.execute(SETTINGS)
    owner.execute("SELECT id FROM tenancy_hospital ORDER BY id")
    hospitals = [row[0] for row in owner.fetchall()]
    owner.execute(
        "INSERT INTO kpi_reckoned (hospital_id, kpi) SELECT h.id, k FROM tenancy_hospital h, unnest(%s) k ON CONFLICT DO NOTHING",
        [keys()],
    )
    pids = session()
    found = {"rebuild": anew(owner, pids, hospitals, today)}
    found["nightly"] = nightly(owner, pids, hospitals, today)
    owner.execute("DROP TABLE bench_figure")
    with open(sys.argv[1], "w") as out:
        json.dump(found, out)


def keys() -> list[str]:
    from kpi.registry import measured

    return [kpi.key for kpi in measured()]


if __name__ == "__main__":
    main()
