"""Leagues and monthly reports as workbooks: numbers as numbers."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from reporting.leagues import League
from reporting.ranking import Place

Sheet = tuple[str, list[str], list[list[Any]]]


def league(table: League, places: list[Place]) -> Sheet:
    """The places as the page shows them, with sums and band."""
    label = str(table.definition.label)
    name = f"{label} · {table.basis.label}" if table.basis else label
    heads = [
        _("Rank"), _("Code"), _("Hospital"), _("Peer group"), name, _("Numerator"), _("Denominator"), _("Quartile"),
        _("Band from"), _("Band to"), _("Without a rank because"),
    ]  # fmt: skip
    lines = [
        [
            place.rank, place.hospital.code, place.hospital.name, place.group, place.value, place.numerator, place.denominator,
            place.quartile, place.low, place.high, place.why,
        ]
        for place in places
    ]  # fmt: skip
    return label, heads, lines
