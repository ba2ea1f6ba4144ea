"""K4: every page of figures beside the dashboard, and the wall; asked again and again, as people and screens do."""

from __future__ import annotations

from collections.abc import Iterator

from bench.client import Target, always, request
from bench.measuring import Bench, Row
from bench.people import Person
from bench.scenarios import scenario

LIMIT = 50  # milliseconds, 95th percentile
PAGES = (
    "/figures/workorders.on_time/?by=unit",
    "/reports/hospitals/",
    "/reports/leagues/",
    "/reports/leagues/workorders.on_time/",
    "/reports/parts/",
    "/reports/me/",
    "/indicators/",
    "/indicators/library/",
    "/indicators/library/workorders.on_time/",
    "/assessment/published/",
)
SCREENS = 500  # one asks thirty times a minute at most
HUNG = """
INSERT INTO reporting_screen (consortium_id, digest, name, language, seconds, made_by_name, made_at)
SELECT c.id, encode(sha256(convert_to('bench-' || n, 'UTF8')), 'hex'), 'bench', 'zh-hans', 20, 'bench', now()
FROM (SELECT id FROM tenancy_consortium ORDER BY id LIMIT 1) c, generate_series(1, %s) n
ON CONFLICT DO NOTHING
"""


def opened(bench: Bench, id: str, person: Person, paths: tuple[str, ...]) -> Iterator[Row]:
    """A line for each of these pages that the person may open."""
    for path in paths:
        page = always(bench.site.port, path, person.page)
        if bench.asked_once(page.make(0)).status == 200:
            yield bench.compare(id, person, path, page).takes("p95", LIMIT)


@scenario("K4", "the pages of figures")
def pages(bench: Bench) -> Iterator[Row]:
    for person in bench.people.values():
        yield from opened(bench, "K4", person, PAGES)
    bench.admin.execute(HUNG, [SCREENS])
    wall = Target(bench.site.port, lambda n: request(f"/wall/bench-{n % SCREENS + 1}/figures/"))
    yield bench.compare("K4", bench.people["office"], "wall screen", wall).takes("p95", LIMIT)
