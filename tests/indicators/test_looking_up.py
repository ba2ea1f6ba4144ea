"""Hal the head and Max the manager look up what an indicator means and who answers for it; Kim of the office arranges it."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.arranging import arrange, keep_formulas
from indicators.explaining import Page
from indicators.library import definitions
from indicators.models import Indicator, Quantity, Return
from kpi import registry
from kpi.domain import set_target
from kpi.explaining import Asked, Fact, facts, register
from kpi.models import MonthFigure, PeerMember
from kpi.periods import earlier
from tenancy.access import can
from tenancy.scope import scope, scope_of

pytestmark = pytest.mark.django_db
JAN, YEAR_END = date(2025, 1, 1), date(2025, 12, 31)
KEY = "workorders.on_time"


def words(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode())).replace("\u202f", " ")


def report(world, site, **amounts):
    for key, amount in amounts.items():
        quantity, _made = Quantity.objects.get_or_create(consortium=world.consortium, key=key, defaults={"name": key})
        Return.objects.create(
            hospital=site.hospital, quantity=quantity, first=JAN, last=YEAR_END, value=amount, changed_at=timezone.now()
        )


def test_a_head_finds_an_indicator_by_its_code_and_who_answers_for_it(client, world):
    client.force_login(world.hal)

    everything = words(client.get("/indicators/library/"))
    found = words(client.get("/indicators/library/?q=z2"))
    page = words(client.get(f"/indicators/library/{KEY}/"))

    assert "Z12" in everything and "G3" in everything and "F1" in everything
    assert "Z2" in found and "Z12" not in found and "M15" not in found
    with scope([world.a.id]):
        version = definitions(world.consortium.pk)[KEY].version
    for said in (version, "S4", "≥ 95 %"):
        assert said in page
    assert client.get("/indicators/library/no.such/").status_code == 404
    assert "/change/" not in client.get("/indicators/library/").content.decode()


def test_it_is_narrowed_by_chapter_side_and_where_figures_come_from(client, world):
    with scope([world.a.id]):
        report(world, world.a, maintenance_cost=5, asset_value=100)
    client.force_login(world.max)

    def codes(query):
        text = client.get(f"/indicators/library/?{query}").content.decode()
        return re.findall(r'<span class="code">([A-Z0-9]+)</span>', text)

    assert codes("chapter=C") == [f"C{n}" for n in range(1, 12)]
    assert "M12" not in codes("kind=nothing") and "M13" in codes("kind=nothing")
    assert "Z2" in codes("kind=computed") and "Z8" not in codes("kind=computed")
    assert set(codes("side=L")) >= {"Z4", "C5", "SC9", "L1"} and "Z2" not in codes("side=L")
    assert codes("q=no+such+thing") == []


def test_a_nurse_reads_no_library(client, world):
    client.force_login(world.rita)
    assert client.get("/indicators/library/").status_code == 403
    assert client.get(f"/indicators/library/{KEY}/").status_code == 403


def test_a_collected_one_explains_itself_down_to_the_returns(client, world):
    with scope_of(world.kim):
        report(world, world.a, maintenance_cost=5, asset_value=100)
        report(world, world.b, maintenance_cost=3, asset_value=300)
        facts = {"consortium": world.consortium, "kpi": "library.m12", "valid_from": JAN, "minutes": "no. 7"}
        set_target(world.kim, target=Decimal(4), floor=Decimal(6), decided="考核委员会", **facts)
    client.force_login(world.kim)
    text = words(client.get("/indicators/library/library.m12/"))
    assert re.search(r"\b2 %", text) and not re.search(r"\b3 %", text)  # 8 of 400, not the mean of 5 % and 1 %
    assert "5 %" in text and "1 %" in text and "no. 7" in text and "考核委员会" in text

    client.force_login(world.max)
    mine = words(client.get("/indicators/library/library.m12/"))
    assert "5 %" in mine and world.b.hospital.name not in mine
    client.force_login(world.hal)  # a head sees no returns
    assert "5 %" not in words(client.get("/indicators/library/library.m12/"))


def test_what_would_reach_the_target_is_said_at_every_level(world):
    with scope_of(world.kim):
        report(world, world.a, green_area=10, site_area=100)
        report(world, world.b, green_area=50, site_area=300)
        set_target(world.kim, consortium=world.consortium, kpi="library.z8", target=Decimal(35), valid_from=JAN)
        page = Page(world.kim, definitions(world.consortium.pk)["library.z8"], world.consortium.pk, None, "")
        assert page.main.value == 15 and page.main.needed.amount == 80  # 140 of 400 wanted, 60 there
        needed = {line.name: line.needed.amount for line in page.lines}
        assert needed == {world.a.hospital.name: 25, world.b.hospital.name: 55}
        assert [line.name for line in page.lines] == [world.b.hospital.name, world.a.hospital.name]
        assert page.main.tone == "red" and not page.main.is_small


def test_own_ones_tell_every_formula_they_had_and_who_changed_it(client, world):
    with scope_of(world.kim):
        made = Indicator(consortium=world.consortium, key="mine", name="每床日用水")
        arrange(world.kim, made, numerator=["water_m3"], denominator=["bed_days"])
        arrange(world.kim, made, factor=Decimal(1000))
        report(world, world.a, water_m3=3, bed_days=2)
    client.force_login(world.max)
    text = words(client.get("/indicators/library/own.mine/"))
    assert "× 1000" in text and world.kim.name in text and "1 500" in text
    versions = re.findall(r"\b[0-9a-f]{12}\b", text)
    assert len(set(versions)) == 2


def test_the_page_of_a_figure_says_its_definition_target_and_what_would_reach_it(client, world):
    today = timezone.localdate()
    month = earlier(today.replace(day=1), 1)
    with scope_of(world.kim):
        PeerMember.objects.create(hospital=world.a.hospital, group="三级")
        facts = {"kpi": KEY, "month": month, "department": "maintenance"}
        MonthFigure.objects.create(hospital=world.a.hospital, numerator=290, denominator=320, **facts)
        set_target(
            world.kim, consortium=world.consortium, kpi=KEY, group="三级", target=Decimal(95), stretch=Decimal(98),
            valid_from=month - timedelta(days=40), decided="考核委员会", decided_on=month - timedelta(days=50),
            minutes="2025-12",
        )  # fmt: skip
        keep_formulas(world.consortium.pk, [KEY])
        version = definitions(world.consortium.pk)[KEY].version
    client.force_login(world.max)

    for address in (f"/figures/{KEY}/", f"/indicators/library/{KEY}/"):
        text = words(client.get(f"{address}?period={month:%Y-%m}"))
        assert "320 中需多 14" in text, address  # 304 of 320 would be 95 %
        assert "三级" in text and "2025-12" in text and "考核委员会" in text and "98" in text
        assert version in text


def test_rooms_above_say_who_froze_a_figure(world, monkeypatch):
    from kpi import explaining

    monkeypatch.setattr(explaining, "_explainers", [])
    register(lambda asked: [Fact("Frozen", f"{asked.key} {asked.first}")])
    register(lambda asked: [Fact("First", "")], order=1)
    with scope_of(world.max):
        told = facts(Asked(world.max, KEY, (world.a.id,), JAN, YEAR_END))
    assert [(fact.label, fact.text) for fact in told] == [("First", ""), ("Frozen", f"{KEY} 2025-01-01")]


def test_looking_one_up_takes_few_statements(client, world, django_assert_max_num_queries):
    with scope_of(world.kim):
        report(world, world.a, green_area=10, site_area=100)
        report(world, world.b, green_area=50, site_area=300)
    client.force_login(world.kim)
    with django_assert_max_num_queries(15):
        client.get("/indicators/library/library.z8/")
    with django_assert_max_num_queries(9):
        client.get("/indicators/library/")


def test_values_of_what_one_may_not_see_stay_closed(client, world):
    """Hal reads what it means that appeals are upheld; how many were, only those who see frozen figures."""
    need = registry.get("assessment.appeals_upheld").needs
    with scope([world.a.id]):
        assert need and not can(world.hal, need) and can(world.max, need)

    shown = {}
    for who in (world.hal, world.max):
        client.force_login(who)
        answer = client.get("/indicators/library/assessment.appeals_upheld/")
        shown[who] = (answer.status_code, answer.context["board"] is not None)

    assert shown == {world.hal: (200, False), world.max: (200, True)}
