"""K1: the dashboard of the consortium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bench.client import Target, always
from bench.measuring import Bench, Row
from bench.people import Person
from bench.scenarios import scenario

YEAR = """
SELECT hospital_id, kpi, month, department, numerator, denominator FROM kpi_monthfigure
WHERE month >= %s ORDER BY hospital_id, kpi, month
"""
MARK = "INSERT INTO kpi_dirtyday (hospital_id, moment) VALUES (%s, date_bin('15 minutes', now(), 'epoch'))"


@scenario("K1", "the dashboard of figures")
def dashboard(bench: Bench) -> Iterator[Row]:
    first = date.today().replace(day=1)
    first = first.replace(year=first.year - 1)
    for person in bench.people.values():
        ours = always(bench.site.port, "/figures/", person.page)
        if bench.asked_once(ours.make(0)).status != 200:  # not everybody has figures
            continue
        floor = always(bench.floor.port, f"/figures?who={person.name}&from={first}", {})
        row = bench.compare("K1", person, "page", ours, floor, statement=(YEAR, [first]))
        yield row.takes("p95", 50)


@scenario("F1", "the dashboard of figures, each time after a record has changed")
def changing(bench: Bench) -> Iterator[Row]:
    office = bench.people["office"]
    page = always(bench.site.port, "/figures/", office.page)
    yield bench.compare("F1", office, "page", changed(bench, office, page), count=False)


def changed(bench: Bench, person: Person, page: Target) -> Target:
    """The same page, each time after a record of today has changed: nothing that was counted for it holds any longer."""

    bench.admin.execute(
        "SELECT set_config('app.hospitals', %s, false)", ["{" + ",".join(map(str, person.hospitals)) + "}"]
    )

    def mark(number: int) -> bytes:
        bench.admin.execute(MARK, [person.hospitals[number % len(person.hospitals)]])
        return page.make(number)

    return Target(page.port, mark)
