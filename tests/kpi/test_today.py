"""Today is counted by a statement that is composed once; the board is drawn once for all who see the same."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from kpi import measure, passes, registry
from kpi.domain import set_target
from kpi.registry import Kpi, Standpoint
from kpi.today import _Same, _text, counted, is_of_the_past
from tenancy.scope import scope, scope_of
from tests.factories.workorders import order
from tests.ground import Layer
from tests.kpi import history
from workorders import catalogue
from workorders.models import WorkOrder

pytestmark = pytest.mark.django_db
VIEWS = {"whole": ((), "", ()), "departments": (("maintenance", "cleaning"), "", ()), "unit": ((), "unit", (1,))}


def an_order_at_every_step(world):
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
        for until in ("", "dispatch", "finish", "close"):
            order(world, until)


def some_weeks(world):
    """Random orders, rounds, hazards, returns, appeals and actions until the day after tomorrow."""
    with scope(world.hospitals()):
        for site in (world.a, world.b):
            site.known = history.services(site)
        history.write(world, 29, number=500)


STEPS = Layer(an_order_at_every_step)
busy, past = STEPS.fixture("busy"), Layer(some_weeks, STEPS).fixture("past")


def rows_of(world, sql, params):
    with scope(world.hospitals()), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(map(repr, cursor.fetchall()))


def composed_anew(stand, kpi, kinds):
    today = timezone.localdate()
    narrow = {"hospital_id__in": stand.hospitals} | ({"department__in": stand.departments} if stand.departments else {})
    sql, params = passes.fanned(kpi, today, today + timedelta(days=1), kinds, **narrow)
    return f"SELECT %s AS kpi, m.* FROM ({sql}) m", [kpi.key, *params]


def counted_alone(world, stand, asked):
    """Each figure by a statement of its own, its records grouped by themselves."""
    return {kpi.key: rows_of(world, *composed_anew(stand, kpi, kinds)) for kpi, kinds in asked}


def together(alone):
    return sorted(row for rows in alone.values() for row in rows)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kinds", [{""}, {"", "unit", "service"}, {"", "place", "person"}], ids=len)
def test_figures_counted_together_are_those_counted_alone(past, view, kinds):
    stand = Standpoint((past.a.id, past.b.id), *VIEWS[view])
    asked = [(kpi, kinds) for kpi in registry.kpis()]
    alone = counted_alone(past, stand, asked)

    for _ in range(2):  # composed, and kept
        found = rows_of(past, *counted(stand, asked))
        assert found == together(alone)
        for kpi, _kinds in asked:
            assert rows_of(past, *counted(stand, [(kpi, kinds)])) == alone[kpi.key], kpi.key
    assert len(found) > 10


def test_many_hospitals_are_counted_as_a_few_are(past):
    """A stand of so many that their ids go to the database as one array; all but two have counted nothing."""
    asked = [(kpi, {"", "unit"}) for kpi in registry.kpis()]
    few = rows_of(past, *counted(Standpoint((past.a.id, past.b.id)), asked))

    for others in (range(900_000, 900_030), range(910_000, 910_030)):  # composed, and kept
        assert rows_of(past, *counted(Standpoint((past.a.id, past.b.id, *others)), asked)) == few


def test_each_figure_has_only_the_parts_it_is_asked_by(past):
    """Figures of one pass, as a dashboard asks for them: each as a whole, some by a part of their own."""
    stand = Standpoint((past.a.id, past.b.id))
    asked = [(kpi, {"", *kpi.questions}) for kpi in registry.kpis()]
    by = {kpi.key: kinds for kpi, kinds in asked}

    with scope(past.hospitals()), connection.cursor() as cursor:
        cursor.execute(*counted(stand, asked))
        rows = cursor.fetchall()

    assert {(row[0], row[4]) for row in rows} >= {("workorders.received", ""), ("workorders.received", "service")}
    assert [row for row in rows if row[4] not in by[row[0]]] == []
    assert sorted(map(repr, rows)) == together(counted_alone(past, stand, asked))


def test_every_table_and_time_is_read_once(busy):
    """Standing figures of a table are one more reading."""
    figures = [kpi for kpi in registry.kpis() if kpi.key.startswith("workorders.")]
    sql, _params = counted(Standpoint((busy.a.id,)), [(kpi, {""}) for kpi in figures])
    times = {"reported_at", "finished_at", "due_at", "settled"}

    assert len(figures) > 20
    assert sql.count("GROUPING SETS") == len(times) + 1


def test_text_is_kept_whatever_figures_and_parts(busy):
    for kinds in ({""}, {"", "unit", "service"}, {"", "place", "person"}):
        for kpi in registry.kpis():
            assert _text(((_Same(kpi), frozenset(kinds)),), 2, 0, "Asia/Shanghai") is not None, kpi.key


def test_what_counts_once_its_day_is_over_is_not_asked_of_today(past):
    stand, today = Standpoint((past.a.id, past.b.id)), timezone.localdate()
    over = [kpi for kpi in registry.kpis() if is_of_the_past(kpi)]
    sql, _params = counted(stand, [(kpi, {""}) for kpi in over])

    assert {kpi.key for kpi in over} >= {"hazards.in_time", "indicators.returns_in_time", "assessment.actions_in_time"}
    assert "WHERE false" in sql and "FROM (" not in sql
    for kpi in over:  # counted alone it is nothing today either, though there are such records
        assert rows_of(past, *composed_anew(stand, kpi, {""})) == []
        ever = passes.fanned(kpi, today - timedelta(days=100), today, {""}, hospital_id__in=stand.hospitals)
        assert rows_of(past, *ever) != [], kpi.key


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

    assert _text(((_Same(kpi), frozenset({""})),), 1, 0, "Asia/Shanghai") is not None
    assert _text(((_Same(late), frozenset({""})),), 1, 0, "Asia/Shanghai") is None
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
