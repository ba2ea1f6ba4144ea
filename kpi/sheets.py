"""Figures as workbooks: what the page shows, with numerator and denominator in columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from kpi import names
from kpi.breakdown import Breakdown
from kpi.dashboard import Board
from kpi.figures import Card, unit_of
from kpi.registry import DURATION
from ui.excel import workbook

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _answer(title: str, heads: Sequence[Any], lines: list[list[Any]], name: str) -> HttpResponse:
    book = workbook(title, heads, lines)
    return HttpResponse(book, EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


def _values(card: Card) -> list[Any]:
    figure = card.figure
    return [_plain(card, figure.value), figure.numerator, figure.denominator]


def _plain(card: Card, value: Any) -> Any:
    """Hours instead of seconds; a missing value stays empty."""
    return None if value is None else round(value / 3600 if card.kpi.unit == DURATION else value, 4)


def _heads() -> list[str]:
    return [_("Measured value"), _("Numerator"), _("Denominator")]


def dashboard(board: Board) -> HttpResponse:
    """All figures of the period; with several hospitals, one line each beside the whole."""
    heads = [_("Figure"), _("Hospital"), _("Measured in"), *_heads(), _("Year before")]
    lines = [
        [str(card.kpi.label), "", _unit(card), *_values(card), _plain(card, card.before)]
        for card in (*board.cards, *board.others)
    ]
    for hospital, cards in board.comparison:
        lines += [[str(card.kpi.label), hospital, _unit(card), *_values(card), None] for card in cards]
    return _answer(_("Figures"), heads, lines, f"figures-{board.period.key}")


def breakdown(board: Breakdown) -> HttpResponse:
    """One figure by the shown dimension: the period, then each of the last twelve months."""
    months = board.months(12)
    heads: list[str] = [str(names.label_of(board.by)) if board.by else "", *_heads()]
    heads += [f"{month:%Y-%m}" for month in months]
    lines = [
        [line.name, *_values(line.card), *(_plain(line.card, value) for value in line.months)] for line in board.lines
    ]
    total = board.main
    lines.append([_("All"), *_values(total), *(_plain(total, value) for value in board.course(board.kpi, months))])
    return _answer(str(board.kpi.label), heads, lines, f"{board.kpi.key}-{board.period.key}")


def _unit(card: Card) -> str:
    return _("hours") if card.kpi.unit == DURATION else unit_of(card.kpi)
