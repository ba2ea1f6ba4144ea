"""The monthly report as PDF and as a workbook, for one reader: only what that reader may see."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reporting.content import Shown
from reporting.models import Report
from reporting.states import SENT
from ui import formats
from ui.excel import workbook
from ui.pdf import Document, Signature

FORM, VERSION = "KP-12", "1"


def paper(report: Report, rows: list[Shown], actions: list[tuple[str, str, str, str, str]]) -> bytes:
    """The report as it is handed on: words, figures, what is more than chance, what is done about it."""
    title = _("Monthly report of logistics, %(month)s") % {"month": formats.month(report.month)}
    url = f"{settings.BASE_URL}{reverse('reporting:report', args=[report.pk])}"
    sheet = Document(title, hospital_name=report.hospital.name, form_number=FORM, version=VERSION, qr_url=url)
    sheet.facts(_facts(report))
    sheet.heading(_("What the manager says"))
    sheet.paragraph(report.words or _("Nothing was signed off for this report."))
    sheet.heading(_("Figures"))
    heads = [_("Figure"), _("Value"), _("Target"), _("Month before"), _("Year before"), _("Difference"), _("Rank")]
    lines = [
        [_marked(row), row.value, row.target, row.before, row.year_before, row.difference.replace("−", "-"), row.place]
        for row in rows
    ]  # fmt: skip
    sheet.table(heads, lines, widths=[6, 3, 3, 3, 3, 2, 2], ends=range(1, 7))
    if any(row.is_small for row in rows):
        sheet.paragraph(_("* fewer records than the smallest sample: not judged"))
    said = [(row.label, remark) for row in rows for remark in row.remarks]
    if said:
        sheet.heading(_("More than chance"))
        sheet.table([_("Figure"), _("Remark")], said, widths=[2, 3])
    if actions:
        sheet.heading(_("Improvement actions"))
        sheet.table(
            [_("Figure"), _("What is done"), _("Owner"), pgettext("deadline", "By"), _("State")],
            actions,
            widths=[3, 5, 2, 2, 2],
        )
    if report.signed_name:
        when = formats.exact(report.signed_at)[:16] if report.signed_at else ""
        sheet.signatures([Signature(_("Signed off by"), name=report.signed_name, when=when)])
    return bytes(sheet.render())


def _marked(row: Shown) -> str:
    return f"{row.label} *" if row.is_small else row.label


def _facts(report: Report) -> list[tuple[str, str]]:
    sent = formats.exact(report.sent_at)[:16] if report.sent_at else _("not sent yet: figures as they are now")
    facts = [(_("Month"), f"{report.month:%Y-%m}"), (_("Sent"), sent)]
    return [*facts, (_("Check code"), report.sha256)] if report.state == SENT else facts


def book(report: Report, rows: list[Shown]) -> bytes:
    """The same figures as a workbook: numbers as numbers, words on the last line."""
    heads = [
        _("Code"), _("Figure"), _("Value"), _("Numerator"), _("Denominator"), _("Target"), _("Month before"), _("Year before"),
        _("Rank"), _("More than chance"),
    ]  # fmt: skip
    numbers = ("value", "numerator", "denominator", "target", "month_before", "year_before")
    lines: list[list[Any]] = [
        [row.row["code"], row.label, *(row.number(name) for name in numbers), row.place, "; ".join(row.remarks)]
        for row in rows
    ]
    if report.words:
        lines.append(["", _("What the manager says"), report.words])
    return workbook(f"{report.month:%Y-%m}", heads, lines)
