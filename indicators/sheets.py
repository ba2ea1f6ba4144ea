"""The comparison as a workbook: the same lines as on the page, numbers as numbers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from indicators.comparing import Standing
from indicators.models import Indicator
from indicators.queries import Summary
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
