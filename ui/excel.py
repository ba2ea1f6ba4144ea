"""Excel and CSV: lists go out as workbooks, tables of other systems come in with exact references to their cells."""

import codecs
import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError
from xlsxwriter.utility import xl_col_to_name

from ui.excel_guard import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, TableError, weigh

__all__ = ["Row", "Table", "TableError", "read_table", "workbook"]

LONGEST_CELL = 32_767  # characters, Excel's own limit
EXACT_DIGITS = 15  # beyond these Excel would round a number, so it goes out as text
WIDEST_COLUMN = 60
FIRST_DAY, FIRST_MOMENT = date(1900, 1, 1), datetime(1900, 1, 1)
DELIMITERS = ",;\t$"
ZIP_MARK, OLD_OFFICE_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def workbook(title: object, columns: Iterable[object], rows: Iterable[Sequence[Any]]) -> bytes:
    """A list as an Excel workbook: numbers and days stay what they are, text never becomes a formula."""
    buffer = io.BytesIO()
    title, columns = str(title), [str(column) for column in columns]
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": title})
    sheet = book.add_worksheet(_sheet_name(title))
    writer = _SheetWriter(book, sheet)
    writer.row(0, columns, head=True)
    last = 0
    for last, row in enumerate(rows, start=1):
        writer.row(last, row)
    writer.finish(last, len(columns))
    book.close()
    return buffer.getvalue()


def _sheet_name(title):
    """What Excel allows as a sheet's name."""
    name = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title)[:31].strip(" '")
    return name if name and name.lower() != "history" else "1"


class _SheetWriter:
    """Writes typed cells and remembers how wide the columns must be."""

    def __init__(self, book, sheet):
        self.book, self.sheet, self.widths, self.formats = book, sheet, Counter(), {}

    def row(self, number, values, *, head=False):
        for column, value in enumerate(values):
            shown = self._cell(number, column, value, head=head)
            self.widths[column] = max(self.widths[column], _display_width(shown))

    def finish(self, last, columns):
        for column in range(columns):
            self.sheet.set_column(column, column, min(self.widths[column] + 3, WIDEST_COLUMN))
        self.sheet.freeze_panes(1, 0)
        self.sheet.repeat_rows(0)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)  # A4
        self.sheet.fit_to_pages(1, 0)
        if columns:
            self.sheet.autofilter(0, 0, last, columns - 1)

    def _format(self, pattern="", *, head=False):
        key = pattern, head
        if key not in self.formats:
            looks = {"bold": True, "bg_color": "#F0F0F0", "bottom": 1} if head else {}
            self.formats[key] = self.book.add_format(looks | ({"num_format": pattern} if pattern else {}))
        return self.formats[key]

    def _cell(self, row, column, value, *, head):
        """Write one value; answers how it is shown."""
        kind, value, pattern = _typed(value)
        if kind == "number":
            self.sheet.write_number(row, column, value, self._format(pattern))
        elif kind == "date":
            self.sheet.write_datetime(row, column, value, self._format(pattern))
            return pattern
        elif value:
            self.sheet.write_string(row, column, value, self._format(head=head))
        return str(value)


def _typed(value):
    """How a value goes into a cell: kind, value, number format."""
    if value is None:
        return "text", "", ""
    if isinstance(value, bool):
        return "text", _("Yes") if value else _("No"), ""
    if isinstance(value, int | float | Decimal):
        return _typed_number(value)
    if isinstance(value, timedelta) and value >= timedelta(0):
        return "date", value, "[h]:mm:ss"
    if isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        return ("date", local, "yyyy-mm-dd hh:mm") if local >= FIRST_MOMENT else ("text", f"{local:%Y-%m-%d %H:%M}", "")
    if isinstance(value, date) and value >= FIRST_DAY:
        return "date", value, "yyyy-mm-dd"
    return "text", str(value)[:LONGEST_CELL], ""


def _typed_number(value):
    if isinstance(value, Decimal) and value.is_finite():
        places = max(0, -value.as_tuple().exponent)
        pattern = f"0.{'0' * places}" if places else "0"
        exact = len(value.as_tuple().digits) <= EXACT_DIGITS
        return ("number", value, pattern) if exact else ("text", str(value), "")
    if isinstance(value, int):
        return ("number", value, "0") if abs(value) < 10**EXACT_DIGITS else ("text", str(value), "")
    return ("number", value, "") if math.isfinite(value) else ("text", "", "")


def _display_width(text):
    """Chinese characters are twice as wide; of a long text the beginning counts."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text[:WIDEST_COLUMN])


@dataclass(frozen=True)
class Row:
    """One line of a table that came in; `ragged` if it has more or fewer cells than the head."""

    number: int
    values: list
    ragged: bool = False


@dataclass(frozen=True)
class Table:
    """A table that came in: its sheet (empty for CSV), the names of its columns, its lines without the empty ones."""

    sheet: str
    header: list[str]
    rows: list[Row] = field(default_factory=list)

    def cell(self, row, column):
        """Where a value stands, as Excel itself says it: Sheet1!C5; for CSV column and line: C5."""
        name = f"{xl_col_to_name(column)}{row.number}"
        return f"{self.sheet}!{name}" if self.sheet else name

    @property
    def ragged(self):
        return [row for row in self.rows if row.ragged]


def read_table(file, name, *, sheet=None, delimiter=None, header_row=1):
    """Read an .xlsx or .csv file that somebody handed in; TableError says in a sentence why it cannot be read."""
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise TableError(_("The file is larger than %(size)s MB.") % {"size": MAX_BYTES // 1_000_000})
    if not content.strip():
        raise TableError(_("The file is empty."))
    kind = name.rpartition(".")[2].lower()
    if content.startswith(OLD_OFFICE_MARK):
        raise TableError(_("The file is protected by a password or has the old Excel format; save it as .xlsx."))
    if kind == "xlsx":
        return _read_xlsx(content, sheet, header_row)
    if kind not in {"csv", "txt", "tsv"} or content.startswith(ZIP_MARK):
        raise TableError(_("Only Excel files (.xlsx) and CSV files (.csv) can be read."))
    return _read_csv(content, delimiter, header_row)


def _read_xlsx(content, sheet, header_row):
    weigh(content)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        names = [each.name for each in book.sheets_metadata if "Visible" in str(each.visible)] or book.sheet_names
        if sheet and sheet not in names:
            raise TableError(_("The file has no sheet “%(sheet)s”.") % {"sheet": sheet})
        chosen = sheet or names[0]
        lines = book.get_sheet_by_name(chosen).to_python(skip_empty_area=False)
    except PasswordError as error:
        raise TableError(_("The file is protected by a password.")) from error
    except (CalamineError, IndexError, ValueError, OSError) as error:
        raise TableError(_("The file is damaged and cannot be read as Excel.")) from error
    return _table(chosen, ((number, [_plain(v) for v in line]) for number, line in enumerate(lines, 1)), header_row)


def _plain(value):
    """Excel knows only floating numbers; a whole one is what the person typed as a whole one."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 10**EXACT_DIGITS:
        return int(value)
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def _read_csv(content, delimiter, header_row):
    text = _decoded(content)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter or _sniffed(text), strict=True)
    return _table("", _numbered(reader), header_row, trailing=True)


def _decoded(content):
    """UTF-8 with or without mark, what Excel calls Unicode text, or the national standard GB18030."""
    encodings = ["utf-16"] if content.startswith(UTF16_MARKS) else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError(_("The file is not a text file in UTF-8 or GB18030; save it as CSV UTF-8."))


def _sniffed(text):
    """The delimiter that divides most of the first lines alike, and into the most columns."""
    lines = text[:100_000].splitlines(keepends=True)[:50]
    return max(DELIMITERS, key=lambda delimiter: _evenness(lines, delimiter))


def _evenness(lines, delimiter):
    try:
        counts = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
    except csv.Error:
        return 0, 0
    columns, often = counts.most_common(1)[0]
    return (often / counts.total() > 0.5, columns) if columns > 1 else (0, 0)


def _numbered(reader):
    """Each row with the line it begins on."""
    while True:
        number = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise TableError(_("Line %(line)s: the quotation marks do not match.") % {"line": number}) from error
        yield number, [value.strip() for value in row]


def _table(sheet: str, lines: Iterable[tuple[int, list]], header_row, *, trailing=False):
    """Head and rows; `trailing` if the number of cells in a line means something, as it does in CSV."""
    header, rows = [], []
    for number, values in lines:
        filled = len(_trimmed(values))
        if number < header_row or (number > header_row and not filled):
            continue
        if number == header_row:
            header = [str(value) for value in _trimmed(values)]
        else:
            length = max(filled, min(len(values), len(header)) if trailing else len(header))
            width = max(len(header), filled)
            rows.append(Row(number, (values + [""] * width)[:width], ragged=length != len(header)))
        if len(rows) > MAX_ROWS:
            raise TableError(_("The table has more than %(rows)s rows.") % {"rows": MAX_ROWS})
        if filled > MAX_COLUMNS:
            raise TableError(_("The table has more than %(columns)s columns.") % {"columns": MAX_COLUMNS})
    if not header:
        raise TableError(_("Line %(line)s should hold the names of the columns, but is empty.") % {"line": header_row})
    return Table(sheet, header, rows)


def _trimmed(values):
    end = len(values)
    while end and isinstance(values[end - 1], str | time | None) and values[end - 1] in ("", None):
        end -= 1
    return values[:end]
