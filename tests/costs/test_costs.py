"""The page of costs: sums by part and month, and the orders they lead to. The sums are worked out by hand."""

from __future__ import annotations

import io
import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from kpi.measure import measure
from tests.factories.orders import unsaved
from tests.factories.workorders import service
from workorders.models import WorkOrder

CHINA = timezone(timedelta(hours=8))
YEAR = datetime.now(CHINA).year - 1  # all of it is over: every sum comes from what was measured


def at(month, day, hour=10):
    return datetime(YEAR, month, day, hour, tzinfo=CHINA)


@pytest.fixture
def history(world, act, services):
    """At A: ward 1 in March 100.05 and 0.10, in April 7.35; ward 2 in April 20.00; no unit in April 1.00. At B: 999.99."""
    a, b = world.a, world.b
    with act():
        water, lift = service(world), service(world, "maintenance.lift")
        rows = [
            (a, water, a.room, at(3, 5), "100.05", {"unit": a.ward, "labour_cost": Decimal("40.05")}),
            (a, lift, a.room, at(3, 31, 23), "0.10", {"unit": a.ward}),
            (a, water, a.other_room, at(4, 1, 0), "7.35", {"unit": a.ward}),
            (a, water, a.room, at(4, 2), "20.00", {"unit": a.other_ward, "contractor": world.firm}),
            (a, lift, a.room, at(4, 30, 23), "1.00", {"unit": None}),
            (b, service(world, site=b), b.room, at(4, 3), "999.99", {"unit": b.ward}),
        ]
        WorkOrder.objects.bulk_create(
            unsaved(
                *(site.hospital, what, place), at=done - timedelta(days=1), finished_at=done, cost=Decimal(yuan),
                signed_at=done, closed_at=done, **more,
            )
            for site, what, place, done, yuan, more in rows
        )  # fmt: skip
        for site in (a, b):
            measure(site.hospital.pk, at(1, 1).date(), at(12, 31).date() + timedelta(days=1))
    return world


def lines(page, tabled=re.compile(r"<tr[^>]*>(.*?)</tr>", re.S)):
    """Each line of the table: name → (sum of the period, address of its orders)."""
    found = {}
    for row in tabled.findall(page.split("<tbody>")[1].split("</tbody>")[0]):
        cells = re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)
        link = re.search(r'href="([^"]+)">([^<]*)</a>', cells[1])
        found[cells[0].strip()] = (link[2].strip(), unescape(link[1])) if link else None
    return found


def yuan(text):
    return Decimal(re.sub(r"[^0-9.-]", "", text))


def test_sums_by_unit_and_month_lead_to_orders_with_the_same_sum(history, browse):
    page = browse(history.max)
    april = lines(page.get(f"/costs/?period={YEAR}-04&by=unit").content.decode())
    assert {name: yuan(cell[0]) for name, cell in april.items()} == {
        "骨科": Decimal("20.00"), "心内科": Decimal("7.35"), "未归属": Decimal("1.00"), "全部": Decimal("28.35"),
    }  # fmt: skip
    for amount, url in april.values():
        listed = page.get(url)
        assert listed.status_code == 200
        assert yuan(re.search(r'class="strong">([^<]*)<', listed.content.decode())[1]) == yuan(amount)
    march = lines(page.get(f"/costs/?period={YEAR}-03&by=unit").content.decode())
    assert {name: yuan(cell[0]) for name, cell in march.items() if cell} == {
        "心内科": Decimal("100.15"), "全部": Decimal("100.15"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("place", ["121.15", "7.35"]),  # the out-patient building 100.05 + 0.10 + 20 + 1, the wards' 7.35
        ("service", ["127.40", "1.10"]),  # water 100.05 + 7.35 + 20, lifts 0.10 + 1
        ("contractor", ["20.00", "108.50"]),
        ("unit", ["107.50", "20.00", "1.00"]),
        ("department", ["128.50"]),
        ("team", ["128.50"]),
    ],
)
def test_each_way_of_breaking_down_adds_up_to_the_year(history, browse, by, expected):
    found = lines(browse(history.max).get(f"/costs/?period={YEAR}&by={by}").content.decode())
    assert yuan(found.pop("全部")[0]) == Decimal("128.50")
    assert [yuan(cell[0]) for cell in found.values()] == [Decimal(one) for one in expected]


def test_workbook_holds_the_same_sums(history, browse):
    answer = browse(history.max).get(f"/costs/?period={YEAR}&by=unit&export=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert [(row[0], Decimal(str(row[1])), row[2]) for row in rows[1:]] == [
        ("心内科", Decimal("107.5"), 3), ("骨科", Decimal(20), 1), ("未归属", Decimal(1), 1), ("全部", Decimal("128.5"), 5),
    ]  # fmt: skip
    march = rows[0].index(f"{YEAR}-03")
    assert [Decimal(str(row[march])) for row in rows[1:]] == [Decimal("100.15"), 0, 0, Decimal("100.15")]


def test_walls_hold_around_costs(history, browse):
    mine, whole = (browse(who).get(f"/costs/?period={YEAR}").content.decode() for who in (history.max_b, history.kim))
    assert "999.99" in mine and "128.50" not in mine
    assert {yuan(cell[0]) for cell in lines(whole).values()} == {
        Decimal("999.99"), Decimal("128.50"), Decimal("1128.49"),
    }  # fmt: skip
    url = lines(browse(history.max).get(f"/costs/?period={YEAR}").content.decode())["全部"][1]
    assert "100.05" not in browse(history.max_b).get(url).content.decode()
    for who in (history.tom, history.rita, history.dan):  # who may see cost but no figures, neither, cost only
        assert browse(who).get("/costs/").status_code == 403
    assert browse(history.rita).get("/costs/orders/").status_code == 403


@pytest.mark.parametrize("by", ["unit", "place", "service", "contractor", "team", "department", "hospital"])
def test_the_page_costs_eight_statements(history, browse, by):
    page = browse(history.kim if by == "hospital" else history.max)
    url = f"/costs/?by={by}"
    page.get(url)
    with CaptureQueriesContext(connection) as seen:
        assert page.get(url).status_code == 200
    real = [q["sql"] for q in seen if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(real) <= 8, "\n".join(real)
