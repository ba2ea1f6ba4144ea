"""The one box: whatever the caller says is found, in one page, and nothing of another hospital."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tenancy.models import Membership
from tenancy.scope import scope
from tenancy.search import matching
from tests.factories.orders import order
from workorders.models import Service, WorkOrder

STRANGE = [
    "%",
    "'",
    "\\",
    "{x}",
    "<script>alert(1)</script>",
    "\x00",
    "　",
    "🛗",
    "a" * 5000,
    "灯" * 300,
    "a b c d e f g h i j",
]


@pytest.fixture
def ask(site):
    """The page of the box as this person gets it."""

    def page(user, words, **headers):
        browser = Client()
        browser.force_login(user, backend="tenancy.backends.SignInBackend")
        return browser.get(reverse("search"), {"q": words}, headers=headers)

    return page


def names(response):
    """The names of the lines, and only these."""
    assert response.status_code == 200
    return re.findall(r'<a class="title" href="[^"]*">([^<]*)</a>', response.content.decode())


def links(response):
    return re.findall(r'<a class="title" href="([^"]*)">', response.content.decode())


@pytest.fixture
def call(make_order, site):
    """What the callers of these tests mean, at A, and something alike at B."""
    facts = {"number": "A-2611-004213", "phone": "13900138881", "reporter_name": "张三"}
    site.call = make_order("门轴断了", place=site.a.other_room, **facts)
    with scope([site.b.id]):
        service = Service.objects.get(hospital=site.b.hospital, key="maintenance.water")
        site.call_b = order(
            site.b.hospital, service, title="门轴断了", place=site.b.room, **{**facts, "number": "B-2611-004213"}
        )
    return site.call


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("004213", "门轴断了"),
        ("13900138881", "门轴断了"),
        ("张三", "门轴断了"),
        ("Tom", "Tom"),
        ("8301", "护士站"),
        ("hsz", "护士站"),
        ("P-77", "输液泵"),
    ],
)
def test_number_phone_person_room_and_code_are_found_in_the_one_box(call, ask, site, words, expected):
    assert expected in names(ask(site.dan, words))


def test_a_person_is_found_by_telephone(call, ask, site):
    with scope(site.hospitals()):
        Membership.objects.filter(user=site.tom, hospital=site.a.hospital).update(phone="66125")
        Membership.objects.filter(user=site.tom_b, hospital=site.b.hospital).update(phone="66125")
        own = Membership.objects.get(user=site.tom, hospital=site.a.hospital)
    assert links(ask(site.dan, "66125")) == [reverse("administration:person", args=[own.pk])]


@pytest.mark.parametrize("words", ["A-2611-004213", "a-2611-004213", " Ａ-2611-004213 "])
def test_the_number_of_an_order_leads_straight_to_it(call, ask, site, words):
    response = ask(site.dan, words)
    assert (response.status_code, response.headers.get("Location")) == (
        302,
        reverse("workorders:order", args=[call.pk]),
    )


def test_the_code_of_an_asset_leads_straight_to_it(call, ask, site):
    response = ask(site.dan, "p-7731")
    assert response.headers["Location"] == reverse("assets:asset", args=[site.pump.pk])


def test_while_typing_nobody_is_led_away(call, ask, site):
    response = ask(site.dan, "A-2611-004213", **{"HX-Request": "true"})
    assert names(response) == ["门轴断了"]
    assert b"<html" not in response.content


def test_a_code_that_means_several_records_lists_them(call, ask, site):
    """Two hospitals gave the same code; whoever sees both chooses."""
    assert names(ask(site.kim, "P-7731")) == ["输液泵", "输液泵"]


def test_nothing_of_another_hospital_is_found_or_told(call, ask, site):
    for words in ("004213", "13900138881", "张三", "护士站", "输液泵", "1003", "灯"):
        seen = links(ask(site.dan, words))
        assert not set(seen) & set(links(ask(site.dan_b, words))), words
    assert ask(site.dan, "B-2611-004213").status_code == 200
    assert names(ask(site.dan, "B-2611-004213")) == []
    assert ask(site.dan_b, "B-2611-004213").status_code == 302
    assert names(ask(site.olga, "张三")) == []


def test_everybody_finds_in_the_lists_they_may_see_only(call, ask, make_order, site):
    """A technician of two buildings: the orders of both, none of the site's other places, and no people at all."""
    make_order("轴甲", place=site.a.room)
    make_order("轴乙", place=site.a.root)
    make_order("轴丙", place=site.b.room, at=site.b)
    assert sorted(names(ask(site.tom, "轴"))) == ["轴甲", "门轴断了"]
    assert sorted(names(ask(site.dan, "轴"))) == ["轴乙", "轴甲", "门轴断了"]
    assert "Lea" in names(ask(site.dan, "1004"))
    assert names(ask(site.tom, "1004")) == []


def test_a_stranger_signs_in_first(site):
    response = Client().get(reverse("search"), {"q": "灯"})
    assert response.status_code == 302 and reverse("accounts:sign_in") in response.headers["Location"]


@pytest.mark.parametrize("words", STRANGE)
def test_strange_words_find_nothing_and_break_nothing(call, ask, site, words):
    response = ask(site.dan, words)
    assert response.status_code == 200
    assert b"<script>alert" not in response.content


def test_an_empty_box_says_what_it_takes(call, ask, site):
    response = ask(site.dan, "")
    assert response.status_code == 200
    assert 'name="q"' in response.content.decode() and names(response) == []


def test_eight_lines_of_a_kind_and_the_way_to_all(make_order, ask, site):
    for n in range(9):
        make_order(f"滴水{n}", place=site.a.other_room)
    response = ask(site.dan, "滴水")
    assert names(response) == [f"滴水{n}" for n in (8, 7, 6, 5, 4, 3, 2, 1)]
    assert f'href="{reverse("workorders:order_list")}?search=%E6%BB%B4%E6%B0%B4"' in response.content.decode()
    make_order("滴水 A", place=site.a.other_room, number="滴水")
    assert ask(site.dan, "滴水").status_code == 302


def test_all_kinds_cost_a_statement_each(call, ask, site):
    browser = Client()
    browser.force_login(site.dan, backend="tenancy.backends.SignInBackend")
    browser.get(reverse("search"))
    with CaptureQueriesContext(connection) as empty:
        browser.get(reverse("search"))
    with CaptureQueriesContext(connection) as full:
        assert names(browser.get(reverse("search"), {"q": "1"}))
    assert len(full) - len(empty) == 5
    assert len([one for one in full if not one["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 8


def test_box_looks_the_found_rows_up_by_their_keys(site):
    """However large the table: the words are looked up first, and only what has them is read."""
    rows = WorkOrder.objects.filter(matching(WorkOrder, ["灯"], None)).values("title", "place__full_name")
    with scope([site.a.id]):
        plan = rows.explain()
    assert "id = ANY (" in plan and "ProjectSet" in plan.partition("InitPlan")[2]
