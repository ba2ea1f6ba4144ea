"""The workbook to fill in: titles, one line as an example, and what belongs into each column as a comment."""

from __future__ import annotations

import io

import xlsxwriter
from django.utils.translation import gettext as _

from exchange.importers import Importer


def template_file(importer: Importer) -> bytes:
    """An empty table for this importer, in the person's language."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(str(importer.label)[:31])
    bold = book.add_format({"bold": True, "bg_color": "#F0F0F0", "bottom": 1})
    for index, column in enumerate(importer.columns):
        sheet.write_string(0, index, str(column.label), bold)
        needed = _("Must be filled in.") if column.required else _("May stay empty.")
        sheet.write_comment(0, index, f"{needed} {column.help}".strip(), {"x_scale": 2})
        if column.example != "":
            sheet.write(1, index, str(column.example))
    sheet.set_column(0, len(importer.columns) - 1, 18)
    sheet.freeze_panes(1, 0)
    book.close()
    return buffer.getvalue()
