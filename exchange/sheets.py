"""A workbook written in parts: each part is a piece of the sheet, and the pieces together are the file.

A part is written by the same writer as every other workbook, on its own rows of the sheet; only its lines are kept. At
the end they are poured, one after the other, into an empty workbook of the same make. Nothing is ever held whole.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from ui.excel_write import SHEET_ROWS, part_of, shell

PER_SHEET = SHEET_ROWS - 1  # below the head
LINES = re.compile(rb"<sheetData>(.*)</sheetData>", re.S)
DIMENSION = re.compile(rb'<dimension ref="[^"]*"')
EMPTY = (b"<sheetData/>", b"</sheetData>")


def piece(columns: Sequence[str], lines: Iterable[Sequence[Any]], first: int) -> tuple[bytes, list[int]]:
    """Lines from row `first` (0: the first below a head) as packed pieces of a sheet, and how wide their columns are."""
    book, widths = part_of(lines, first % PER_SHEET + 1, len(columns))
    with zipfile.ZipFile(book) as archive:
        found = LINES.search(archive.read("xl/worksheets/sheet1.xml"))
    return zlib.compress(found[1] if found else b"", 6), widths


def room(first: int) -> int:
    """How many rows fit on the sheet from this one on."""
    return PER_SHEET - first % PER_SHEET


def pour(
    out: Any,
    title: str,
    columns: Sequence[str],
    rows: int,
    widths: Sequence[int],
    pieces: Callable[[int], Iterator[bytes]],
) -> None:
    """Write the whole file to `out`; `pieces(sheet)` are the packed lines of one sheet, in order."""
    sheets = max(1, -(-rows // PER_SHEET))
    counts = [min(PER_SHEET, rows - number * PER_SHEET) for number in range(sheets)]
    empty = io.BytesIO(shell(title, columns, counts, widths))
    with zipfile.ZipFile(empty) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as target:
        for entry in source.infolist():
            number = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            with target.open(entry.filename, "w", force_zip64=True) as file:
                if number is None:
                    file.write(source.read(entry))
                else:
                    sheet = int(number[1]) - 1
                    _pour_sheet(file, source.read(entry), counts[sheet], len(columns), pieces(sheet))


def _pour_sheet(file: Any, empty: bytes, rows: int, columns: int, pieces: Iterator[bytes]) -> None:
    head, end, rest = empty.partition(b"</sheetData>")
    reach = f'<dimension ref="A1:{_letters(columns)}{rows + 1}"'.encode()
    file.write(DIMENSION.sub(reach, head, count=1))
    for packed in pieces:
        unpacker = zlib.decompressobj()
        while packed:
            file.write(unpacker.decompress(packed, 1 << 20))
            packed = unpacker.unconsumed_tail
        file.write(unpacker.flush())
    file.write(end + rest)


def _letters(columns: int) -> str:
    from xlsxwriter.utility import xl_col_to_name

    return str(xl_col_to_name(max(columns, 1) - 1))
