"""What an answer to an item of a checklist means: passed or not, how many points, and in words what is wrong with it.

Pure. A page calls it as the worker types, the round when answers arrive, the offline page with what its phone kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from inspections.states import CHECK, CHOICE, METER, PHOTO, TEXT, VALUE
from ui.formats import number

LONGEST = 500  # characters of an answer in words
LARGEST = Decimal(10) ** 10  # what an answer's column holds is one digit more
SMALLEST = Decimal("0.001")
YES, NO = "1", "0"


@dataclass(frozen=True)
class Verdict:
    """`passed` is None where there is nothing to judge; `wrong` says why the answer cannot be taken at all."""

    passed: bool | None = None
    value: Decimal | None = None
    text: str = ""
    points: Decimal | None = None
    problem: str = ""  # what failed, in words, for the finding
    wrong: str = ""


def judge(item: Any, raw: str, photos: int = 0) -> Verdict:
    """The verdict on `raw` as it was typed or tapped: "1" and "0" for pass or fail, else the number, choice or text.

    Limits belong to what passes. `photos`: how many were taken for it.
    """
    raw = (raw or "").strip()
    found = _KINDS[item.kind](item, raw, photos)
    if found.wrong or not item.points or found.passed is None:
        return found
    points = item.points if found.passed else Decimal(0)
    return Verdict(found.passed, found.value, found.text, points, found.problem)


def _nothing(item: Any) -> Verdict:
    return Verdict(wrong=_("Please answer this.") if item.required else "")


def _check(item: Any, raw: str, photos: int) -> Verdict:
    if not raw:
        return _nothing(item)
    if raw not in (YES, NO):
        return Verdict(wrong=_("Please choose pass or fail."))
    return Verdict(raw == YES, problem="" if raw == YES else item.words)


def decimal(raw: str) -> Decimal | None:
    """A number as people type it, full-width digits and points too. A comma is refused: it may mean either."""
    written = raw.replace("−", "-").replace("。", ".").replace("．", ".").replace(" ", "")
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    return value if value.is_finite() and abs(value) < LARGEST else None


def _number(item: Any, raw: str) -> tuple[Decimal | None, Verdict]:
    if not raw:
        return None, _nothing(item)
    value = decimal(raw)
    if value is None:
        return None, Verdict(wrong=_("A number, please, such as 0.45."))
    if value != value.quantize(SMALLEST):
        return None, Verdict(wrong=_("At most three digits after the point, please."))
    return value, Verdict()


def _value(item: Any, raw: str, photos: int) -> Verdict:
    value, refused = _number(item, raw)
    if value is None:
        return refused
    if item.low is None and item.high is None:
        return Verdict(value=value)
    passed = (item.low is None or value >= item.low) and (item.high is None or value <= item.high)
    return Verdict(passed, value, problem="" if passed else _outside(item, value))


def _outside(item: Any, value: Decimal) -> str:
    facts = {"what": item.words, "value": measured(value, item.unit), "limits": limits(item)}
    return _("%(what)s: %(value)s (wanted: %(limits)s)") % facts


def measured(value: Decimal, unit: str) -> str:
    """0.45 mg/L, without digits that say nothing."""
    return f"{plain(value)} {unit}".strip()


def plain(value: Decimal) -> str:
    return number(value.normalize() if value else Decimal(0), max(0, -int(value.normalize().as_tuple().exponent)))


def limits(item: Any) -> str:
    """What is allowed, in words; empty where nothing is."""
    if item.low is None and item.high is None:
        return ""
    if item.low is None:
        return _("at most %(high)s") % {"high": measured(item.high, item.unit)}
    if item.high is None:
        return _("at least %(low)s") % {"low": measured(item.low, item.unit)}
    return _("%(low)s to %(high)s") % {"low": plain(item.low), "high": measured(item.high, item.unit)}


def _choice(item: Any, raw: str, photos: int) -> Verdict:
    if not raw:
        return _nothing(item)
    shown = dict(item.choices).get(raw)
    if shown is None:
        return Verdict(wrong=_("Please choose one of these."))
    if not item.passing:
        return Verdict(text=raw)
    passed = raw in item.passing
    problem = "" if passed else _("%(what)s: %(choice)s") % {"what": item.words, "choice": shown}
    return Verdict(passed, text=raw, problem=problem)


def _text(item: Any, raw: str, photos: int) -> Verdict:
    if not raw:
        return _nothing(item)
    if len(raw) > LONGEST:
        return Verdict(wrong=_("At most %(count)s characters, please.") % {"count": LONGEST})
    return Verdict(text=raw)


def _photo(item: Any, raw: str, photos: int) -> Verdict:
    return Verdict(text="") if photos else Verdict(wrong=_("Please take a photo.") if item.required else "")


def _meter(item: Any, raw: str, photos: int) -> Verdict:
    value, refused = _number(item, raw)
    if value is None:
        return refused
    return Verdict(value=value) if value >= 0 else Verdict(wrong=_("A meter never stands below zero."))


_KINDS = {CHECK: _check, VALUE: _value, CHOICE: _choice, TEXT: _text, PHOTO: _photo, METER: _meter}
