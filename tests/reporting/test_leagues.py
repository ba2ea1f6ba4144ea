"""Leagues: the office ranks its hospitals, fairly normalised, the small ones without a rank; others see their own only."""

import io
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Quantity, Return
from kpi.models import PeerMember, Target
from kpi.periods import earlier
from reporting.leagues import League, known
from reporting.ranking import FEW, LACKING
from tenancy.scope import scope, scope_of
from tests.ground import Layer
from tests.reporting.conftest import OPENED, last_month, shop_of

pytestmark = pytest.mark.django_db
ON_TIME = "workorders.on_time"


def of_a_month(world):
    """A: 30 orders, 6 late. B: 40 orders, 2 late."""
    shop, month = shop_of(world), last_month()
    shop.orders(world.a, month, 30, late=6)
    shop.orders(world.b, month, 40, late=2)
    shop.measure()


lived = Layer(of_a_month, OPENED).fixture("lived")


@pytest.fixture
def league(lived):
    return shop_of(lived)


def table(user, key, **asked):
    with scope_of(user):
        found = League(user, known(user)[key], asked)
        return found, {p.hospital.code: p for p in found.places}, found.middle


def returned(world, site, key, value, first=None):
    first = first or last_month()
    quantity, _made = Quantity.objects.get_or_create(consortium=world.consortium, key=key, defaults={"name": key})
    last = earlier(first, -1) - timedelta(days=1)
    facts = {"first": first, "last": last, "value": Decimal(value), "changed_at": timezone.now()}
    Return.objects.create(hospital=site.hospital, quantity=quantity, **facts)


def test_the_office_ranks_by_the_last_whole_month(league):
    found, places, middle = table(league.world.kim, ON_TIME)

    assert found.period_key == f"{last_month():%Y-%m}"
    assert (places["B"].value, places["B"].rank) == (95, 1)
    assert (places["A"].value, places["A"].rank) == (80, 2)
    assert middle == Decimal("87.5")
    assert round(places["A"].low, 1) == Decimal("62.7")  # Wilson of 24 of 30: 62.7–90.5
    assert round(places["A"].high, 1) == Decimal("90.5")


def test_too_few_records_get_no_rank(league):
    league.orders(league.world.b, earlier(last_month(), 1), 3)
    league.orders(league.world.a, earlier(last_month(), 1), 12)
    league.measure()

    _found, places, _middle = table(league.world.kim, ON_TIME, period=f"{earlier(last_month(), 1):%Y-%m}")

    assert (places["B"].why, places["B"].rank) == (FEW, None)
    assert places["A"].rank == 1 and places["A"].of == 1


def test_counts_are_divided_by_what_hospitals_reported(league):
    world = league.world
    with scope(world.hospitals()):
        returned(world, world.a, "bed_days", 2000)
    found, places, _middle = table(world.kim, "workorders.received", per="bed-days")

    assert places["A"].value == 15  # 30 × 1,000 / 2,000
    assert (places["B"].value, places["B"].why, places["B"].rank) == (None, LACKING, None)
    assert not found.uses_own_data


def test_where_nobody_reported_beds_the_hospitals_own_data_stand_in(league):
    found, places, _middle = table(league.world.kim, "workorders.received", per="bed")

    assert places["A"].value == Decimal("0.3") and places["B"].value == Decimal("0.4")  # 100 beds each
    assert found.uses_own_data
    _found, none, _middle = table(league.world.kim, "workorders.received", per="visits")
    assert {p.why for p in none.values()} == {LACKING}


def test_a_ratio_is_not_divided_again(league):
    found, places, _middle = table(league.world.kim, ON_TIME, per="bed")

    assert found.basis is None and places["B"].value == 95


def test_a_group_is_ranked_by_itself_with_its_target(league):
    world = league.world
    with scope(world.hospitals()):
        PeerMember.objects.create(hospital=world.a.hospital, group="社区")
        PeerMember.objects.create(hospital=world.b.hospital, group="三级")
        day = date(2020, 1, 1)
        facts = {"consortium": world.consortium, "kpi": ON_TIME, "valid_from": day}
        Target.objects.create(target=90, **facts)
        Target.objects.create(target=70, group="社区", **facts)
    every, _places, _middle = table(world.kim, ON_TIME)
    with scope_of(world.kim):
        own = League(world.kim, known(world.kim)[ON_TIME], {"group": "社区"})
        assert [p.hospital.code for p in own.places] == ["A"]
        assert own.target == 70
    with scope_of(world.kim):
        assert every.target == 90


def test_who_sees_one_hospital_ranks_nobody_else(client, league):
    world = league.world
    client.force_login(world.max)
    page = client.get(f"/reports/leagues/{ON_TIME}/").content.decode()

    assert world.a.hospital.name in page and world.b.hospital.name not in page
    for who in ("tom", "lea", "hal", "cleo", "rita"):
        client.force_login(getattr(world, who))
        assert client.get(f"/reports/leagues/{ON_TIME}/").status_code == 403
        assert client.get("/reports/leagues/").status_code == 403


def test_search_sort_mark_and_workbook(client, league):
    world = league.world
    client.force_login(world.kim)
    url = f"/reports/leagues/{ON_TIME}/"
    page = client.get(f"{url}?mark={world.a.id}").content.decode()
    found = client.get(f"{url}?q={world.b.hospital.name}").content.decode()
    book = load_workbook(io.BytesIO(client.get(f"{url}?export=xlsx").content)).active
    lines = list(book.iter_rows(values_only=True))

    assert page.count('class="own"') == 1  # where its rank puts it
    assert page.count(f'<span class="title">{world.a.hospital.name}') == 1
    assert f'<span class="title">{world.a.hospital.name}' not in found
    far = client.get(f"{url}?q={world.b.hospital.name}&mark={world.a.id}").content.decode()
    assert far.count('class="own"') == 1  # on top, since the search leaves it out
    assert [line[1] for line in lines[1:]] == ["B", "A"]
    assert [float(line[4]) for line in lines[1:]] == [95.0, 80.0]
    names = re.findall(r'<span class="title">([^<]+)', client.get(f"{url}?sort=name").content.decode())
    assert names == sorted(names) and len(names) == 2


def test_odd_addresses_do_no_harm(client, league):
    client.force_login(league.world.kim)
    for asked in ("period=x", "period=9999-01_1-1", "group=%00", "per=zzz", "sort=zzz", "page=9999", "mark=x", "q=%00"):
        assert client.get(f"/reports/leagues/{ON_TIME}/?{asked}").status_code == 200, asked
    assert client.get("/reports/leagues/no.such/").status_code == 404


def test_the_list_says_how_many_hospitals_have_an_indicator(client, league):
    from reporting import standing

    world = league.world
    for site in (world.a, world.b):
        with scope([site.id]):
            standing.reckon(site.hospital)
    client.force_login(world.kim)
    page = client.get("/reports/leagues/").content.decode()

    row = re.search(rf'href="/reports/leagues/{ON_TIME}/".*?</tr>', page, re.S)[0]
    assert [int(n) for n in re.findall(r">(\d+)</td>", row)] == [2, 1]  # A is off its target of 95 %


def test_one_league_asks_at_most_twelve_questions(client, league, django_assert_max_num_queries):
    client.force_login(league.world.kim)
    with django_assert_max_num_queries(15):  # with the session, the person and the scope
        client.get(f"/reports/leagues/{ON_TIME}/")
