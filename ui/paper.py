"""What every printed thing shares: the typefaces, text as reportlab wants it, and QR codes."""

import functools
import re
from itertools import groupby
from pathlib import Path
from xml.sax.saxutils import escape

import segno
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph

FONTS = Path(__file__).with_name("fonts")
REGULAR, BOLD = "NotoSansSC", "NotoSansSC-Bold"
NOTHING = "—"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@functools.cache
def register_fonts():
    """Read the two typefaces once per process; answers the characters that the bold one has."""
    pdfmetrics.registerFont(TTFont(REGULAR, FONTS / "NotoSansSC-Regular-gbk.ttf"))
    bold = TTFont(BOLD, FONTS / "NotoSansSC-Bold-gb2312.ttf")
    pdfmetrics.registerFont(bold)
    return frozenset(map(chr, bold.face.charToGlyph))


def style(size, *, bold=False, **more):
    """A paragraph's style; Chinese has no spaces, so lines break between characters."""
    return ParagraphStyle(
        "text", fontName=BOLD if bold else REGULAR, fontSize=size, leading=size * 1.35, wordWrap="CJK", **more
    )


def paragraph(text, paragraph_style):
    """Plain text, whatever it contains, as a paragraph: nothing in it is taken for markup."""
    text = CONTROL.sub("", str(text).replace("\r\n", "\n"))
    in_bold = register_fonts()
    if paragraph_style.fontName == BOLD and not set(text) - {"\n"} <= in_bold:
        # The bold face has only the everyday Simplified characters; a title in two weights would look torn.
        paragraph_style = paragraph_style.clone("plain", fontName=REGULAR)
    return Paragraph(escape(text).replace("\n", "<br/>"), paragraph_style)


def draw_qr(canvas, url, x, y, side):
    """A QR code with its quiet zone of four modules in a square of this side; 15 % may be damaged."""
    matrix = [list(row) for row in segno.make(url, error="m", micro=False).matrix_iter(border=4)]
    module = side / len(matrix)
    path = canvas.beginPath()
    for number, row in enumerate(matrix, start=1):
        start = 0
        for dark, run in groupby(row):
            length = len(list(run))
            if dark:
                path.rect(x + start * module, y + side - number * module, length * module, module)
            start += length
    canvas.setFillGray(0)
    canvas.drawPath(path, stroke=0, fill=1)
