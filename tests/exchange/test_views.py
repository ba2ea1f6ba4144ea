"""Saved views and columns: opened with one tap, shared with a hospital, never showing a row that one may not see."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from exchange.lists import SavedView
from tenancy.models import Unit
from tenancy.scope import scope
from ui import paging

pytestmark = pytest.mark.django_db
UNITS, NEW = "/office/units/", "/lists/administration-unit/new/"


def titles(response):
    return re.findall(r'<a class="title" href="[^"]+">([^<]+)</a>', response.content.decode())


def heads(response):
    return [str(head["label"]) for head in response.context_data["heads"]]


@pytest.fixture
def at(client):
    """`at(world.ada)`: the site as one of the cast sees it."""

    def sign_in(person):
        client.force_login(person)
        return client

    return sign_in


def keep(client, query, name="我的", audience="mine", **more):
    answer = client.post(f"{NEW}?{query}", {"name": name, "audience": audience, **more})
    assert answer.status_code == 303, answer.content.decode()
    return int(answer["Location"].rpartition("=")[2])


def test_view_keeps_filters_sorting_and_columns_and_opens_with_one_tap(at, world):
    client = at(world.ada)
    client.post(
        "/lists/administration-unit/columns/?search=科",
        {"order": ["name", "phone", "code"], "column": ["name", "code"]},
    )
    pk = keep(client, "search=科&sort=-code")

    page = client.get(f"{UNITS}?view={pk}")

    assert titles(page) == ["骨科", "心内科"]
    assert heads(page) == ["名称", "编码"]
    assert f'href="?view={pk}" aria-current="page"' in client.get(f"{UNITS}?view={pk}").content.decode()
    assert "search=%E7%A7%91" in page.context_data["links"]["export"]


def test_what_the_address_says_beside_the_view_counts_and_the_view_says_it_is_changed(at, world):
    client = at(world.ada)
    pk = keep(client, "search=骨科")

    assert titles(client.get(f"{UNITS}?view={pk}&search=心")) == ["心内科"]
    assert client.get(f"{UNITS}?view={pk}&search=心").context_data["bar"]["changed"]
    assert titles(client.get(f"{UNITS}?view={pk}&search=")) == ["心内科", "骨科"]
    assert not client.get(f"{UNITS}?view={pk}").context_data["bar"]["changed"]


def test_list_opens_with_the_view_one_chose_and_with_everything_when_asked(at, world):
    client = at(world.ada)
    pk = keep(client, "search=骨科", first="on")

    assert titles(client.get(UNITS)) == ["骨科"]
    assert titles(client.get(f"{UNITS}?view=")) == ["心内科", "骨科"]
    assert titles(client.get(f"{UNITS}?search=心")) == ["心内科"]
    client.post(f"/lists/views/{pk}/", {"name": "我的", "audience": "mine"})
    assert titles(client.get(UNITS)) == ["心内科", "骨科"]


def test_view_is_renamed_takes_over_what_is_shown_and_goes(at, world):
    client = at(world.ada)
    pk = keep(client, "search=骨科")

    client.post(f"/lists/views/{pk}/?view={pk}&search=心内", {"name": "心内", "audience": "mine", "take_over": "on"})
    page = client.get(f"{UNITS}?view={pk}")
    assert titles(page) == ["心内科"] and page.context_data["bar"]["view"].name == "心内"
    client.post(f"/lists/views/{pk}/?view={pk}&search=", {"name": "还是心内", "audience": "mine"})
    assert titles(client.get(f"{UNITS}?view={pk}")) == ["心内科"]

    assert client.get(f"/lists/views/{pk}/delete/").status_code == 200
    client.post(f"/lists/views/{pk}/delete/")
    with scope([world.a.id]):
        assert not SavedView.objects.exclude(name="").exists()
    assert titles(client.get(f"{UNITS}?view={pk}")) == ["心内科", "骨科"]


def test_own_view_is_nobody_elses(at, world):
    pk = keep(at(world.ada), "search=骨科")

    for somebody in (world.max, world.ada_b, world.kim, world.olga):
        client = at(somebody)
        assert client.get(UNITS).context_data["bar"]["views"] == []
        for page in (f"/lists/views/{pk}/", f"/lists/views/{pk}/delete/"):
            assert client.get(page).status_code == 404
            assert client.post(page, {"name": "x"}).status_code == 404


def test_shared_view_stands_above_the_list_of_everybody_at_the_hospital_only(at, world):
    pk = keep(at(world.lea), "search=科", name="全院", audience="hospital")

    for somebody, seen in ((world.rita, 1), (world.max, 1), (world.kim, 1), (world.ada_b, 0), (world.olga, 0)):
        page = at(somebody).get(UNITS)
        if page.status_code == 200:
            assert len(page.context_data["bar"]["views"]) == seen, somebody.name
    assert titles(at(world.rita).get(f"{UNITS}?view={pk}")) == ["心内科", "骨科"]
    assert titles(at(world.ada_b).get(f"{UNITS}?view={pk}")) == ["心内科", "骨科"]  # B's own, not narrowed by it


def test_shared_view_of_orders_shows_each_only_their_own_rows(at, world):
    from tests.factories.workorders import order
    from workorders import catalogue

    with scope(world.hospitals()):
        catalogue.install(world.a.hospital)
        order(world, title="hers")
        order(world, title="elsewhere", unit=world.a.other_ward, place=world.a.other_room)
    client = at(world.max)
    answer = client.post("/lists/workorders-order/new/?state=open", {"name": "在办", "audience": "hospital"})
    page = answer["Location"]

    assert sorted(titles(client.get(page))) == ["elsewhere", "hers"]
    assert titles(at(world.rita).get(page)) == ["hers"]


def test_sharing_is_for_those_who_may_and_the_consortium_is_for_the_office(at, world):
    for somebody, hospital, everyone in (
        (world.rita, 403, 403),
        (world.tom, 403, 403),
        (world.lea, 303, 403),
        (world.hal, 303, 403),
        (world.max, 303, 403),
        (world.ada, 303, 403),
    ):
        client = at(somebody)
        for audience, expected in (("hospital", hospital), ("everyone", everyone)):
            answer = client.post(f"{NEW}?search=x", {"name": audience, "audience": audience})
            assert (answer.status_code == 303) == (expected == 303), (somebody.name, audience)
    pk = keep(at(world.kim), "search=骨", name="联合体", audience="everyone")
    assert titles(at(world.rita_b).get(f"{UNITS}?view={pk}")) == ["骨科"]
    assert pk not in {view.pk for view in at(world.olga).get(UNITS).context_data["bar"]["views"]}


def test_others_open_the_list_with_a_shared_view_but_do_not_change_it(at, world):
    pk = keep(at(world.max), "search=骨科", name="骨", audience="hospital")
    client = at(world.rita)

    answer = client.post(f"/lists/views/{pk}/", {"name": "taken", "audience": "mine", "first": "on"})

    assert answer.status_code == 303
    with scope([world.a.id]):
        view = SavedView.objects.get(pk=pk)
    assert (view.name, view.audience) == ("骨", "hospital")
    assert titles(client.get(UNITS)) == ["骨科"]
    assert client.get(f"/lists/views/{pk}/delete/").status_code == 403
    assert client.post(f"/lists/views/{pk}/delete/").status_code == 403
    assert at(world.hal).post(f"/lists/views/{pk}/delete/").status_code == 303  # who may share there tidies up there


def test_view_of_a_closed_place_still_opens_and_says_what_it_left_out(at, world):
    client = at(world.ada)
    answer = client.post(
        f"/lists/administration-place/new/?inside={world.a.building.pk}&gone=1", {"name": "门诊", "audience": "mine"}
    )
    with scope([world.a.id]):
        type(world.a.building).objects.filter(pk=world.a.building.pk).update(closed_on=timezone.localdate())

    page = client.get(answer["Location"])

    assert page.status_code == 200
    assert page.context_data["left_out"] == ["所在范围", "gone"]
    assert "所在范围" in re.search(r'class="list-note.*?</p>', page.content.decode(), re.S)[0]


def test_columns_move_by_buttons_and_are_remembered_for_this_person_and_list(at, world):
    client, page = at(world.ada), "/lists/administration-unit/columns/"
    shown = {"order": ["name", "code", "kind", "phone"], "column": ["name", "code", "phone"]}

    moved = client.post(page, {**shown, "up": "phone"})
    order = re.findall(r'name="order" value="(\w+)"', moved.content.decode())
    assert order[:4] == ["name", "code", "phone", "kind"]
    assert 'id="up-phone" name="up" value="phone" autofocus' in moved.content.decode()
    assert len(heads(client.get(UNITS))) > 3  # nothing is kept before it is saved

    client.post(page, {"order": order, "column": ["name", "code", "phone"], "save": "1"})
    assert heads(client.get(UNITS)) == ["名称", "编码", "分机号"]
    client.post(page, {"order": ["phone", "name"], "column": ["phone"]})
    assert heads(client.get(UNITS)) == ["名称", "分机号"]  # what a row is called is never left out
    assert len(heads(at(world.max).get(UNITS))) > 3
    at(world.ada).post(page, {**shown, "reset": "1"})
    assert len(heads(client.get(UNITS))) > 3


def test_sorting_without_an_index_is_offered_while_there_are_few_rows(at, world, monkeypatch):
    client = at(world.ada)
    assert titles(client.get(f"{UNITS}?sort=-name")) == ["骨科", "心内科"]
    with scope([world.a.id]):
        Unit.objects.bulk_create(Unit(hospital=world.a.hospital, code=f"Z{n}", name=f"n{n}") for n in range(1_000))

    page = client.get(f"{UNITS}?sort=-name")
    assert page.context_data["listing"].ordering == ("code", "pk")
    assert "arrows-sort" in re.search(r'class="list-note.*?</p>', page.content.decode(), re.S)[0]
    assert not next(head["url"] for head in page.context_data["heads"] if head["label"] == "名称")
    assert client.get(f"{UNITS}?sort=-code").context_data["listing"].ordering == ("-code", "-pk")
    assert titles(client.get(f"{UNITS}?sort=-name&search=n99")) == [*(f"n99{n}" for n in range(9, -1, -1)), "n99"]


def test_index_decides_what_is_quick():
    from workorders.models import WorkOrder

    assert paging.quick(WorkOrder, "reported_at", True) and paging.quick(WorkOrder, "reported_at", False)
    assert paging.quick(WorkOrder, "due_at", True)
    assert not paging.quick(WorkOrder, "title", True)
    assert not paging.quick(WorkOrder, "place__full_name", False)


def test_views_cost_one_statement_however_many(at, world, django_assert_num_queries):
    client = at(world.ada)
    client.get(UNITS)
    with CaptureQueriesContext(connection) as counted:
        client.get(UNITS)
    statements = [query["sql"] for query in counted.captured_queries]
    for n in range(5):
        keep(client, f"search={n}", name=f"v{n}")

    with django_assert_num_queries(len(statements)):
        client.get(UNITS)
    assert sum("exchange_savedview" in statement for statement in statements) == 1


def test_names_are_not_given_twice_and_not_empty(at, world):
    client = at(world.ada)
    keep(client, "search=1")

    assert client.post(f"{NEW}?search=2", {"name": "我的", "audience": "mine"}).status_code == 422
    assert client.post(f"{NEW}?search=2", {"name": "", "audience": "mine"}).status_code == 422


def test_columns_that_the_list_does_not_have_are_passed_over(at, world):
    client = at(world.ada)
    columns = "/lists/administration-unit/columns/"

    moved = client.post(columns, {"order": ["'; --", "name", "code"], "column": ["'; --", "code"], "up": "'; --"})
    assert moved.status_code == 303
    moved = client.post(columns, {"order": ["NaN", "name", "code"], "column": ["NaN", "name"], "down": "name"})
    assert [line["key"] for line in moved.context["lines"]][:2] == ["code", "name"]
