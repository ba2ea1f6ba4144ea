"""I1: rounds out of the plans of 50 hospitals, beside a plain INSERT … SELECT of the same rows. In a database of its own.

400 plans a hospital: 5 in a hundred daily, 25 weekly, 50 monthly, 20 yearly; none has rounds yet.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import django

from bench import cpu

HOSPITALS, PLANS = 50, 400
STEPS = ["day"] * 5 + ["week"] * 25 + ["month"] * 50 + ["year"] * 20
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
AGAIN = """
INSERT INTO inspections_round ({columns}) SELECT {columns} FROM kept ORDER BY hospital_id, plan_id, due_at
"""


def furnish() -> list[int]:
    """Hospitals with a building, a team and running plans, each with a calendar of public holidays."""
    from inspections.models import Checklist, Plan
    from tenancy.models import Consortium, Hospital, Place, Team
    from tenancy.scope import scope
    from workorders import calendars

    consortium = Consortium.objects.create(name="Rounds")
    hospitals = Hospital.objects.bulk_create(
        Hospital(consortium=consortium, code=f"R{n}", name=f"R{n}", short_name=f"R{n}") for n in range(HOSPITALS)
    )
    ids = [hospital.pk for hospital in hospitals]
    with scope(ids):
        checklist = Checklist.objects.create(consortium=consortium, key="own.rounds", department="maintenance")
        for hospital in hospitals:
            calendars.install(hospital, NOW.date())
            place = Place.objects.create(hospital=hospital, kind="hospital", name=hospital.name)
            team = Team.objects.create(hospital=hospital, department="maintenance", name="Rounds")
            Plan.objects.bulk_create(
                Plan(
                    hospital=hospital, name=f"Plan {n}", department="maintenance", checklist=checklist, team=team, place=place,
                    subject="place", state="running", planned_from=NOW, step=STEPS[n % 100], starts_on=starts(n),
                )
                for n in range(PLANS)
            )  # fmt: skip
    return ids


def starts(n: int) -> date:
    """Plans begin on all days of a year, so that weeks, months and years end everywhere."""
    return date(2025, 1, 1) + timedelta(days=n * 37 % 365)


def sessions() -> set[int]:
    """This process, and the database's that serves it."""
    from django.db import connection

    connection.ensure_connection()
    return {os.getpid(), connection.connection.info.backend_pid}


def generated(hospitals: list[int]) -> dict[str, float]:
    """Seconds until all hospitals have their rounds, by the clock and of CPU in the process and in the database."""
    from inspections import generation

    before, begun = cpu.used(sessions()), time.monotonic()
    for hospital in hospitals:
        assert generation.generate(hospital, NOW)
    seconds = time.monotonic() - begun
    return {"seconds": seconds, "cpu_seconds": cpu.spent(before, cpu.used(before))}


def inserted(hospitals: list[int]) -> dict[str, float]:
    """How many rounds there are, and how long one statement takes to put the same rows into the emptied table."""
    import psycopg2
    from django.db import connection

    from inspections.models import Round
    from tenancy.scope import scope

    columns = ", ".join(f.column for f in Round._meta.concrete_fields if not f.primary_key)
    with scope(hospitals), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE kept AS SELECT * FROM inspections_round")
        count = cursor.rowcount
    owner = psycopg2.connect(os.environ["DATABASE_OWNER_URL"])
    with owner, owner.cursor() as cursor:
        cursor.execute("TRUNCATE inspections_round CASCADE")
    owner.close()
    with scope(hospitals), connection.cursor() as cursor:
        before, begun = cpu.used(sessions()), time.monotonic()
        cursor.execute(AGAIN.format(columns=columns))
        assert cursor.rowcount == count
    seconds = time.monotonic() - begun
    return {"rounds": count, "plain_seconds": seconds, "plain_cpu_seconds": cpu.spent(before, cpu.used(before))}


def main() -> None:
    django.setup()
    hospitals = furnish()
    used, begun = cpu.busy(), time.monotonic()
    found = generated(hospitals)
    found["others"] = max(0.0, (cpu.busy() - used - found["cpu_seconds"]) / (time.monotonic() - begun))
    found |= inserted(hospitals)
    with open(sys.argv[1], "w") as out:
        json.dump(found, out)


if __name__ == "__main__":
    main()
