"""Managers read the figures: WO-8 on the page, every link equals its figure, nobody sees past their reach."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from assessment.models import Action, Appeal
from assessment.permissions import ACTION_VIEW, FROZEN_VIEW
from assets.models import Asset
from assets.permissions import ASSET_VIEW
from hazards.models import Hazard
from hazards.permissions import HAZARD_VIEW
from indicators.models import ReturnDue
from indicators.permissions import RETURN_VIEW
from inspections.models import Round
from inspections.permissions import ROUND_VIEW
from kpi import measure, registry
from kpi.breakdown import Breakdown
from kpi.dashboard import Board
from kpi.periods import Period, parse
from kpi.queries import Reader, stand_of
from people.models import WorkedShift
from people.permissions import SKILL_VIEW
from tenancy.access import hospitals_with
from tenancy.scope import scope, scope_of
from tests.factories.orders import unsaved
from tests.kpi import exported, history, plainly
from workorders import catalogue
from workorders.counting import counted, counting_of
from workorders.models import WorkOrder
from workorders.permissions import ORDER_VIEW

THIN = "\u202f"
MAY_SEE = {
    WorkOrder: ORDER_VIEW,
    Round: ROUND_VIEW,
    Hazard: HAZARD_VIEW,
    Asset: ASSET_VIEW,
    ReturnDue: RETURN_VIEW,
    Appeal: FROZEN_VIEW,
    Action: ACTION_VIEW,
    WorkedShift: SKILL_VIEW,
}


def noon(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


def measured(world):
    for site in (world.a, world.b):
        while measure.measure_next(site.id):
            pass


def wo8(world):
    """S3's years at hospital A: 4,536 received, then 3,802, of which 3,772 handled and 30 waiting for material."""
    year = timezone.localdate().year - 1
    a = world.a
    with scope([a.id, world.b.id]):
        catalogue.install(a.hospital)
        services = history.services(a)
        made = []
        for number in range(4536):
            made.append(unsaved(a.hospital, services[number % 3], a.room, at=noon(date(year - 1, 1, 1 + number % 28))))
        for number in range(3802):
            state = "closed" if number < 3772 else "waiting"
            day = date(year, number % 11 + 1, 1 + number % 28)
            unit = (a.ward, a.other_ward)[number % 2]
            made.append(unsaved(a.hospital, services[number % 3], a.room, state, at=noon(day), unit=unit))
        WorkOrder.objects.bulk_create(made)
    measured(world)
    return year


def sign_in(client, user):
    client.force_login(user, backend="tenancy.backends.SignInBackend")
    return client


def shown(page, kpi):
    """The value and the address behind it, as the page has them."""
    card = re.search(
        rf'href="/figures/{re.escape(kpi)}/[^"]*">[^<]*</a>\s*<span class="figure-value">(.*?)</span>', page, re.S
    )
    link = re.search(r'<a href="([^"]*)">([^<]*)</a>', card[1])
    return link[2].replace(THIN, "").replace(",", ""), link[1].replace("&amp;", "&")


def listed(user, address):
    asked = QueryDict(address.partition("?")[2]).dict()
    model = counting_of(asked["figure"]).book.model
    return counted(model.objects.for_user(user, MAY_SEE[model]), asked).count()


def test_wo8_received_done_waiting_and_the_year_before(world, client):
    year = wo8(world)

    page = sign_in(client, world.max).get(f"/figures/?period={year}").content.decode()

    for kpi, count in (("received", 3802), ("done", 3772), ("waiting_material", 30)):
        value, address = shown(page, f"workorders.{kpi}")
        assert value == str(count)
        with scope_of(world.max):
            assert listed(world.max, address) == count
        assert f'id="total">{count:,}'.replace(",", THIN) in client.get(address).content.decode()
    plain = page.replace(THIN, "")
    assert "−16.18%" in plain
    assert "4536" in plain


def history_of(world, seed, number):
    with scope([world.a.id, world.b.id]):
        for site in (world.a, world.b):
            catalogue.install(site.hospital)
            site.known = history.services(site)
        history.write(world, seed, number)
    measured(world)


BROKEN_DOWN = ("received", "on_time", "signed", "stars", "cost", "waiting_material")


def cards_of(user, period):
    board = Board(user, stand_of(user), period)
    yield from (*board.cards, *board.others)
    yield from (card for _name, cards in board.comparison for card in cards)
    for name in BROKEN_DOWN:
        kpi = registry.get(f"workorders.{name}")
        for by in Breakdown(user, board.stand, period, kpi).kinds:
            broken = Breakdown(user, board.stand, period, kpi, by)
            yield from (line.card for line in broken.lines)
            if broken.rest:
                yield broken.rest


EVERYBODY = ("max", "hal", "lea", "kim", "audrey", "max_b")


@pytest.mark.parametrize("people", [("max", "lea", "kim"), pytest.param(EVERYBODY, marks=pytest.mark.hammer)], ids=len)
def test_every_link_equals_its_part_as_each_role(world, people):
    history_of(world, 11, 100)
    today = timezone.localdate()
    checked = {}

    for name in people:
        user = getattr(world, name)
        with scope_of(user):
            for card in cards_of(user, parse(str(today.year))):
                for part, number in (("numerator", card.figure.numerator), ("denominator", card.figure.denominator)):
                    if address := card.figure.url(part):
                        assert listed(user, address) == (number or 0), (name, card.kpi.key, part, address)
                        checked[name] = checked.get(name, 0) + 1
    assert min(checked.values()) > 15 and max(checked.values()) > 150, checked


def test_links_open_the_list_of_exactly_those_orders(world, client):
    history_of(world, 14, 100)
    sign_in(client, world.hal)
    year = timezone.localdate().year
    with scope_of(world.hal):
        cards = [c for c in Board(world.hal, stand_of(world.hal), parse(str(year))).cards if c.figure.numerator]
        links = [(c.url, c.figure.numerator if c.numerator_url else c.figure.denominator) for c in cards]

    for address, number in links:
        page = client.get(address).content.decode()
        assert re.search(r'id="total">([^<]*)<', page)[1] == str(int(number)), address


def test_page_equals_plain_reckoning_today_included(world):
    history_of(world, 12, 200)
    with scope([world.a.id, world.b.id]):  # after the last tick: counted live
        now = timezone.now()
        fresh = [unsaved(world.a.hospital, world.a.known[0], world.a.room, "reported", at=now) for _ in range(7)]
        WorkOrder.objects.bulk_create(fresh)
        tables = exported.tables()
    today = timezone.localdate()
    period = parse(str(today.year))
    expected = {}
    for key, pair in plainly.measure(tables, timezone.now()).items():
        hospital, kpi, day, _department, kind, _ref = key
        if kind == "" and period.first <= day <= today and hospital == world.a.id:
            entry = expected.setdefault(kpi, [0, None])
            entry[0] += pair[0]
            entry[1] = pair[1] if entry[1] is None else entry[1] + pair[1]

    with scope_of(world.max):
        board = Board(world.max, stand_of(world.max), period)
        found = {
            card.kpi.key: [card.figure.numerator, card.figure.denominator] for card in (*board.cards, *board.others)
        }

    assert {key: found[key] for key in expected} == expected


def test_today_is_counted_again_only_when_a_record_has_changed(world):
    today = timezone.localdate()

    def received():
        reader = Reader(world.max, stand_of(world.max), registry.kpis())
        with CaptureQueriesContext(connection) as asked:
            found = reader.sums(["workorders.received", "workorders.open"], today, today + timedelta(days=1))
        counted_now = any('FROM "workorders_workorder"' in query["sql"] for query in asked)
        return [found.get((f"workorders.{name}",), (0, None))[0] for name in ("received", "open")], counted_now

    with scope([world.a.id, world.b.id]):
        new, old, elsewhere = [
            unsaved(
                site.hospital,
                history.services(site)[0],
                site.room,
                "reported",
                at=timezone.now() - timedelta(days=days),
            )
            for site, days in ((world.a, 0), (world.a, 9), (world.b, 0))
        ]
        WorkOrder.objects.bulk_create([new, old])

        assert received() == ([1, 2], True)
        assert received() == ([1, 2], False)
        old.state, old.closed_at = "cancelled", timezone.now()
        old.save()
        assert received() == ([1, 1], True)
        elsewhere.save()
        assert received() == ([1, 1], False)


def test_head_sees_the_department_leader_the_team_outsider_nothing(world):
    with scope_of(world.hal):
        assert stand_of(world.hal) == registry.Standpoint((world.a.id,), ("maintenance",))
    with scope_of(world.lea):
        assert stand_of(world.lea) == registry.Standpoint((world.a.id,), (), "team", (world.a.team.pk,))
    with scope_of(world.kim):
        assert stand_of(world.kim) == registry.Standpoint((world.a.id, world.b.id))
    with scope_of(world.cleo):
        firm = registry.Standpoint((world.a.id, world.b.id), ("cleaning",), "contractor", (world.firm.pk,))
        assert stand_of(world.cleo) == firm
    for user in (world.rita, world.tom, world.dan):
        with scope_of(user):
            assert stand_of(user) is None
    with scope_of(world.max):
        assert stand_of(world.max, world.b.id) is None
        assert world.b.id not in hospitals_with(world.max, "kpi.figure.view")


def test_who_may_see_no_figures_is_refused(world, client):
    assert sign_in(client, world.rita).get("/figures/").status_code == 403
    assert client.get("/figures/workorders.on_time/").status_code == 403
    client.logout()
    assert client.get("/figures/").status_code == 302


def test_every_page_of_figures_opens_as_each_role(world, client):
    history_of(world, 13, 60)
    year = timezone.localdate().year

    for who in ("max", "hal", "lea", "kim", "audrey"):
        sign_in(client, getattr(world, who))
        for address in ("", "?period=2026-Q1", f"?period={year}", "?period=nonsense", "?export=xlsx"):
            assert client.get(f"/figures/{address}").status_code == 200
        assert client.get("/figures/workorders.cost/?by=unit&export=xlsx").status_code == 200
        assert client.get("/figures/no.such/").status_code == 404
    for kpi in registry.kpis():
        assert client.get(f"/figures/{kpi.key}/?by=place&period={year}").status_code == 200


def test_dashboard_of_several_hospitals_asks_at_most_twelve_questions(world, client):
    history_of(world, 15, 100)
    sign_in(client, world.kim).get("/figures/")

    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get("/figures/").status_code == 200

    statements = [q["sql"] for q in asked if not q["sql"].startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert len(statements) <= 12, "\n".join(sql[:150] for sql in statements)


def test_running_period_is_compared_with_as_many_days():
    today = timezone.localdate()
    first, end = Period("month", today.replace(day=1)).year_before

    assert first.year == today.year - 1
    assert (end - first).days in (today.day, today.day - 1)


def test_period_of_an_address():
    assert parse("2024-02") == Period("month", date(2024, 2, 1))
    assert parse("2024-Q3") == Period("quarter", date(2024, 7, 1))
    assert parse("2024").end == date(2025, 1, 1)
    running = Period("month", timezone.localdate().replace(day=1))
    for nonsense in ("", "2024-13", "9999", "2024-Q5", "١٢٣٤", f"{timezone.localdate() + timedelta(days=400):%Y-%m}"):
        assert parse(nonsense) == running
