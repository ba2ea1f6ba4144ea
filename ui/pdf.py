"""Papers of a hospital: slips, notices and forms, with the hospital's head, signature lines and a QR code back.

paper = Document(_("Repair slip"), hospital_name="…", form_number="HQ-07", version="3", qr_url="https://…")
paper.facts([(_("Place"), "…"), (_("Requester"), "…")])
paper.paragraph(order.description)
paper.signatures([Signature(_("Requester"), name="…", when="2026-11-21 14:03", image=png)])
return paper.render()
"""

import io
from dataclasses import dataclass

from django.utils.translation import gettext as _
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, A5
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import CondPageBreak, Image, KeepTogether, SimpleDocTemplate, Spacer, Table, TableStyle

from ui.labels import Label, labels_40x30, labels_a4
from ui.paper import NOTHING, REGULAR, draw_qr, paragraph, style

__all__ = ["Document", "Label", "Signature", "labels_40x30", "labels_a4"]

SIZES = {"A4": A4, "A5": A5}
MARGIN = 15 * mm
PADDING = 6  # points that reportlab keeps free inside the margin
QR_SIDE = 22 * mm
SHORT = 22  # characters that a fact may have to share its row with another
GRID = TableStyle(
    [
        ("GRID", (0, 0), (-1, -1), 0.4, colors.Color(0.6, 0.6, 0.6)),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
    ]
)


@dataclass(frozen=True)
class Signature:
    """One line to sign on; filled if the person has signed on the screen."""

    label: str
    name: str = ""
    when: str = ""
    image: bytes | None = None


class Document:
    """A paper under a hospital's name, built from top to bottom."""

    def __init__(self, title, *, hospital_name, form_number="", version="", qr_url="", size="A4"):
        self.title, self.hospital_name = str(title), str(hospital_name)
        self.form_number, self.version, self.qr_url = form_number, version, qr_url
        self.size = SIZES[size]
        self.width = self.size[0] - 2 * MARGIN
        self.story = [paragraph(self.title, style(16, bold=True, alignment=1, spaceAfter=4 * mm))]

    def heading(self, text):
        self.story.append(CondPageBreak(30 * mm))
        self.story.append(paragraph(text, style(11, bold=True, spaceBefore=4 * mm, spaceAfter=1.5 * mm)))

    def paragraph(self, text):
        self.story.append(paragraph(text or NOTHING, style(10, spaceAfter=2 * mm)))

    def facts(self, pairs):
        """Name and value side by side; two facts share a row of A4 if both are short."""
        columns = 2 if self.size == A4 else 1
        rows, spans = _fact_rows([(str(label), str(value or NOTHING)) for label, value in pairs], columns)
        label_width = 26 * mm
        widths = [label_width, self.width / columns - label_width] * columns
        table = Table([_fact_cells(row, columns) for row in rows], colWidths=widths, splitInRow=1)
        table.setStyle(GRID)
        table.setStyle(TableStyle([("SPAN", (1, row), (-1, row)) for row in spans]))
        self._add_table(table)

    def table(self, header, rows, *, widths=None, ends=()):
        """Rows under a head that is repeated on every page; widths are shares of the paper's width, `ends` columns of numbers."""
        shares = widths or [1] * len(header)
        cells = [
            [paragraph(cell, style(9, bold=True, alignment=2 * (place in ends))) for place, cell in enumerate(header)]
        ]
        cells += [
            [
                paragraph("" if cell is None else cell, style(9, alignment=2 * (place in ends)))
                for place, cell in enumerate(row)
            ]
            for row in rows
        ]
        columns = [self.width * share / sum(shares) for share in shares]
        table = Table(cells, colWidths=columns, repeatRows=1, splitInRow=1)
        table.setStyle(GRID)
        table.setStyle(TableStyle([("BACKGROUND", (0, 0), (-1, 0), colors.Color(0.94, 0.94, 0.94))]))
        self._add_table(table)

    def image(self, content, *, height=60 * mm):
        """A photo or drawing, as wide as the paper at most."""
        self.story += [_picture(content, self.width, height), Spacer(0, 3 * mm)]

    def signatures(self, signatures):
        """Lines to sign on, two in a row; never torn apart by the end of a page."""
        cells = [_signature_cell(signature, self.width / 2 - 8 * mm) for signature in signatures]
        rows = [cells[number : number + 2] for number in range(0, len(cells), 2)]
        rows[-1] += [""] * (2 - len(rows[-1]))
        table = Table(rows, colWidths=[self.width / 2] * 2)
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "BOTTOM"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]))
        self.story.append(KeepTogether([Spacer(0, 6 * mm), table]))

    def render(self):
        """The paper as PDF."""
        buffer = io.BytesIO()
        template = SimpleDocTemplate(
            buffer,
            pagesize=self.size,
            title=self.title,
            author=self.hospital_name,
            leftMargin=MARGIN - PADDING,
            rightMargin=MARGIN - PADDING,
            topMargin=24 * mm,
            bottomMargin=(QR_SIDE if self.qr_url else 10 * mm) + 8 * mm,
        )
        template.build(list(self.story), canvasmaker=self._canvas)
        return buffer.getvalue()

    def _add_table(self, table):
        self.story += [table, Spacer(0, 3 * mm)]

    def _canvas(self, *args, **kwargs):
        return _NumberedCanvas(*args, paper=self, **kwargs)

    def draw_frame(self, canvas, page, pages):
        """Head and foot of one page."""
        width, height = self.size
        head = paragraph(self.hospital_name, style(10, bold=True))
        _w, used = head.wrap(self.width, 10 * mm)
        head.drawOn(canvas, MARGIN, height - 18 * mm + max(0, 5 * mm - used))
        canvas.setLineWidth(0.5)
        canvas.line(MARGIN, height - 19 * mm, width - MARGIN, height - 19 * mm)
        canvas.setFont(REGULAR, 8)
        canvas.setFillGray(0.25)
        canvas.drawString(MARGIN, 9 * mm, self._imprint())
        canvas.drawCentredString(width / 2, 9 * mm, _("Page %(page)s of %(pages)s") % {"page": page, "pages": pages})
        if self.qr_url:
            draw_qr(canvas, self.qr_url, width - MARGIN - QR_SIDE + 2 * mm, 5 * mm, QR_SIDE)

    def _imprint(self):
        parts = []
        if self.form_number:
            parts.append(_("Form %(number)s") % {"number": self.form_number})
        if self.version:
            parts.append(_("version %(version)s") % {"version": self.version})
        return " · ".join(parts)


class _NumberedCanvas(Canvas):
    """Holds all pages back until their number is known."""

    def __init__(self, *args, paper, **kwargs):
        super().__init__(*args, **kwargs)
        self._paper, self._pages = paper, []

    def showPage(self):
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, page in enumerate(self._pages, start=1):
            self.__dict__.update(page)
            self._paper.draw_frame(self, number, len(self._pages))
            super().showPage()
        super().save()


def _fact_rows(pairs, columns):
    """Facts row by row, and the numbers of the rows whose value takes the whole width."""
    rows, spans, waiting = [], [], None
    for pair in pairs:
        short = columns == 2 and len(pair[1]) <= SHORT and "\n" not in pair[1]
        if waiting and short:
            rows.append([waiting, pair])
            waiting = None
            continue
        if waiting:
            spans.append(len(rows))
            rows.append([waiting])
        waiting = pair if short else None
        if not short:
            spans.append(len(rows))
            rows.append([pair])
    if waiting:
        spans.append(len(rows))
        rows.append([waiting])
    return rows, spans


def _fact_cells(row, columns):
    label, value = style(9, textColor=colors.Color(0.35, 0.35, 0.35)), style(10)
    cells = [cell for name, text in row for cell in (paragraph(name, label), paragraph(text, value))]
    return cells + [""] * (2 * columns - len(cells))


def _signature_cell(signature, width):
    line = Table([[_picture(signature.image, width - 30 * mm, 12 * mm) if signature.image else ""]], [width], [13 * mm])
    line.setStyle(
        TableStyle([("LINEBELOW", (0, 0), (-1, -1), 0.6, colors.black), ("ALIGN", (0, 0), (-1, -1), "CENTER")])
    )
    below = " · ".join(filter(None, [str(signature.label), signature.name, signature.when or _("Date:")]))
    return [line, paragraph(below, style(9))]


def _picture(content, width, height):
    picture = Image(io.BytesIO(content))
    picture._restrictSize(width, height)
    return picture
