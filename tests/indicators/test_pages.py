"""Kim of the office takes in a file on the page and compares; Max sees his own hospital only and takes nothing in."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from indicators import storing
from indicators.models import Indicator, Return
from tenancy.scope import scope
from tests.factories.indicators import returns

pytestmark = pytest.mark.django_db
MAPPING = b"""{"code": "code", "group": "kind", "quantities": {"power": {"column": "power, kWh"}, "area": {"column": "area"}},
 "indicators": {"power-per-m2": {"name": "Power per m2", "numerator": ["power"], "denominator": ["area"]}}}"""

COST_BY_AREA = {"numerator": ["cost"], "denominator": ["area"], "good": "down", "side": "F"}


def hand_in(client, table, mapping=MAPPING, **more):
    files = {
        "file": SimpleUploadedFile("returns.csv", table.encode()),
        "mapping": SimpleUploadedFile("mapping.json", mapping),
    }
    return client.post("/indicators/returns/", {"period": "2025", **files, **more})


def test_a_file_is_checked_then_taken_in_and_compared(client, world):
    client.force_login(world.kim)

    checked = hand_in(client, 'code,kind,"power, kWh",area\nA,big,1000,10\nB,big,3000,20\n', remember_as="Power")
    page = client.get(checked.url).content.decode()
    with scope([world.a.id]):
        assert not Return.objects.exists()
    client.post(checked.url)

    compared = client.get("/indicators/power-per-m2/").content.decode()
    assert "returns.csv" in page
    assert "133.3333" in compared  # 4,000 kWh over 30 m², not the mean of 100 and 150
    assert ">100.0000<" in compared and ">150.0000<" in compared
    again = client.get("/indicators/returns/").content.decode()
    assert ">Power</option>" in again


def test_what_does_not_fit_is_told_beside_the_field_and_the_words_stay(client, world):
    client.force_login(world.kim)

    lost = hand_in(client, "code,kind,power,area\nA,big,1000,10\n", remember_as="Power")
    broken = hand_in(client, "code,power\n", mapping=b"{")
    nothing = client.post("/indicators/returns/", {"period": "yesterday"})

    assert lost.status_code == broken.status_code == nothing.status_code == 422
    told = lost.content.decode()
    assert "power, kWh" in told and 'value="Power"' in told
    assert "JSON" in broken.content.decode()
    with scope([world.a.id]):
        assert not Return.objects.exists()


def test_bad_lines_are_left_out_by_a_button_of_its_own(client, world):
    client.force_login(world.kim)
    checked = hand_in(client, 'code,kind,"power, kWh",area\nA,big,much,10\nB,big,3000,20\n')

    page = client.get(checked.url).content.decode()
    refused = client.post(checked.url)
    client.post(checked.url, {"skip": "1"})

    assert ">C2<" in page and "much" in page
    assert refused.status_code == 422
    with scope([world.a.id, world.b.id]):
        assert set(Return.objects.values_list("hospital", flat=True)) == {world.b.id}


def test_a_manager_sees_the_own_hospital_only_and_no_way_to_take_in(client, world):
    with scope(world.hospitals()):
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
    for who in (world.max, world.ada):  # who administers one hospital administers no returns of all
        client.force_login(who)

        page = client.get("/indicators/cost-per-m2/").content.decode()

        assert world.a.hospital.name in page and world.b.hospital.name not in page
        assert "/change/" not in page and "/indicators/returns/" not in client.get("/indicators/").content.decode()
        assert client.get("/indicators/returns/").status_code == 403
        assert client.post("/indicators/new/", {}).status_code == 403


def test_the_office_writes_an_indicator_and_fetches_the_workbook(client, world):
    with scope(world.hospitals()):
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
    client.force_login(world.kim)
    facts = {**COST_BY_AREA, "name": "每百平方米保洁费用", "factor": "100"}

    assert client.post("/indicators/new/", {**facts, "factor": "0"}).status_code == 422
    made = client.post("/indicators/new/", facts)
    book = client.get(f"{made.url}?export=xlsx")

    with scope([world.a.id]):
        own = Indicator.objects.get(name="每百平方米保洁费用")
    assert made.url.endswith(f"/{own.key}/") and book["Content-Type"].endswith("sheet")
    assert "1,000.0000" in client.get(made.url).content.decode().replace("\u202f", ",")  # 300 over 30, times 100


def test_of_two_who_change_an_indicator_at_once_the_second_is_told(client, world):
    with scope(world.hospitals()):
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
    client.force_login(world.kim)
    facts = {**COST_BY_AREA, "name": "保洁费用", "factor": "1"}
    page = f"{client.post('/indicators/new/', facts).url}change/"
    drawn = client.get(page).content.decode().split('name="drawn" value="')[1].split('"')[0]

    first = client.post(page, {**facts, "drawn": drawn, "factor": "100"})
    second = client.post(page, {**facts, "drawn": drawn, "unit": "元"})

    assert (first.status_code, second.status_code) == (303, 422)
    with scope([world.a.id]):
        own = Indicator.objects.get(name="保洁费用")
    assert (own.factor, own.unit) == (100, "")


def test_a_value_that_is_corrected_shows_at_once(client, world):
    with scope(world.hospitals()):
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
    client.force_login(world.kim)
    seen = [client.get(page).content.decode() for page in ("/indicators/", "/indicators/cost-per-m2/")]
    with scope(world.hospitals()):
        row = Return.objects.filter(hospital=world.a.id, quantity__key="cost").get()
        reported = [storing.Reported(row.hospital, row.quantity, row.value * 3)]
        storing.write(world.kim, reported, row.first, row.last)

    for page, before in zip(("/indicators/", "/indicators/cost-per-m2/"), seen, strict=True):
        assert client.get(page).content.decode().partition("<main")[2] != before.partition("<main")[2]


def test_comparing_costs_the_same_whatever_the_number_of_hospitals(client, world, django_assert_max_num_queries):
    with scope(world.hospitals()):
        returns(world.consortium, world.kim, world.a.hospital, world.b.hospital)
    client.force_login(world.kim)
    with django_assert_max_num_queries(16):
        client.get("/indicators/")
