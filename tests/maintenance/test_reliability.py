"""The reliability of three machines, out of ten years of real orders: the page against a reckoning of its own."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.core.management import call_command
from django.utils import timezone

from assets.models import Asset
from maintenance import reliability
from tenancy.scope import scope_of
from tests.exchange.conftest import HISTORY, mapping, ready  # noqa: F401  the history and its fixtures
from tests.factories import rounds
from tests.factories.workorders import order
from workorders import catalogue
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db


def plainly(kind: str = "") -> dict[str, dict]:
    """By machine, out of the file alone: days between neighbours, repeats within 30 days, cost and count by year."""
    with HISTORY.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))[1:]
    days, cost, years = (
        defaultdict(list),
        defaultdict(Decimal),
        defaultdict(lambda: defaultdict(lambda: [0, Decimal(0)])),
    )
    for line in lines:
        if not line[3].startswith("PM") or (kind and line[3] != kind):  # one line is broken
            continue
        day = date.fromisoformat(line[0])
        days[line[1]].append(day)
        cost[line[1]] += Decimal(line[4])
        years[line[1]][day.year][0] += 1
        years[line[1]][day.year][1] += Decimal(line[4])
    found = {}
    for machine, when in days.items():
        when.sort()
        gaps = [(later - earlier).days for earlier, later in pairwise(when)]
        found[machine] = {
            "failures": len(when), "between": Decimal(sum(gaps)) / len(gaps), "repeats": sum(gap <= 30 for gap in gaps),
            "cost": cost[machine], "years": {year: tuple(pair) for year, pair in years[machine].items()},
        }  # fmt: skip
    return found


def test_three_machines_are_as_the_file_says(client, ready, mapping):  # noqa: F811
    call_command("import_orders", str(HISTORY), hospital="A", mapping=mapping, skip_bad=True)
    with scope_of(ready.max):
        machines = {one.code: one.pk for one in Asset.objects.filter(code__in="ABC")}
        for kind in ("", "PM01"):
            expected = plainly(kind)
            for code, pk in machines.items():
                got = reliability.of_assets(ready.max, [pk], kind)
                assert got.failures == expected[code]["failures"], (code, kind)
                assert round(Decimal(got.between / timedelta(days=1)), 6) == round(expected[code]["between"], 6)
                assert (got.repeats, got.cost) == (expected[code]["repeats"], expected[code]["cost"])
                assert {y.year: (y.failures, y.cost) for y in got.years.values()} == expected[code]["years"]
                assert got.to_repair is None  # the older system knew no end

    client.force_login(ready.max, backend="tenancy.backends.SignInBackend")
    page = client.get(f"/maintenance/reliability/{machines['C']}/").content.decode().replace("\u202f", "")
    assert ">992<" in page
    assert "¥6229217.28" in page
    assert set(re.findall(r'href="\?kind=(PM\d\d)"', page)) == {"PM01", "PM02", "PM04", "PM05", "PM06"}


def test_time_to_repair_leaves_out_time_on_hold_and_one_failure_is_no_gap(world):
    with scope_of(world.ada):
        catalogue.install(world.a.hospital)
        pump = rounds.asset(world, "P1")
        made = order(world, "finish", asset=pump)
        begun = timezone.now() - timedelta(hours=5)
        end = begun + timedelta(hours=3)
        WorkOrder.objects.filter(pk=made.pk).update(reported_at=begun, finished_at=end, waited_seconds=3600)
        got = reliability.of_assets(world.ada, [pump.pk])

    assert (got.failures, got.between, got.repeat_share) == (1, None, None)
    assert got.to_repair == timedelta(hours=2)


def test_nobody_of_b_opens_a_machine_of_a(client, world):
    with scope_of(world.ada):
        pump = rounds.asset(world, "P1")
    client.force_login(world.ada_b, backend="tenancy.backends.SignInBackend")

    assert client.get(f"/maintenance/reliability/{pump.pk}/").status_code == 404
