"""Lists, records and forms: who sees what, what is refused, what a page costs."""

import io
import re

import pytest
from python_calamine import CalamineWorkbook

from tenancy import domain
from tenancy.models import Unit
from tenancy.scope import scope

pytestmark = pytest.mark.django_db


def titles(response):
    return re.findall(r'<a class="title" href="[^"]+">([^<]+)</a>', response.content.decode())


def add_units(world, *names):
    with scope([world.a.id]):
        return [domain.add_unit(world.setup, hospital=world.a.hospital, code=f"Z{n}", name=n) for n in names]


def test_list_shows_exactly_ones_own_hospital(site, world):
    seen = titles(site.get("/units/", world.ada))

    assert seen == ["心内科", "骨科"]


def test_list_of_somebody_of_two_hospitals_shows_both(site, world):
    seen = titles(site.get("/units/", world.kim))

    assert seen == ["心内科", "心内科", "骨科"]  # three a page
    assert "page.next" and 'rel="next"' in site.get("/units/").content.decode()


def test_list_for_nobody_leads_to_sign_in(site, world):
    response = site.get("/units/")

    assert (response.status_code, response["Location"]) == (302, "/account/sign_in/?next=/units/")


def test_part_of_a_list_for_nobody_sends_the_window_to_sign_in(site, world):
    response = site.get("/units/", headers={"HX-Request": "true"})

    assert response["HX-Redirect"] == "/account/sign_in/?next=/units/"


def test_pages_forth_and_back_show_every_row_once(site, world):
    add_units(world, "a", "b", "c", "d", "e")
    pages, url = [], "/units/"
    while url:
        response = site.get(url, world.ada)
        pages.append(titles(response))
        links = response.context_data["links"]
        url, back = (f"/units/{links['next']}" if links["next"] else ""), links["previous"]

    assert pages == [["心内科", "骨科", "a"], ["b", "c", "d"], ["e"]]
    assert titles(site.get(f"/units/{back}")) == ["b", "c", "d"]


def test_list_sorts_only_by_declared_columns(site, world):
    add_units(world, "a")

    assert titles(site.get("/units/?sort=-code", world.ada)) == ["a", "骨科", "心内科"]
    assert titles(site.get("/units/?sort=hospital__name", world.ada)) == ["心内科", "骨科", "a"]


def test_search_and_filters_narrow_and_are_kept_by_the_links(site, world):
    add_units(world, "alpha", "beta")

    response = site.get("/units/?search=alph&kind=clinical", world.ada)

    assert titles(response) == ["alpha"]
    assert response.context_data["links"]["export"] == "?search=alph&kind=clinical&export=xlsx"


def test_place_filter_takes_everything_below(site, world):
    assert titles(site.get(f"/units/?place={world.a.building.pk}", world.ada)) == ["心内科"]


def test_saved_view_is_marked_when_it_is_the_one_shown(site, world):
    shown = site.get("/units/?kind=clinical", world.ada).context_data["links"]["tabs"]

    assert shown == [("Clinical", "?kind=clinical", True)]


def test_list_asked_by_script_answers_with_the_table_alone(site, world):
    part = site.get("/units/", world.ada, headers={"HX-Request": "true"}).content.decode()

    assert "<html" not in part and '<div id="table">' in part


def test_empty_list_says_why_and_what_next(site, world):
    page = site.get("/units/?search=nothing-like-it", world.ada).content.decode()

    assert "empty-state" in page and 'href="/units/"' in page


def test_workbook_holds_the_filtered_rows(site, world):
    response = site.get("/units/?search=骨科&export=xlsx", world.ada)

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(response.content)).get_sheet_by_index(0)
    assert sheet.to_python() == [
        ["Unit", "Code", "Kind", "Place", "Extension"],
        ["骨科", "W2", str(Unit.Kind.CLINICAL.label), "东院区 / 住院楼", ""],
    ]


@pytest.mark.parametrize("rows", [0, 30])
def test_list_costs_the_same_however_long(site, world, rows, django_assert_max_num_queries):
    add_units(world, *map(str, range(rows)))
    site.get("/units/", world.ada)

    with django_assert_max_num_queries(9):  # session, person, transaction and scope 5; rows, count, two of the filters
        site.get("/units/?search=1")


def test_record_of_another_hospital_is_not_there(site, world):
    assert site.get(f"/units/{world.a.ward.pk}/", world.ada).status_code == 200
    assert site.get(f"/units/{world.b.ward.pk}/", world.ada).status_code == 404


def test_record_shows_its_facts_and_the_change_in_words(site, world):
    site.post(f"/units/{world.a.ward.pk}/edit/", world.ada, {"code": "W1", "name": "心内一科", "phone": "8301"})

    page = site.get(f"/units/{world.a.ward.pk}/").content.decode()

    assert "心内一科" in page and "东院区 / 门诊楼 / 3 层" in re.sub(r"<[^>]+>", "", page)
    assert "从 心内科 改为 心内一科" in page


def test_form_without_the_permission_is_refused(site, world):
    assert site.get("/units/new/", world.dan).status_code == 403
    assert site.get(f"/units/{world.a.ward.pk}/edit/", world.dan).status_code == 403
    assert site.get("/units/new/", world.ada).status_code == 200


def test_form_keeps_what_was_typed_and_names_what_is_wrong(site, world):
    response = site.post("/units/new/", world.ada, {"code": "", "name": "新病区"})

    page = response.content.decode()
    assert response.status_code == 422
    assert 'value="新病区"' in page and 'href="#id_code"' in page and 'id="id_code_error"' in page


def test_refusal_of_the_domain_stands_beside_its_field(site, world):
    response = site.post("/units/new/", world.ada, {"code": "W1", "name": "again"})

    assert response.status_code == 422
    assert list(response.context_data["form"].errors) == ["code"]


def test_new_one_is_made_once_however_often_the_button_is_pressed(site, world):
    data = {"code": "N1", "name": "新病区", "form_key": "k" * 24}

    first, second = (site.post("/units/new/", world.ada, data) for _ in range(2))

    with scope([world.a.id]):
        made = Unit.objects.get(code="N1")
        assert Unit.objects.filter(name="新病区").count() == 1
    assert first["Location"] == f"/units/{made.pk}/"
    assert second.status_code == 303


def test_nobody_moves_a_row_out_of_their_reach(site, world, settings):
    """A change that leads out of reach is refused and leaves nothing."""
    from tests.ui import urls

    def to_b(actor, unit, **fields):
        Unit.objects.filter(pk=unit.pk).update(name="taken")
        unit.hospital_id = world.b.id
        return unit

    original = urls.units.update
    object.__setattr__(urls.units, "update", to_b)
    try:
        response = site.post(f"/units/{world.a.ward.pk}/edit/", world.ada, {"code": "W1", "name": "x"})
    finally:
        object.__setattr__(urls.units, "update", original)

    with scope([world.a.id]):
        assert Unit.objects.get(pk=world.a.ward.pk).name == "心内科"
    assert response.status_code == 403


def test_of_two_who_change_a_row_at_once_the_second_takes_nothing_back(site, world):
    url = f"/units/{world.a.ward.pk}/edit/"
    page = site.get(url, world.ada).content.decode()
    drawn, key = (re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("drawn", "form_key"))
    seen = {"code": "W1", "name": "心内科", "phone": "", "drawn": drawn}

    first = site.client.post(url, {**seen, "phone": "8301", "form_key": key})
    twice = site.client.post(url, {**seen, "phone": "8301", "form_key": key})  # a double click is not somebody else
    second = site.client.post(url, {**seen, "name": "心内一科"})

    assert (first.status_code, twice.status_code, second.status_code) == (303, 303, 422)
    assert "心内一科" in second.content.decode()
    with scope([world.a.id]):
        unit = Unit.objects.get(pk=world.a.ward.pk)
    assert (unit.name, unit.phone) == ("心内科", "8301")
