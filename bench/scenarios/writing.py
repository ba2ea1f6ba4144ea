"""W1, W2: reporting an order."""

from __future__ import annotations

import json
from collections.abc import Iterator
from statistics import median
from typing import Any
from uuid import uuid4

from bench.client import Load, Target, request
from bench.measuring import ROUNDS, Bench, Row
from bench.people import Person
from bench.scenarios import scenario

WRITERS = 8
PLACES = """
SELECT h.id, s.id, s.department, p.id FROM tenancy_hospital h
CROSS JOIN LATERAL (SELECT id, department FROM workorders_service
    WHERE hospital_id = h.id AND active AND department = ANY(h.modules) ORDER BY id LIMIT 1) s
CROSS JOIN LATERAL (SELECT id FROM tenancy_place
    WHERE hospital_id = h.id AND closed_on IS NULL AND kind = 'room' ORDER BY id LIMIT 20) p
ORDER BY h.id, p.id
"""
Spot = tuple[int, int, str, int]  # hospital, service, department, place


@scenario("W1", "reporting an order, API")
def create(bench: Bench) -> Iterator[Row]:
    desk = bench.people["desk"]
    spots = [spot for spot in bench.ask(desk, PLACES) if spot[0] == desk.hospitals[0]]
    ours, floor = reports(bench, desk, spots), bare(bench, desk, spots)
    row = bench.compare("W1", desk, "report", ours, floor, crowd=True)
    yield row.at_most("× DRF create", row.times_floor, 3).at_most("SQL", row.sql, 20)


@scenario("W2", "eight writers at one hospital, against eight over all")
def crowd(bench: Bench) -> Iterator[Row]:
    """The same person may report everywhere, so that only the place differs."""
    writer = bench.people.get("writer") or bench.facts["writer"]
    spots = bench.ask(writer, PLACES)
    busy = bench.facts["largest"]
    one = Load(reports(bench, writer, [spot for spot in spots if spot[0] == busy]), WRITERS)
    spread = Load(reports(bench, writer, sorted(spots, key=lambda spot: spot[3] * 7919 % 10_007)), WRITERS)
    rates: tuple[list[float], list[float]] = ([], [])
    for load in (one, spread):
        load.run(1)
    for _ in range(ROUNDS):
        for load, found in zip((one, spread), rates, strict=True):
            seconds = bench.seconds / 2
            found.append(len(load.run(seconds)) / seconds)
    row = Row("W2", "writer", "one ÷ all hospitals")
    row.rate, row.floor_rate = round(median(rates[0]), 1), round(median(rates[1]), 1)
    yield row.at_least("of spread", median(a / b for a, b in zip(*rates, strict=True)), 0.6)


def reports(bench: Bench, person: Person, spots: list[Any]) -> Target:
    """Each with a key of its own, as a page sends it."""

    def make(n: int) -> bytes:
        _hospital, service, _department, place = spots[n % len(spots)]
        body = json.dumps({"place": place, "service": service, "title": "压力测试：灯管不亮"}).encode()
        headers = {**person.api, "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        return request("/api/v1/work-orders/", headers, body, "POST")

    return Target(bench.site.port, make, (201,))


def bare(bench: Bench, person: Person, spots: list[Any]) -> Target:
    def make(n: int) -> bytes:
        hospital, service, department, place = spots[n % len(spots)]
        facts = {"hospital": hospital, "service": service, "department": department, "place": place}
        facts |= {"number": f"F-{uuid4().hex[:16]}", "title": "压力测试：灯管不亮", "channel": "web"}
        headers = {**person.api, "Content-Type": "application/json"}
        return request("/create", headers, json.dumps(facts).encode(), "POST")

    return Target(bench.floor.port, make, (201,))
