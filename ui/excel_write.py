"""Workbooks that go out: whole ones, and the pieces of those that are too large to be held whole."""

import io
import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

LONGEST_CELL = 32_767  # characters, Excel's own limit
SHEET_ROWS = 1_048_576  # with the head
EXACT_DIGITS = 15  # beyond these Excel would round a number, so it goes out as text
MOST_PLACES = 10
WIDEST_COLUMN = 60
FIRST_DAY, FIRST_MOMENT = date(1900, 1, 1), datetime(1900, 1, 1)
DAY, MOMENT, LENGTH = "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "[h]:mm:ss"
QUOTIENT = f"0.0{'#' * (MOST_PLACES - 1)}"
LOOKS = (DAY, MOMENT, LENGTH, "0", QUOTIENT, *(f"0.{'0' * places}" for places in range(1, MOST_PLACES + 1)))


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


def part_of(rows: Iterable[Sequence[Any]], first: int, columns: int) -> tuple[io.BytesIO, list[int]]:
    """Rows of a larger sheet, from row `first` on (0 is the head), and the widths they need. Looks are numbered alike
    in every part and in the shell, so that the lines of one may stand in the other."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"constant_memory": True})
    writer = _SheetWriter(book, book.add_worksheet("1"))
    writer.number_looks()
    for number, row in enumerate(rows, start=first):
        writer.row(number, row)
    book.close()
    return buffer, [writer.widths[column] for column in range(columns)]


def shell(title: object, columns: Sequence[str], counts: Sequence[int], widths: Sequence[int]) -> bytes:
    """A workbook with heads and no rows: one sheet for each of `counts`, which say how many rows are to come."""
    buffer, name = io.BytesIO(), _sheet_name(str(title))
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    book.set_properties({"title": str(title)})
    for number, count in enumerate(counts, start=1):
        sheet = book.add_worksheet(name if number == 1 else f"{name[:27]} {number}")
        writer = _SheetWriter(book, sheet)
        if number == 1:
            writer.number_looks()
        writer.row(0, columns, head=True)
        writer.widths |= Counter(dict(enumerate(widths)))
        writer.finish(count, len(columns))
    book.close()
    return buffer.getvalue()


class _SheetWriter:
    """Writes typed cells and remembers how wide the columns must be."""

    def __init__(self, book, sheet):
        self.book, self.sheet, self.widths, self.formats = book, sheet, Counter(), {}

    def row(self, number, values, *, head=False):
        for column, value in enumerate(values):
            shown = self._cell(number, column, value, head=head)
            self.widths[column] = max(self.widths[column], _display_width(shown))

    def number_looks(self):
        """Number every look there is, in one order."""
        for pattern in ("", *LOOKS):
            self._format(pattern)._get_xf_index()
        self._format(head=True)._get_xf_index()

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
        return "date", value, LENGTH
    if isinstance(value, datetime):
        local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
        return ("date", local, MOMENT) if local >= FIRST_MOMENT else ("text", f"{local:%Y-%m-%d %H:%M}", "")
    if isinstance(value, date) and value >= FIRST_DAY:
        return "date", value, DAY
    return "text", str(value)[:LONGEST_CELL], ""


def _typed_number(value):
    if isinstance(value, Decimal) and value.is_finite():
        if -int(value.as_tuple().exponent) > MOST_PLACES and value.adjusted() < EXACT_DIGITS:
            return "number", _rounded(value), QUOTIENT
        places = min(max(0, -value.as_tuple().exponent), MOST_PLACES)
        pattern = f"0.{'0' * places}" if places else "0"
        exact = len(value.as_tuple().digits) <= EXACT_DIGITS
        return ("number", value, pattern) if exact else ("text", str(value), "")
    if isinstance(value, int):
        return ("number", value, "0") if abs(value) < 10**EXACT_DIGITS else ("text", str(value), "")
    return ("number", value, "") if math.isfinite(value) else ("text", "", "")


def _rounded(value):
    """A quotient has no last digit: as many as Excel keeps, so that one can reckon with it."""
    return round(value, max(0, min(MOST_PLACES, EXACT_DIGITS - 1 - value.adjusted())))


def _display_width(text):
    """Chinese characters are twice as wide; of a long text the beginning counts."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text[:WIDEST_COLUMN])
