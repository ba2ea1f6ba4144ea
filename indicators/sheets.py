"""The comparison as a workbook: the same lines as on the page, numbers as numbers."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from indicators.comparing import Standing
from indicators.models import Indicator, ReturnDue
from indicators.queries import Summary
from indicators.request_queries import Round
from indicators.states import OUTLIERS

Sheet = tuple[str, list[str], list[list[Any]]]


def overview(rows: list[Summary]) -> Sheet:
    heads = [
        _("Indicator"),
        _("Unit of measurement"),
        _("All together"),
        _("Middle hospital"),
        _("With a value"),
        _("Hospitals"),
    ]
    lines = [
        [row.indicator.name, row.indicator.unit, row.value, row.median, row.count, row.of]
        for row in rows
    ]  # fmt: skip
    return _("Indicators"), heads, lines


def comparison(indicator: Indicator, rows: list[Standing]) -> Sheet:
    heads = [
        _("Rank"), _("Code"), _("Hospital"), _("Peer group"), _("Sum"), _("Divided by"), indicator.name, _("Quartile"),
        _("Unusual"),
    ]  # fmt: skip
    lines = [
        [
            row.rank, row.hospital.code, row.hospital.name, row.group, row.numerator, row.denominator, row.value, row.quartile,
            str(OUTLIERS[row.outlier].label) if row.outlier else "",
        ]
        for row in rows
    ]  # fmt: skip
    return indicator.name[:31], heads, lines


def round_of(found: Round, rows: list[ReturnDue]) -> Sheet:
    """One period of a request, hospital by hospital."""
    heads = [
        _("Code"), _("Hospital"), _("State"), _("Due"), _("Days late"), _("Handed in"), _("By"), _("Not known"), _("Sent back"),
        _("Corrected after acceptance"),
    ]  # fmt: skip
    today = timezone.localdate()
    lines = [
        [
            row.hospital.code, row.hospital.name, str(row.status.label), row.due_on, row.late(today), row.handed_in_at,
            row.handed_in_by.name if row.handed_in_by else "", ", ".join(row.unknown), row.times_returned,
            row.times_corrected,
        ]
        for row in rows
    ]  # fmt: skip
    return f"{found.request.name} {found.period}"[:31], heads, lines
