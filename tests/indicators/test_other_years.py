"""The mapping of one year and the file of another: what is missing, renamed or moved is named, and never guessed."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection

from indicators.models import Return, ReturnFile
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
MAPPING = {
    "code": "code",
    "quantities": {"power": {"column": ["power, kWh", "electricity, kWh"]}, "area": {"column": "area"}},
    "indicators": {"power-per-m2": {"name": "Power per m2", "numerator": ["power"], "denominator": ["area"]}},
}


def hand_in(client, content, name="returns.csv", mapping=MAPPING, saved=""):
    files = {"file": SimpleUploadedFile(name, content)}
    files |= {"saved": saved} if saved else {"mapping": SimpleUploadedFile("m.json", json.dumps(mapping).encode())}
    return client.post("/indicators/returns/", {"period": "2025", "remember_as": "" if saved else "power", **files})


def command(tmp_path, content, name="returns.csv"):
    file, mapping = tmp_path / name, tmp_path / "mapping.json"
    file.write_bytes(content)
    mapping.write_text(json.dumps(MAPPING))
    call_command("import_returns", str(file), period="2025", mapping=mapping, consortium="City consortium")


def stored(world):
    with scope(world.hospitals()):
        return {(r.hospital.code, r.quantity.key): int(r.value) for r in Return.objects.all()}


def test_moved_columns_are_found_by_their_titles_with_the_mapping_that_was_kept(client, world):
    client.force_login(world.kim)
    client.post(hand_in(client, b'code,"power, kWh",area\nA,1000,10\n').url)
    kept = client.get("/indicators/returns/").content.decode().split(">power</option>")[0].rsplit('value="', 1)[1][:-1]

    moved = hand_in(client, b'area,lifts,"electricity, kWh",code\n20,7,3000,B\n', saved=kept)
    client.post(moved.url)

    assert stored(world) == {("A", "power"): 1000, ("A", "area"): 10, ("B", "power"): 3000, ("B", "area"): 20}


@pytest.mark.parametrize(
    ("head", "named"),
    [
        (
            b'code,"power in kWh",area',
            ["power, kWh", "power in kWh"],
        ),  # renamed: the nearest title is offered, not taken
        (b"code,area", ["power, kWh", "electricity, kWh"]),
        (b'code,"power, kWh",floor', ["area"]),
        (b'code,"power, kWh","electricity, kWh",area', ["power, kWh"]),  # two that could be it
        (b'"power, kWh",area', ["code"]),
    ],
)
def test_what_is_missing_or_renamed_is_named_on_the_page_and_by_the_command(client, world, tmp_path, head, named):
    client.force_login(world.kim)
    content = head + b"\nA" + b",5" * head.replace(b", kWh", b"").count(b",") + b"\n"

    refused = hand_in(client, content)
    with pytest.raises(CommandError) as told:
        command(tmp_path, content)

    assert refused.status_code == 422
    for title in named:
        assert title in refused.content.decode() and title in str(told.value)
    assert "The nearest" not in refused.content.decode()
    assert stored(world) == {}
    with scope(world.hospitals()):
        assert not ReturnFile.objects.exists()


INDICATOR = {"numerator": ["power"], "denominator": ["area"]}


@pytest.mark.parametrize(
    "wrong",
    [
        {"delimiter": "ab"},
        {"damaged": 5},
        {"indicators": ["power"]},
        {"indicators": {"x": {**INDICATOR, "factor": "1e400"}}},
        {"indicators": {"x": {**INDICATOR, "factor": "100000000"}}},  # more than is kept
        {"indicators": {"x": {**INDICATOR, "factor": "0.00001"}}},  # would be kept as 0
        {"indicators": {"x": {**INDICATOR, "good": ["up"]}}},
        {"indicators": {"a/b": INDICATOR}},  # no page could be opened for it
        {"indicators": {"x" * 61: INDICATOR}},
        {"quantities": {**MAPPING["quantities"], "q" * 61: {"column": "area"}}},
        {"name": "a\0b"},
    ],
)
def test_a_mapping_that_cannot_be_used_is_refused_in_a_sentence(client, world, wrong):
    client.force_login(world.kim)

    refused = hand_in(client, b'code,"power, kWh",area\nA,1000,10\n', mapping=MAPPING | wrong)

    assert refused.status_code == 422
    with scope(world.hospitals()):
        assert not ReturnFile.objects.exists()


def test_a_comma_parts_thousands_or_is_asked_about(client, world):
    client.force_login(world.kim)

    page = client.get(hand_in(client, 'code,"power, kWh",area\nA,"1,234,567.5","1，000"\nB,"1,5",10\n'.encode()).url)

    with scope(world.hospitals()):
        result = ReturnFile.objects.get().result
    assert (result["right"], [fault["found"] for fault in result["faults"]]) == (1, ["1,5"])
    assert "1,5" in page.content.decode()


def test_who_may_not_open_hospitals_is_told_when_the_file_is_checked(client, world):
    client.force_login(world.kim)

    page = client.get(hand_in(client, b'code,"power, kWh",area\nA,1,2\nNEW1,1,2\n').url).content.decode()

    assert "NEW1" in page and ">录入<" not in page.replace("\n", "")
    assert "将新建" not in page


def test_a_dry_run_with_bad_cells_ends_as_the_import_would(world, tmp_path):
    file, mapping = tmp_path / "returns.csv", tmp_path / "mapping.json"
    file.write_bytes(b'code,"power, kWh",area\nA,none,10\nB,1,10\n')
    mapping.write_text(json.dumps(MAPPING))
    facts = {"period": "2025", "mapping": mapping, "consortium": "City consortium", "dry_run": True}

    with pytest.raises(CommandError):
        call_command("import_returns", str(file), **facts)
    call_command("import_returns", str(file), skip_bad=True, **facts)

    assert stored(world) == {}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("returns.xlsx", b"PK\x03\x04 half a file"),
        ("returns.csv", b"\x00\x01\x02\xff\xfe"),
        ("returns.csv", b'code,"power, kWh,area\nA,1,2\n'),
        ("returns.csv", b'code,"power, kWh",area\n'),
        ("returns.csv", b""),
        ("returns.pdf", b"%PDF-1.7"),
    ],
)
def test_a_damaged_file_is_told_in_a_sentence(client, world, tmp_path, name, content):
    client.force_login(world.kim)

    assert hand_in(client, content, name).status_code == 422
    with pytest.raises(CommandError):
        command(tmp_path, content, name)
    assert stored(world) == {}


def test_the_comparison_asks_eight_statements_however_many_hospitals(client, world):
    client.force_login(world.kim)
    client.post(hand_in(client, b'code,"power, kWh",area\nA,1000,10\nB,3,2\n').url)
    seen = []

    def note(execute, sql, *more):
        seen.append(sql)
        return execute(sql, *more)

    client.get("/indicators/power-per-m2/")
    with connection.execute_wrapper(note):
        page = client.get("/indicators/power-per-m2/")

    asked = [sql for sql in seen if not sql.startswith(("SAVEPOINT", "RELEASE", "SELECT set_config"))]
    assert page.status_code == 200 and len(asked) <= 8, asked
