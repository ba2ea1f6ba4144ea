"""Kim has a file of a year and no mapping: she says on a page which column is which, once, and keeps it for the next year."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators.models import Quantity, Return, ReturnFile, SavedMapping
from tenancy.scope import scope
from tests.indicators.test_returns import FILE

pytestmark = pytest.mark.django_db
TABLE = "医院编码,医院,类别,用电量,面积,面积\nA,甲,三级,1000,10,1\nB,乙,三级,3000,20,2\n"


def hand_in(client, content=None, name="2025.csv", **more):
    content = content or TABLE.encode()
    return client.post("/indicators/returns/", {"period": "2025", "file": SimpleUploadedFile(name, content), **more})


def chosen(**more):
    return {"row": "1", "means-0": "code", "means-1": "name", "means-3": "new", "unit-3": "kWh", **more}


def stored(world):
    with scope(world.hospitals()):
        return {(r.hospital.code, str(r.quantity), int(r.value)) for r in Return.objects.all()}


def test_columns_are_assigned_checked_kept_and_taken_in(client, world):
    client.force_login(world.kim)
    way = hand_in(client).url
    page = client.get(way)

    assert way.endswith("/columns/") and page.status_code == 200
    assert [line.title for line in page.context["form"].lines] == ["医院编码", "医院", "类别", "用电量", "面积", "面积"]
    assert "1000 · 3000" in page.text
    assert stored(world) == set()

    checked = client.post(way, chosen(remember_as="年报"))
    assert client.get(checked.url).status_code == 200
    client.post(checked.url)

    assert {(code, int(value)) for code, _name, value in stored(world)} == {("A", 1000), ("B", 3000)}
    with scope(world.hospitals()):
        made = Quantity.objects.get(name="用电量")
        assert (made.unit, SavedMapping.objects.get().name) == ("kWh", "年报")
        kept = SavedMapping.objects.get().pk

    again = hand_in(client, "面积,用电量,医院,医院编码\n9,1100,甲,A\n".encode(), saved=kept)
    assert not again.url.endswith("/columns/"), "moved columns are found by their titles"


def test_file_without_columns_asks_for_them_and_counts_for_nothing(client, world):
    client.force_login(world.kim)
    hand_in(client)
    with scope(world.hospitals()):
        file = ReturnFile.objects.get()

    assert client.get(f"/indicators/returns/{file.pk}/").url == f"/indicators/returns/{file.pk}/columns/"
    refused = client.post(f"/indicators/returns/{file.pk}/")
    assert refused.status_code == 422 and stored(world) == set()


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"means-0": ""}, "编码"),
        ({"means-1": "code"}, "means-1"),
        ({"means-3": ""}, "哪个数据项"),
        ({"means-4": "new"}, "面积"),  # stands in the file twice
        ({"bad_from": "3"}, "bad_to"),
        ({"bad_from": "3", "bad_to": "5"}, "用电量"),  # lies in the damaged part
        ({"bad_from": "5", "bad_to": "3"}, "bad"),
        ({"means-3": "quantity:no_such"}, "means-3"),
        ({"row": "3"}, "2025.csv"),  # no lines below
        ({"row": "999999"}, "2025.csv"),
    ],
)
def test_what_does_not_fit_is_told_and_the_choices_stay(client, world, typed, told):
    client.force_login(world.kim)
    way = hand_in(client).url

    refused = client.post(way, chosen(remember_as="年报", **typed))

    assert refused.status_code == 422 and told in refused.text
    assert "error-summary" in refused.text or "tone-red" in refused.text
    if "row" not in typed:
        assert 'value="年报"' in refused.text and 'value="kWh"' in refused.text
    with scope(world.hospitals()):
        assert not SavedMapping.objects.exists() and ReturnFile.objects.get().mapping == {}


def test_real_file_with_its_titles_in_the_second_line(client, world):
    """236 hospitals, a hundred columns, a shifted block."""
    client.force_login(world.kim)
    way = hand_in(client, FILE.read_bytes(), FILE.name).url
    form = client.get(way, {"row": 2}).context["form"]
    titles = form.table.header
    at = {title: n for n, title in enumerate(titles)}
    first, last = (
        "Capital investment for new build (£)",
        "Number of patients sustaining injuries during evacuation (No.)",
    )
    sent = {"row": "2", f"means-{at['Organisation Code']}": "code", f"means-{at['Organisation Name']}": "name"}
    sent |= {f"means-{at['Cleaning service cost (£)']}": "new", f"unit-{at['Cleaning service cost (£)']}": "£"}

    checked = client.post(way, {**sent, "bad_from": at[first], "bad_to": at[last]})
    told = client.get(checked.url).text
    assert re.search(r"\b236\b|\b235\b", told)

    damaged = client.post(way, {**sent, "bad_from": at[first], "bad_to": at[last], f"means-{at[first]}": "new"})
    assert damaged.status_code == 422 and "new build" in damaged.text


def test_columns_are_assigned_by_the_office_only_and_never_after_taking_in(client, world):
    client.force_login(world.kim)
    way = hand_in(client).url
    for who, status in ((world.max, 403), (world.olga, 403), (world.audrey, 403)):
        client.force_login(who)
        assert client.get(way).status_code == client.post(way, chosen()).status_code == status

    client.force_login(world.kim)
    client.post(client.post(way, chosen()).url)
    assert client.get(way).status_code == client.post(way, chosen()).status_code == 404
    assert len(stored(world)) == 2
