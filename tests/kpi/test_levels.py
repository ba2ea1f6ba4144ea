"""Every figure at every level, of every span, to the last digit: what pages read against sums of the plain reckoning."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators import values
from indicators.library import definitions
from kpi import registry
from kpi.queries import Reader, stand_of
from kpi.registry import Standpoint
from tenancy.models import Place
from tenancy.scope import scope, scope_of
from tests.ground import Layer
from tests.kpi import exported, history, plainly
from tests.kpi.test_measure import measure_all
from tests.snapshot import Facts
from workorders import catalogue


def history_of_both(world):
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        history.write(world, 31, number=300)
        world.today, world.now = measure_all(world), timezone.now()
        tables = exported.tables()
    world.facts = Facts(tables=tables, reckoned=plainly.measure(tables, world.now))


laid = Layer(history_of_both).fixture("laid")


def value(kpi, pair):
    """The figure itself, from its two sums."""
    above, below = pair
    if kpi.unit in ("count", "money"):
        return above
    return None if not below else above * (100 if kpi.unit == "percent" else 1) / below


def added_up(reckoned, level, end):
    """{level(key): (numerator, denominator)} of what was reckoned, as a whole, before a day."""
    found = defaultdict(lambda: [Decimal(0), None])
    for key, (above, below) in reckoned.items():
        if key[2] < end and (at := level(*key)) is not None:
            found[at][0] += above
            if below is not None:
                found[at][1] = (found[at][1] or 0) + below
    return {at: tuple(pair) for at, pair in found.items()}


def quarter(day):
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


SPANS = {"month": lambda day: day.replace(day=1), "quarter": quarter, "year": lambda day: date(day.year, 1, 1)}
WHOLE = {"hospital": lambda hospital, department: hospital, "department": lambda hospital, department: department}


@pytest.mark.parametrize("span", SPANS)
@pytest.mark.parametrize("whose", ["hospital", "department", "consortium"])
def test_indicators_equal_the_plain_reckoning(laid, span, whose):
    """Sums first, one division at the end, of the hospital, the department, and all hospitals together."""
    ids, end = [laid.a.id, laid.b.id], date(laid.today.year + 1, 1, 1)
    with scope(ids):
        known = {one.key: one for one in definitions(laid.consortium.pk).values() if one.kpi and not one.is_now}
        by = ([] if whose == "consortium" else [whose]) + [span]
        found = values.sums(known.values(), ids, date(laid.today.year - 1, 1, 1), end, by)

    def level(hospital, kpi, day, department, kind, ref):
        part = () if whose == "consortium" else (WHOLE[whose](hospital, department),)
        return (kpi, *part, SPANS[span](day)) if kind == "" else None

    sums = added_up(laid.facts.reckoned, level, laid.today).items()
    expected = {key: (pair[0], pair[1] if registry.get(key[0]).is_ratio else None) for key, pair in sums}
    assert {kpi.key for kpi in registry.measured()} <= known.keys()
    assert found == expected and {key[0] for key in expected} == {kpi.key for kpi in registry.measured()}
    got = {key: values.value(known[key[0]], pair) for key, pair in found.items()}
    assert got == {key: value(registry.get(key[0]), pair) for key, pair in expected.items()}


@pytest.mark.parametrize("kind", ["unit", "team", "service", "contractor", "person", "place"])
def test_parts_equal_the_plain_reckoning_today_included(laid, kind):
    """Places by what lies below them; today is counted live."""
    first, end = laid.today - timedelta(days=75), laid.today + timedelta(days=1)
    kpis = [kpi for kpi in registry.measured() if kind in kpi.dimensions]
    with scope_of(laid.max):
        reader = Reader(laid.max, stand_of(laid.max), kpis, {kpi.key: (kind,) for kpi in kpis})
        found = reader.parts_of(first, end)

    def level(hospital, kpi, day, department, at, ref):
        return (kpi, kind, ref) if hospital == laid.a.id and at == kind and day >= first else None

    assert found == added_up(laid.facts.reckoned, level, end) != {}


def test_floor_counts_what_lies_below_it_and_a_single_day_counts_alone(laid):
    day = laid.today - timedelta(days=9)
    kpis = [kpi for kpi in registry.measured() if "place" in kpi.dimensions]
    with scope_of(laid.max):
        below = set(
            Place.objects.filter(hospital=laid.a.id, path__startswith=laid.a.floor.path).values_list("pk", flat=True)
        )
        stand = Standpoint((laid.a.id,), (), "place", (laid.a.floor.path,))
        found = Reader(laid.max, stand, kpis).sums([kpi.key for kpi in kpis], day, day + timedelta(days=1))

    def level(hospital, kpi, on, department, kind, ref):
        return (kpi,) if kind == "place" and ref in below and on == day else None

    assert len(below) > 1 and found == added_up(laid.facts.reckoned, level, laid.today) != {}


def test_how_things_stand_now_equals_the_plain_reckoning(laid):
    standing = plainly.standing(laid.facts.tables, laid.now)
    kpis = [kpi for kpi in registry.kpis() if kpi.snapshot]
    with scope_of(laid.kim):
        reader = Reader(laid.kim, stand_of(laid.kim), kpis)
        found = reader.standing([kpi.key for kpi in kpis], "hospital")

    assert {key[0] for key in standing} == {kpi.key for kpi in kpis}
    assert found == standing
