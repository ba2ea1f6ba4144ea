"""Frozen and published figures as people read them: the indicator's name in their language, values in their unit."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessment.freezing import in_words
from assessment.models import FrozenFigure
from flow.states import AMBER, GREEN, RED, State, table
from indicators.library import shipped
from indicators.states import DOWN
from kpi.figures import with_unit
from ui import formats
from ui.listing import lists

TONES = table(
    State("green", gettext_lazy("in target"), GREEN, "check"),
    State("amber", gettext_lazy("short of the target"), AMBER, "alert-circle"),
    State("red", gettext_lazy("below what is acceptable"), RED, "alert-triangle"),
)


def label_of(key: str, stored: str) -> str:
    """The indicator's name in the reader's language; one that is no longer in use keeps the name it was frozen with."""
    one = shipped().get(key)
    return str(one.label) if one else stored


def words_of(figure: FrozenFigure) -> dict[str, Any]:
    """What the indicator was, in the reader's language as long as its definition stands; else as it was frozen."""
    one = shipped().get(figure.key)
    stored: dict[str, Any] = figure.definition
    return in_words(one) if one is not None and one.version == figure.version else stored


def written(figure: Any, value: Decimal | None) -> str:
    """A value of a figure with its unit; "n/a" where there is nothing to divide by."""
    if value is None:
        return _("n/a")
    one = shipped().get(figure.key)
    if one is not None and one.kpi is not None:
        return with_unit(one.kpi, value)
    unit = str(one.unit) if one else figure.unit
    if unit == _("yuan"):
        return formats.money(value)
    text = formats.number(value, 2)
    return f"{text}{formats.THIN}{unit}" if unit else text


def goal(figure: Any) -> str:
    """The target in force: "≥ 95 %"; empty where there is none."""
    if figure.target is None:
        return ""
    return f"{'≤' if figure.good == DOWN else '≥'}{formats.THIN}{written(figure, figure.target)}"


def records(user: Any, keys: Collection[tuple[str, int]]) -> dict[tuple[str, int], tuple[str, str]]:
    """(subject, id) → what the record is called and its page, for those that this person may see; one statement a subject."""
    found: dict[tuple[str, int], tuple[str, str]] = {}
    for subject in {subject for subject, _pk in keys}:
        crud = next((one for one in lists() if one.queryset().model._meta.label_lower == subject), None)
        if crud is not None:
            for row in crud.rows(user).filter(pk__in=[pk for kind, pk in keys if kind == subject]):
                found[subject, row.pk] = (str(row), crud.url_of(row))
    return found
