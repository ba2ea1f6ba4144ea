"""From a file to records: which column is which, and every cell that does not fit by its place in the sheet."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from exchange.importers import Importer, Record
from exchange.parsing import Unfit, fold, is_blank, shown
from ui.excel import Row, Table, read_table

FAULTS_SHOWN = 200
Progress = Callable[[int, int], None]


@dataclass
class Reading:
    """All lines of a file, read: the sound ones as records, and what is wrong with the others."""

    table: Table
    columns: dict[str, int]
    records: list[Record] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    fault_count: int = 0
    bad_lines: set[int] = field(default_factory=set)

    def fault(self, row: Row, index: int, expected: Any) -> None:
        """Note a bad cell: sheet, line, column letter and title, what was found, what was expected."""
        self.bad_lines.add(row.number)
        self.fault_count += 1
        if len(self.faults) >= FAULTS_SHOWN:
            return
        found = row.values[index] if index < len(row.values) else ""
        title = self.table.header[index] if index < len(self.table.header) else ""
        self.faults.append(
            {
                "sheet": self.table.sheet,
                "line": row.number,
                "cell": self.table.cell(row, index),
                "letter": xl_col_to_name(index),
                "column": title,
                "found": shown(found),
                "expected": str(expected),
            }
        )


def open_table(content: bytes, name: str) -> Table:
    """The file as a table; `ui.excel.TableError` says why it cannot be one."""
    return read_table(io.BytesIO(content), name)


def guess(importer: Importer, header: list[str]) -> dict[str, str]:
    """Columns recognised by their title: key → title. Each title stands for one column."""
    titles = {fold(title): title for title in reversed(header) if title}
    found: dict[str, str] = {}
    for column in importer.columns:
        for name in (column.key, str(column.label), *column.aliases):
            title = titles.get(fold(name))
            if title and title not in found.values():
                found[column.key] = title
                break
    return found


def missing(importer: Importer, columns: dict[str, str]) -> list[str]:
    """Labels of required columns that are not assigned."""
    return [str(c.label) for c in importer.columns if c.required and not columns.get(c.key)]


def indexes(header: list[str], columns: dict[str, str]) -> dict[str, int]:
    """Where each assigned column stands; titles the file does not have are left out."""
    where = {fold(title): index for index, title in reversed(list(enumerate(header)))}
    return {key: where[fold(title)] for key, title in columns.items() if title and fold(title) in where}


def read(importer: Importer, table: Table, params: dict[str, Any], context: Any, progress: Progress) -> Reading:
    """Parse and check every line. Nothing is written here."""
    reading = Reading(table, indexes(table.header, params["columns"]))
    if lost := [title for key, title in params["columns"].items() if key not in reading.columns]:
        raise ValidationError(_("The file has no column “%(title)s”.") % {"title": "”, “".join(lost)})
    options = params.get("options", {})
    for number, row in enumerate(table.rows):
        if number % 500 == 0:
            progress(number, len(table.rows))
        before = reading.fault_count
        record = Record(row.number, _parsed(importer, reading, row, options))
        if row.ragged:
            _ragged(reading, row)
        else:
            for key, expected in importer.check(context, record):
                reading.fault(row, reading.columns.get(key, 0), expected)
        if reading.fault_count == before:
            reading.records.append(record)
    progress(len(table.rows), len(table.rows))
    return reading


def _parsed(importer: Importer, reading: Reading, row: Row, options: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, index in reading.columns.items():
        column, value = importer.by_key[key], row.values[index]
        if is_blank(value):
            if column.required:
                reading.fault(row, index, _("something; this cell must not be empty"))
            continue
        try:
            values[key] = column.parse(value, options)
        except Unfit as unfit:
            reading.fault(row, index, unfit)
    return values


def _ragged(reading: Reading, row: Row) -> None:
    """More or fewer cells than the first line has: everything behind the wrong one stands in the wrong column."""
    expected = len(reading.table.header)
    words = _("%(expected)s cells in this line, as in the first; there are %(found)s")
    found = len(row.values) if len(row.values) > expected else sum(1 for value in row.values if not is_blank(value))
    reading.fault(row, min(found, expected), words % {"expected": expected, "found": found})


def repeated(table: Table) -> list[str]:
    """Titles that stand in the first line more than once."""
    return [title for title, count in Counter(fold(t) for t in table.header if t).items() if count > 1]


def preview(table: Table, rows: int = 5) -> Iterator[list[str]]:
    return ([shown(value) for value in row.values[: len(table.header)]] for row in table.rows[:rows])
