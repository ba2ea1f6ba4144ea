"""L1, L2, L3: lists of orders."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from bench import rows
from bench.client import always
from bench.measuring import Bench, Row
from bench.people import Person
from bench.scenarios import scenario
from ui import paging

PAGE = 50
DEEP = 20_000  # the page of L3; where a person has fewer, their last one
ORDERING = ("-reported_at", "-id")


def asked(bench: Bench, person: Person) -> dict[str, Any]:
    """Open orders of one hospital; of the contractor, of all hospitals they work at. The office looks at the largest."""
    where = {"desk": person.hospitals[0], "technician": person.hospitals[0], "office": bench.facts["largest"]}
    hospital = where.get(person.name)
    return {"state": "open", **({"hospital": hospital} if hospital else {})}


@scenario("L1", "the newest 50 open orders, API")
def api_list(bench: Bench) -> Iterator[Row]:
    for person in bench.people.values():
        query = asked(bench, person)
        hospital = query.get("hospital")
        ours = always(bench.site.port, f"/api/v1/work-orders/?{urlencode(query)}", person.api)
        floor = always(bench.floor.port, f"/list?{urlencode({**query, 'who': person.name})}", {})
        written = rows.newest(person.rows, person.pk, hospital)
        row = bench.compare("L1", person, "list", ours, floor, statement=written, crowd=person.name == "desk")
        yield row.at_most("× values()", row.times_floor, 3.3).at_most("SQL", row.sql, 5)


@scenario("L2", "the newest 50 open orders, page")
def page_list(bench: Bench) -> Iterator[Row]:
    for person in bench.people.values():
        query = asked(bench, person)
        ours = always(bench.site.port, f"/orders/?{urlencode(query)}", person.page)
        floor = always(bench.floor.port, f"/page?{urlencode({**query, 'who': person.name})}", person.page)
        row = bench.compare("L2", person, "page", ours, floor, crowd=person.name == "desk")
        yield row.at_most("× values()", row.times_floor, 3)


@scenario("L3", "everything, the first page and the 20,000th")
def deep(bench: Bench) -> Iterator[Row]:
    for person in bench.people.values():
        cursor, page = deep_cursor(bench, person)
        path = "/api/v1/work-orders/"
        first, last = (
            always(bench.site.port, path, person.api),
            always(bench.site.port, f"{path}?cursor={cursor}", person.api),
        )
        row = bench.compare("L3", person, f"page {page}", last, first)
        yield row.at_most("× page 1", row.times_floor, 2)


def deep_cursor(bench: Bench, person: Person) -> tuple[str, int]:
    """Where the last row before that page stands; the statement runs in the person's own scope."""
    reach, params = rows.as_sql(person.rows, person.pk)
    source = "workorders_workorder o JOIN tenancy_place p ON p.id = o.place_id"
    ((count,),) = bench.ask(person, f"SELECT count(*) FROM {source} WHERE {reach}", params)
    page = max(1, min(DEEP, (count - 1) // PAGE + 1))
    if page == 1:
        return "", 1
    statement = f"SELECT o.reported_at, o.id FROM {source} WHERE {reach} ORDER BY 1 DESC, 2 DESC OFFSET %s LIMIT 1"
    ((at, pk),) = bench.ask(person, statement, [*params, (page - 1) * PAGE - 1])
    return paging.encode({"reported_at": at, "id": pk}, ORDERING), page
