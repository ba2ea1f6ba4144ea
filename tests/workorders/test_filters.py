"""The list of orders prepares few filters; the others come when somebody asks for them, and none is lost."""

import re

import pytest

from tenancy.scope import scope
from tests.factories.workorders import order
from workorders import catalogue

pytestmark = pytest.mark.django_db
MAIN = {"search", "state", "department", "urgency", "overdue"}
OTHERS = {"place", "unit", "team", "waiting", "on_time", "signed", "needs_signature", "rated", "returned", "complaint"}
OTHERS |= {"channel", "imported"} | {
    f"{n}_{end}" for n in ("reported", "due", "finished", "closed") for end in ("from", "to")
}
SCRIPT = {"HX-Request": "true", "HX-Target": "more-filters"}


@pytest.fixture
def dan(world, client):
    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        order(world, title="灯不亮")
        order(world, "finish", title="水龙头滴水")
    client.force_login(world.dan)
    return client


def drawn(html):
    return set(
        re.findall(
            r'<(?:input|select) [^>]*?name="(\w+)"', html.partition('class="filters"')[2].partition("</form>")[0]
        )
    )


def titles(page):
    return sorted(row["title"] for row in page.context_data["table"].rows)


def test_page_draws_the_main_filters_and_those_in_use(dan, world):
    assert drawn(dan.get("/orders/").content.decode()) == MAIN
    page = dan.get(f"/orders/?unit={world.a.ward.pk}&rated=no&due_from=2020-01-01").content.decode()

    assert drawn(page) == MAIN | {"unit", "rated", "due_from", "due_to"}
    assert f'<option value="{world.a.ward.pk}" selected>' in page
    assert '<span class="count">3<' in page


def test_every_filter_is_drawn_for_who_opens_them(dan):
    page = dan.get("/orders/?filters=all&state=open").content.decode()
    part = dan.get("/orders/?filters=all&rated=no", headers=SCRIPT).content.decode()

    assert drawn(page) >= MAIN | OTHERS | {"filters"} and "<details open>" in page
    assert "<html" not in part and "<table" not in part
    fetched = drawn(f'<form class="filters">{part}</form>')
    assert fetched >= OTHERS and not fetched & MAIN
    assert re.search(r'name="rated".*?<option value="no" selected>', part, re.S)


def test_link_to_all_filters_keeps_what_is_asked(dan):
    page = dan.get("/orders/?state=open&rated=no&sort=due_at&cursor=x").content.decode()

    (link,) = re.findall(r'<a [^>]*href="(\?[^"]*filters=all)"', page)
    kept = dan.get(f"/orders/{link.replace('&amp;', '&')}")
    assert kept.context_data["filterset"].data.dict() == {
        "state": "open",
        "rated": "no",
        "sort": "due_at",
        "filters": "all",
    }


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "state=open",
        "state=",
        "rated=no",
        "signed=yes&team=",
        "finished_from=2020-01-01",
        "channel=ward",
        "unit=999",
    ],
)
def test_filters_that_are_not_drawn_narrow_all_the_same(dan, asked):
    assert titles(dan.get(f"/orders/?{asked}")) == titles(dan.get(f"/orders/?{asked}&filters=all"))


def test_value_that_fits_no_filter_is_told_as_before(dan):
    for more in ("", "&filters=all"):
        page = dan.get(f"/orders/?waiting=nothing-like-it{more}")
        assert page.context_data["left_out"] == ["等待"] and len(titles(page)) == 2


def test_list_without_many_filters_draws_them_all(client, world):
    client.force_login(world.dan)

    page = client.get("/assets/").content.decode()

    assert drawn(page) >= {"search", "family", "state", "place", "criticality"} and "filters=all" not in page
