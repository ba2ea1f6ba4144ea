"""Today is counted by a statement that is composed once; the board is drawn once for all who see the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from kpi import measure, passes, registry
from kpi.domain import set_target
from kpi.registry import Kpi, Standpoint
from kpi.today import _Same, _text, counted
from tenancy.scope import scope, scope_of
from tests.factories.workorders import order
from workorders import catalogue
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
VIEWS = {"whole": ((), "", ()), "departments": (("maintenance", "cleaning"), "", ()), "unit": ((), "unit", (1,))}


@pytest.fixture
def busy(world):
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        for until in ("", "dispatch", "finish", "close"):
            order(world, until)
    return world


def rows_of(world, sql, params):
    with scope(world.hospitals()), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(map(repr, cursor.fetchall()))


def composed_anew(stand, kpi, kinds):
    today = timezone.localdate()
    narrow = {"hospital_id__in": stand.hospitals} | ({"department__in": stand.departments} if stand.departments else {})
    sql, params = passes.fanned(kpi, today, today + timedelta(days=1), kinds, **narrow)
    return f"SELECT %s AS kpi, m.* FROM ({sql}) m", [kpi.key, *params]


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kinds", [{""}, {"", "unit", "service"}, {"", "place", "person"}], ids=len)
def test_kept_text_counts_what_a_new_one_counts(busy, view, kinds):
    stand = Standpoint((busy.a.id, busy.b.id), *VIEWS[view])
    seen = 0
    for kpi in registry.kpis():
        for _ in range(2):
            found = rows_of(busy, *counted(stand, [(kpi, kinds)]))
            assert found == rows_of(busy, *composed_anew(stand, kpi, kinds)), kpi.key
        assert _text(_Same(kpi), frozenset(kinds), 2, len(stand.departments), "Asia/Shanghai") is not None
        seen += len(found)
    assert seen > 10


def test_figure_with_a_moment_of_its_own_is_composed_each_time(busy):
    """Of yesterday's hours at most: neither the day nor now stands in its text."""

    base = registry.get("workorders.received")
    kpi = Kpi(
        "test.lately", "Lately", base.unit, base.good, lambda *asked: base.rows(*asked), base.explain, base.dimensions
    )
    late = Kpi(
        "test.late", "Late", base.unit, base.good,
        lambda *asked: base.rows(*asked).filter(reported_at__gte=timezone.now() - timedelta(hours=30)),
        base.explain, base.dimensions,
    )  # fmt: skip
    stand = Standpoint((busy.a.id,))

    assert _text(_Same(kpi), frozenset({""}), 1, 0, "Asia/Shanghai") is not None
    assert _text(_Same(late), frozenset({""}), 1, 0, "Asia/Shanghai") is None
    assert rows_of(busy, *counted(stand, [(late, {""})])) == rows_of(busy, *composed_anew(stand, late, {""})) != []


def content(client):
    """What stands below the page's head."""
    return client.get("/figures/").content.decode().partition('id="content"')[2].partition("</main>")[0]


def test_board_that_is_kept_is_drawn_anew_when_a_record_a_target_or_a_measure_changes(busy, client):
    client.force_login(busy.max)
    before = content(client)
    assert content(client) == before

    with scope(busy.hospitals()):
        order(busy)
    reported = content(client)
    assert reported != before

    facts = {"target": Decimal("77.7"), "floor": None, "valid_from": timezone.localdate(), "decided": ""}
    with scope_of(busy.max):
        set_target(busy.max, consortium=busy.consortium, hospital=busy.a.hospital, kpi="workorders.on_time", **facts)
    assert "77.7" not in reported and "77.7" in content(client)

    yesterday = timezone.now() - timedelta(days=1)
    with scope(busy.hospitals()):
        WorkOrder.objects.filter(hospital=busy.a.id).update(reported_at=yesterday, respond_by=yesterday)
    waits = content(client)
    while measure.measure_next(busy.a.id):
        pass
    assert content(client) not in (before, reported, waits)
