"""QR labels for doors and assets: sheets of A4 for the office printer, 40 × 30 mm for the label printer."""

import io
from typing import NamedTuple

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from ui.paper import draw_qr, paragraph, style

COLUMNS, ROWS = 3, 8
CELL = (70 * mm, 37 * mm)
LONGEST = 120  # characters of which a label shows as many as fit
SMALL = (40 * mm, 30 * mm)


class Label(NamedTuple):
    """What hangs on a door or sticks to an asset; the address is a plain link for the phone's own camera."""

    title: str
    subtitle: str
    url: str


def labels_a4(items):
    """Sheets of 3 × 8 labels of 70 × 37 mm, the office standard."""
    return _sheets(items, A4, [_cell_corner(number) for number in range(COLUMNS * ROWS)], _draw_large)


def labels_40x30(items):
    """One page of 40 × 30 mm for each label."""
    return _sheets(items, SMALL, [(0, 0)], _draw_small)


def _cell_corner(number):
    row, column = divmod(number, COLUMNS)
    top = (A4[1] - ROWS * CELL[1]) / 2
    return column * CELL[0], A4[1] - top - (row + 1) * CELL[1]


def _sheets(items, size, corners, draw):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size)
    for number, item in enumerate(items):
        if number and number % len(corners) == 0:
            canvas.showPage()
        draw(canvas, Label(*item), *corners[number % len(corners)])
    canvas.save()
    return buffer.getvalue()


def _draw_large(canvas, item, x, y):
    """QR code to the left, 4 mm from the edge because office printers leave the margin white; words to the right."""
    draw_qr(canvas, item.url, x + 4 * mm, y + 3.5 * mm, 30 * mm)
    _draw_text(canvas, item.title, x + 35 * mm, y + 17 * mm, 31 * mm, 16 * mm, sizes=(13, 11, 9), bold=True)
    _draw_text(canvas, item.subtitle, x + 35 * mm, y + 5 * mm, 31 * mm, 11 * mm, sizes=(8, 7))


def _draw_small(canvas, item, x, y):
    """The code as large as the label allows, the title beside it, the rest in one line below."""
    draw_qr(canvas, item.url, x, y + 6 * mm, 24 * mm)
    _draw_text(canvas, item.title, x + 24 * mm, y + 7 * mm, 15 * mm, 21 * mm, sizes=(9, 8, 7), bold=True)
    _draw_text(canvas, item.subtitle, x + 2 * mm, y + 1 * mm, 36 * mm, 5 * mm, sizes=(7, 6))


def _draw_text(canvas, text, x, y, width, height, *, sizes, bold=False):
    """Text at the top of its box, in the largest size that fits; in the smallest it ends with dots."""
    text = text[:LONGEST]
    for size in sizes:
        block = paragraph(text, style(size, bold=bold))
        used = block.wrap(width, height)[1]
        if used <= height:
            break
    while used > height:
        text = text[:-1]
        block = paragraph(f"{text}…", style(sizes[-1], bold=bold))
        used = block.wrap(width, height)[1]
    block.drawOn(canvas, x, y + height - used)
