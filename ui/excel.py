"""Excel and CSV: lists go out as workbooks, tables of other systems come in with exact references to their cells."""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import time

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook, PasswordError
from xlsxwriter.utility import xl_col_to_name

from ui.excel_guard import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, TableError, weigh
from ui.excel_write import EXACT_DIGITS, workbook

__all__ = ["Row", "Table", "TableError", "read_table", "workbook"]

DELIMITERS = ",;\t$"
ZIP_MARK, OLD_OFFICE_MARK = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


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
