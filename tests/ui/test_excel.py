"""Lists that go out as workbooks and tables that come in."""

import io
import zipfile
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from ui import excel, excel_guard
from ui.excel import TableError, read_table, workbook

DATA = Path(__file__).parent.parent / "data"


def written(columns, rows, title="工单"):
    return openpyxl.load_workbook(io.BytesIO(workbook(title, columns, rows))).active


def read(content, name="table.csv", **options):
    return read_table(io.BytesIO(content), name, **options)


def values(table):
    return [row.values for row in table.rows]


def unfold(content, **changes):
    """The same workbook with some of its parts changed."""
    source, target = zipfile.ZipFile(io.BytesIO(content)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            archive.writestr(name, changes.get(Path(name).stem, source.read(name)))
    return target.getvalue()


@pytest.fixture(autouse=True)
def chinese_time(settings):
    settings.TIME_ZONE = "Asia/Shanghai"


def test_workbook_keeps_types():
    moment = datetime(2026, 11, 21, 6, 3, tzinfo=UTC)
    row = [3, Decimal("35.50"), date(2026, 11, 21), moment, timedelta(hours=30, minutes=5), "王芳", None]
    sheet = written(["a", "b", "c", "d", "e", "f", "g"], [row])
    cells = sheet[2]
    assert [cell.value for cell in cells] == [
        3,
        35.5,
        datetime(2026, 11, 21),
        datetime(2026, 11, 21, 14, 3),
        timedelta(hours=30, minutes=5),
        "王芳",
        None,
    ]
    assert [cell.number_format for cell in cells[:5]] == ["0", "0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "[h]:mm:ss"]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "=HYPERLINK('x')", "https://example.org"])
def test_workbook_writes_text_as_text(text):
    cell = written(["a"], [[text]])["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12345678901234567890, "12345678901234567890"),
        (Decimal("1234567890.12345678"), "1234567890.12345678"),
        (timedelta(hours=-1), "-1 day, 23:00:00"),
        (date(1850, 1, 2), "1850-01-02"),
        (datetime(1850, 1, 2, 3, 4), "1850-01-02 03:04"),
        (float("nan"), None),
        (time(8, 30), "08:30:00"),
    ],
)
def test_workbook_writes_as_text_what_excel_cannot_hold(value, shown):
    assert written(["a"], [[value]])["A2"].value == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Decimal(101) * 100 / 110, 91.8181818182),
        (Decimal(1) / 3, 0.3333333333),
        (Decimal(10) ** 12 / 7, 142857142857.143),
        (Decimal(-2) / 3, -0.6666666667),
    ],
)
def test_workbook_writes_a_quotient_as_a_number(value, shown):
    cell = written(["a"], [[value]])["A2"]
    assert (cell.value, cell.data_type) == (shown, "n")


def test_workbook_has_a_frozen_filtered_head_and_widths():
    sheet = written(["编号", "说明"], [["A-2611-004213", "水龙头漏水" * 40]])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:B2"
    assert sheet["A1"].font.bold
    assert round(sheet.column_dimensions["A"].width) == 17
    assert round(sheet.column_dimensions["B"].width) == 61


@pytest.mark.parametrize(
    ("title", "name"), [("工单/报修:2026", "工单 报修 2026"), ("x" * 40, "x" * 31), ("", "1"), ("History", "1")]
)
def test_workbook_names_its_sheet(title, name):
    assert written(["a"], [], title=title).title == name


def test_workbook_comes_back_as_it_went():
    content = workbook(
        "工单", ["编号", "数量", "日期"], [["A-1", 2, date(2026, 1, 2)], ["", None, None], ["A-3", 1.5, None]]
    )
    table = read(content, "工单.xlsx")
    assert (table.sheet, table.header) == ("工单", ["编号", "数量", "日期"])
    assert [(row.number, row.values) for row in table.rows] == [
        (2, ["A-1", 2, date(2026, 1, 2)]),
        (4, ["A-3", 1.5, ""]),
    ]
    assert table.cell(table.rows[1], 1) == "工单!B4"


def test_xlsx_row_longer_than_its_head_is_ragged():
    table = read(workbook("t", ["a", "b"], [[1, 2], [1, 2, 3], [1]]), "t.xlsx")
    assert [row.number for row in table.ragged] == [3]
    assert table.ragged[0].values == [1, 2, 3]


def test_xlsx_head_may_stand_lower_and_on_another_sheet():
    book = openpyxl.Workbook()
    sheet = book.create_sheet("Places")
    sheet["A3"], sheet["B3"], sheet["B5"] = "Code", "Name", "Ward"
    buffer = io.BytesIO()
    book.save(buffer)
    table = read(buffer.getvalue(), "p.xlsx", sheet="Places", header_row=3)
    assert (table.header, values(table), table.rows[0].number) == (["Code", "Name"], [["", "Ward"]], 5)
    with pytest.raises(TableError, match="People"):
        read(buffer.getvalue(), "p.xlsx", sheet="People")


def test_formatted_empty_cells_far_below_do_no_harm():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["A2"] = "Code", "P-1"
    book.active["A900000"].font = openpyxl.styles.Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    assert values(read(buffer.getvalue(), "p.xlsx")) == [["P-1"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "$"])
def test_csv_encoding_and_delimiter_are_found(encoding, delimiter):
    text = "\r\n".join(
        delimiter.join(row) for row in [["编号", "说明", "金额"], ["1", "漏水", "3.50"], ["2", "跳闸", ""]]
    )
    table = read(text.encode(encoding))
    assert table.header == ["编号", "说明", "金额"]
    assert values(table) == [["1", "漏水", "3.50"], ["2", "跳闸", ""]]


def test_csv_delimiter_may_be_given():
    assert read(b"a,b;c\n1,2;3\n", delimiter=";").header == ["a,b", "c"]


def test_csv_counts_lines_as_an_editor_does():
    table = read('编号,说明\n1,"漏水\n地面湿滑"\n\n2,跳闸\n3\n4,a,b\n5,c,\n'.encode())
    assert [row.number for row in table.rows] == [2, 5, 6, 7, 8]
    assert [row.number for row in table.ragged] == [6, 7]
    assert table.cell(table.rows[1], 1) == "B5"


def test_real_history_is_read_whole_with_its_broken_line():
    table = read((DATA / "work-order-history.csv").read_bytes(), "work-order-history.csv")
    assert table.header == ["BscStartDate", "Asset", "OriginalShorttext", "PMType", "Cost"]
    assert len(table.rows) == 2160
    row = next(row for row in table.rows if row.number == 1332)
    assert row.values == ["2003-12-31", "B", "won", "t swing", "PM01"]
    assert table.cell(row, 4) == "E1332"
    assert sum(Decimal(row.values[4]) for row in table.rows if row.number != 1332) == Decimal("7618873.08")


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"", "t.csv", "empty"),
        (b"  \n", "t.xlsx", "empty"),
        (b"\n\n1,2\n", "t.csv", "Line 1"),
        (b"a,b\n1,2\n", "t.pdf", "Only Excel files"),
        (b"PK\x03\x04 not text", "t.csv", "Only Excel files"),
        (b"a,b\n1,2\n", "t.xlsx", "damaged"),
        (b"PK\x03\x04 no archive", "t.xlsx", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "t.xlsx", "old Excel format"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "t.csv", "not a text file"),
        (b'a,b\n1,2\n3,"open\n4,5\n', "t.csv", "Line 3"),
    ],
)
def test_unreadable_file_is_refused_in_words(settings, content, name, says):
    settings.LANGUAGE_CODE = "en"
    with pytest.raises(TableError, match=says):
        read(content, name)


@pytest.fixture
def small_limits(monkeypatch, settings):
    settings.LANGUAGE_CODE = "en"
    for module in (excel, excel_guard):
        monkeypatch.setattr(module, "MAX_ROWS", 20)
        monkeypatch.setattr(module, "MAX_COLUMNS", 10)
        monkeypatch.setattr(module, "MAX_BYTES", 200_000)
    monkeypatch.setattr(excel_guard, "MAX_TEXT", 5_000)


@pytest.mark.usefixtures("small_limits")
@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (b"a\n" + b"1\n" * 21, "t.csv", "more than 20 rows"),
        (b"a,b\n" + b"1," * 11 + b"1", "t.csv", "more than 10 columns"),
        (b"a" * 200_001, "t.csv", "larger than"),
        (workbook("t", ["a"], [[1]] * 200), "t.xlsx", "more than 20 rows"),
        (workbook("t", ["a"] * 11, []), "t.xlsx", "more than 10 columns"),
        (workbook("t", ["a"], [["x" * 1000]] * 6), "t.xlsx", "unfolds"),
        (unfold(workbook("t", ["a"], [[1]]), theme1=b" " * 200_000), "t.xlsx", "unfolds"),
        (unfold(workbook("t", ["a"], [[1]]), sheet1=b"<worksheet><row r='1'><c r='XFD"), "t.xlsx", "damaged"),
        (unfold(workbook("t", ["a"], [[1]]), sheet1=b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>"), "t.xlsx", "damaged"),
    ],
)
def test_file_that_unfolds_to_too_much_is_refused(content, name, says):
    with pytest.raises(TableError, match=says):
        read(content, name)


def test_cell_at_the_far_corner_is_refused_before_memory_is_taken():
    sheet = b"<worksheet><sheetData><row r='1048576'><c r='XFD1048576'><v>1</v></c></row></sheetData></worksheet>"
    with pytest.raises(TableError):
        read(unfold(workbook("t", ["a"], [[1]]), sheet1=sheet), "t.xlsx")
