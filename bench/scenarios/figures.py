"""K1: the dashboard of the consortium."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from bench.client import always
from bench.measuring import Bench, Row
from bench.scenarios import scenario

YEAR = """
SELECT hospital_id, kpi, month, department, numerator, denominator FROM kpi_monthfigure
WHERE month >= %s ORDER BY hospital_id, kpi, month
"""


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
