"""The office takes in last year's returns of 236 hospitals and compares them; what is damaged is refused by name."""

import csv
import json
import statistics
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command

from indicators import domain, queries, spans
from indicators.arranging import arrange
from indicators.models import Indicator, Quantity, Return, ReturnFile
from tenancy.models import Hospital
from tenancy.scope import scope, scope_of

DATA = Path(__file__).parent.parent / "data"
FILE, MAPPING = DATA / "hospital-returns-2016-17.csv", DATA / "returns-mapping.json"
# What the data's own documentation says: hospitals with a value, ratio of sums, median of the hospitals' ratios.
EXPECTED = {
    "cleaning_cost_per_m2": (236, "38.8098", "37.7982"),
    "laundry_cost_per_piece": (229, "0.3429", "0.3526"),
    "food_cost_per_meal": (217, "3.8642", "3.7529"),
    "electricity_per_m2": (236, "103.4302", "92.1272"),
    "water_per_m2": (236, "1.3345", "1.2815"),
    "portering_cost_per_m2": (236, "13.9277", "13.9497"),
}


def four(value):
    return str(Decimal(value).quantize(Decimal("0.0001")))


def run(file, period, mapping, world, **more):
    out = StringIO()
    call_command(
        "import_returns", str(file), period=period, mapping=mapping, consortium=world.consortium.name, stdout=out,
        stderr=StringIO(), **more,
    )  # fmt: skip
    return out.getvalue()


def first_lines(path, count, old="", new=""):
    text = FILE.read_text("utf-8-sig").replace(old, new) if old else FILE.read_text("utf-8-sig")
    path.write_text("\n".join(text.splitlines()[:count]))
    return path


@pytest.fixture
def mapping():
    return json.loads(MAPPING.read_text())


@pytest.fixture
def taken(world):
    run(FILE, "2016-17", MAPPING, world)
    return world


@pytest.fixture
def three(world, tmp_path):
    run(first_lines(tmp_path / "three.csv", 5), "2016-17", MAPPING, world)
    return world


@pytest.mark.django_db
def test_indicators_of_236_hospitals_come_out_to_four_decimals(taken):
    lines = list(csv.reader(FILE.open(encoding="utf-8-sig", newline=""), delimiter="$"))
    heads = lines[1]
    cost, area = heads.index("Cleaning service cost (£)"), heads.index("Occupied floor area (m²)")
    plain = {line[0]: float(line[cost]) / float(line[area]) for line in lines[2:]}
    with scope_of(taken.kim):
        span = queries.spans(taken.kim)[0]
        found = {
            row.indicator.key: row for row in queries.summaries(taken.kim, list(queries.indicators(taken.kim)), span)
        }
        one = found["cleaning_cost_per_m2"].indicator
        rows = queries.standings(taken.kim, [one], span)[one.pk]

    assert {key: (row.count, four(row.value), four(row.median)) for key, row in found.items()} == EXPECTED
    assert {row.of for row in found.values()} == {238}  # two hospitals of the consortium reported nothing
    ours = {row.hospital.code: float(row.value) for row in rows if row.value is not None}
    assert ours == pytest.approx(plain)
    assert statistics.median(plain.values()) == pytest.approx(37.7982, abs=0.00005)


@pytest.mark.django_db
def test_the_same_file_again_changes_nothing_and_a_corrected_one_keeps_both_values(three, mapping):
    text = "\n".join(FILE.read_text("utf-8-sig").splitlines()[:5])
    changed = text.replace("$2753898$93.64$", "$2753899$93.64$")
    assert changed != text
    first, last = spans.parse("2016-17")
    with scope_of(three.kim):
        before = Return.objects.count()
        again, corrected = (
            domain.take_in(
                three.kim,
                domain.hand_in(
                    three.kim,
                    three.consortium,
                    content=content.encode(),
                    name="r.csv",
                    mapping=mapping,
                    first=first,
                    last=last,
                ),
            )
            for content in (text, changed)
        )
        assert again.result["written"] == 0 and again.result["changed"] == []
        assert corrected.result["changed"] == [["R1A", "cleaning_cost", "2753898.0000", "2753899.0000"]]
        assert Return.objects.count() == before > 20
        with pytest.raises(ValidationError, match=r"already|已经录入"):
            domain.take_in(three.kim, corrected)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("column", "named"),
    [
        ("RIDDOR incidents (No.)", "“RIDDOR incidents \\(No\\.\\)” lies in the damaged part"),
        (
            "Cleaning service costs (£)",
            "no column “Cleaning service costs \\(£\\)”.*The nearest: Cleaning service cost \\(£\\)",
        ),
        ("Chlorine used (kg)", "no column “Chlorine used \\(kg\\)” \\(quantities.cleaning_cost\\)\\."),
    ],
)
def test_a_damaged_or_missing_column_is_named_and_nothing_is_written(world, mapping, tmp_path, settings, column, named):
    settings.LANGUAGE_CODE = "en"
    mapping["quantities"]["cleaning_cost"]["column"] = column
    wrong = tmp_path / "wrong.json"
    wrong.write_text(json.dumps(mapping))
    hospitals = Hospital.objects.count()

    with pytest.raises(CommandError, match=named):
        run(FILE, "2016-17", wrong, world)

    assert Hospital.objects.count() == hospitals
    with scope([world.a.id]):
        assert not ReturnFile.objects.exists() and not Quantity.objects.exists()


@pytest.mark.django_db
def test_another_years_file_with_renamed_and_moved_columns(three, mapping, tmp_path):
    """The next year calls one column otherwise and has others in another order: by their titles they are found."""
    lines = list(csv.reader(FILE.open(encoding="utf-8-sig", newline=""), delimiter="$"))[:5]
    lines[1][lines[1].index("Cleaning service cost (£)")] = "Cleaning cost (£)"
    order = [0, 1, 2, 3, *range(45, 134), *range(4, 45)]
    other = tmp_path / "returns-2017-18.csv"
    other.write_text("\n".join("$".join(line[n] for n in order) for line in lines))
    with pytest.raises(CommandError, match="Cleaning service cost"):
        run(other, "2017-18", MAPPING, three)

    mapping["quantities"]["cleaning_cost"]["column"] = ["Cleaning service cost (£)", "Cleaning cost (£)"]
    better = tmp_path / "better.json"
    better.write_text(json.dumps(mapping))
    run(other, "2017-18", better, three)

    with scope_of(three.kim):
        assert [spans.written(*span) for span in queries.spans(three.kim)] == ["2017-18", "2016-17"]
        same = Return.objects.filter(quantity__key="cleaning_cost", hospital__code="R1A").values_list(
            "value", flat=True
        )
        assert list(same) == [Decimal(2753898)] * 2


@pytest.mark.django_db
def test_bad_cells_are_listed_and_left_out_only_on_purpose(world, tmp_path, settings):
    settings.LANGUAGE_CODE = "en"
    bad = first_lines(tmp_path / "bad.csv", 5, "$2753898$93.64$", "$two million$93.64$")
    said = StringIO()
    options = {"period": "2016-17", "mapping": MAPPING, "consortium": world.consortium.name, "stdout": StringIO()}

    with pytest.raises(CommandError, match="nothing was written"):
        call_command("import_returns", str(bad), stderr=said, **options)

    assert "DH3 (Cleaning service cost (£)): 'two million'" in said.getvalue()
    assert not Hospital.objects.filter(code="R1A").exists()
    call_command("import_returns", str(bad), stderr=said, skip_bad=True, **options)
    assert not Hospital.objects.filter(code="R1A").exists() and Hospital.objects.filter(code="R1C").exists()


@pytest.mark.django_db
def test_a_dry_run_writes_nothing(world):
    said = run(FILE, "2016-17", MAPPING, world, dry_run=True)

    assert "236 lines" in said and "236 new hospitals" in said
    assert Hospital.objects.filter(consortium=world.consortium).count() == 2
    with scope([world.a.id]):
        assert not ReturnFile.objects.exists()


@pytest.mark.django_db
def test_the_office_may_not_open_hospitals_by_a_file_and_a_manager_may_not_take_it_in(world, mapping):
    first, last = spans.parse("2016-17")
    asked = {"content": FILE.read_bytes(), "name": "r.csv", "mapping": mapping, "first": first, "last": last}
    with scope_of(world.kim):
        file = domain.hand_in(world.kim, world.consortium, **asked)
        with pytest.raises(ValidationError, match="R1A"):
            domain.take_in(world.kim, file)
    with scope_of(world.max), pytest.raises(PermissionDenied):
        domain.hand_in(world.max, world.consortium, **asked)


@pytest.mark.parametrize(
    ("written", "begins", "first", "last"),
    [
        ("2016", "04-01", "2016-01-01", "2016-12-31"),
        ("2016-17", "04-01", "2016-04-01", "2017-03-31"),
        ("2016-17", "07-01", "2016-07-01", "2017-06-30"),
        ("2011-12", "04-01", "2011-12-01", "2011-12-31"),
        ("2011-12", "07-01", "2011-07-01", "2012-06-30"),
        ("2026-Q4", "04-01", "2026-10-01", "2026-12-31"),
        ("2024-02", "04-01", "2024-02-01", "2024-02-29"),
    ],
)
def test_periods(written, begins, first, last):
    assert [str(day) for day in spans.parse(written, begins)] == [first, last]


@pytest.mark.parametrize("written", ["", "2016-18", "16-17", "2016-00", "2016-Q5", "0001"])
def test_no_period(written):
    with pytest.raises(ValidationError):
        spans.parse(written)


@pytest.mark.django_db
def test_an_indicator_of_ones_own_is_a_ratio_of_two_sums(three):
    """By hand, of the first three lines of the file: cleaning and portering cost over the occupied area."""
    lines = list(csv.reader(FILE.open(encoding="utf-8-sig", newline=""), delimiter="$"))[:5]
    at = {title: n for n, title in enumerate(lines[1])}

    def total(title):
        return sum(Decimal(line[at[title]]) for line in lines[2:])

    expected = (total("Cleaning service cost (£)") + total("Portering service cost (£)")) * 100
    with scope_of(three.kim):
        facts = {
            "name": "Cleaning and portering",
            "numerator": ["cleaning_cost", "portering_cost"],
            "denominator": ["occupied_area"],
            "factor": Decimal(100),
        }
        own = arrange(three.kim, Indicator(consortium=three.consortium, key="own-1"), **facts)
        (summary,) = queries.summaries(three.kim, [own], queries.spans(three.kim)[0])
        with pytest.raises(ValidationError, match="coal"):
            arrange(three.kim, own, numerator=["coal"])

    assert summary.value == expected / total("Occupied floor area (m²)")
