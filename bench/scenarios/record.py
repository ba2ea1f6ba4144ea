"""D1: one order with its history, files and parts."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bench import rows
from bench.client import Target, request
from bench.measuring import Bench, Row
from bench.people import Person
from bench.scenarios import scenario

MANY = 20  # orders that are opened in turn
FULL = """
SELECT o.id FROM (
    SELECT o.id FROM workorders_workorder o JOIN tenancy_place p ON p.id = o.place_id WHERE {reach}
    ORDER BY o.reported_at DESC, o.id DESC LIMIT 2000) o
ORDER BY (SELECT count(*) FROM workorders_line l WHERE l.order_id = o.id) > 0 DESC,
         (SELECT count(*) FROM flow_attachment f WHERE f.subject = 'workorders.workorder' AND f.subject_id = o.id) > 0 DESC,
         (SELECT count(*) FROM flow_event e WHERE e.subject = 'workorders.workorder' AND e.subject_id = o.id) DESC, o.id
LIMIT {many}
"""


@scenario("D1", "one order with history, files and parts")
def detail(bench: Bench) -> Iterator[Row]:
    for person in bench.people.values():
        found = fullest(bench, person)
        if not found:
            continue
        page = turning(bench.site.port, found, "/orders/{}/", person.page)
        bare = turning(bench.floor.port, found, f"/record/{{}}?who={person.name}", person.page)
        row = bench.compare("D1", person, "page", page, bare, crowd=person.name == "desk")
        yield row.at_most("× floor", row.times_floor, 4).at_most("SQL", row.sql, 10)
        api = turning(bench.site.port, found, "/api/v1/work-orders/{}/", person.api)
        plain = turning(bench.floor.port, found, f"/detail/{{}}?who={person.name}", {})
        row = bench.compare("D1", person, "API", api, plain)
        yield row.at_most("× floor", row.times_floor, 4).at_most("SQL", row.sql, 10)


def fullest(bench: Bench, person: Person) -> list[int]:
    """Of the person's newest orders those with most to show."""
    reach, params = rows.as_sql(person.rows, person.pk)
    return [pk for (pk,) in bench.ask(person, FULL.format(reach=reach, many=MANY), params)]


def turning(port: int, ids: list[int], path: str, headers: dict[str, str]) -> Target:
    """One after another, over and over."""
    raw = [request(path.format(pk), headers) for pk in ids]
    make: Callable[[int], bytes] = lambda n: raw[n % len(raw)]  # noqa: E731
    return Target(port, make)
