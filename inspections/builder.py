"""The items of a draft as they are typed: kept as they are while something is wrong, told beside the box where it is."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from inspections.judging import decimal, plain
from inspections.models import Item
from inspections.states import CHECK, MINOR, ON_FAIL
from ui.forms import mark

NUMBERS = ("low", "high", "points")
WORDS = (
    "section",
    "text",
    "hint",
    "kind",
    "unit",
    "meter",
    "photo",
    "weight",
    "on_fail",
    "service_key",
    "standard",
    "clause",
)
TYPED = ("key", *WORDS, *NUMBERS, "choices", "required")
PASSES = "*"  # stands before the choices that pass
BLANK = {"kind": CHECK, "photo": ON_FAIL, "weight": MINOR, "on_fail": "ask", "required": "1"}


@dataclass
class Row:
    """One item in the builder: its boxes by name, and what is wrong in them."""

    id: str
    typed: dict[str, str]
    wrong: dict[str, list[str]] = field(default_factory=dict)

    def given(self) -> dict[str, Any]:
        """What the boxes mean, for `editions.set_items`; what cannot be read is told in `wrong` and left out."""
        found: dict[str, Any] = {name: self.typed.get(name, "").strip() for name in ("key", *WORDS)}
        found["required"] = self.typed.get("required") == "1"
        found["options"], found["passing"] = choices(self.typed.get("choices", ""))
        for name in NUMBERS:
            found[name] = self._number(name)
        found["points"] = found["points"] or Decimal(0)
        return found

    def _number(self, name: str) -> Decimal | None:
        raw = self.typed.get(name, "").strip()
        value = decimal(raw) if raw else None
        if raw and value is None:
            self.wrong.setdefault(name, []).append(_("A number, please, such as 0.45."))
        return value

    def shown(self, order: int) -> Item:
        """The item as the preview shows it, however unfinished it is."""
        given = Row(self.id, self.typed).given()
        return Item(order=order, **given)


def choices(text: str) -> tuple[list[str], list[str]]:
    """(all choices, those that pass): one a line, a star before those that pass."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    named = [line.lstrip(PASSES + "＊ ").strip() for line in lines]
    return named, [name for name, line in zip(named, lines, strict=True) if line[0] in PASSES + "＊"]


def fresh() -> str:
    return f"r{uuid.uuid4().hex[:8]}"


def blank(section: str = "") -> Row:
    return Row(fresh(), {**dict.fromkeys(TYPED, ""), **BLANK, "section": section})


def of_items(items: Iterable[Item]) -> list[Row]:
    """The rows of a draft as it is kept, in the reader's language."""
    return [Row(f"k{item.pk}", _typed(item)) for item in items]


def _typed(item: Item) -> dict[str, str]:
    typed = {name: str(getattr(item, name) or "") for name in ("key", *WORDS)}
    typed |= {
        "text": item.words,
        "section": item.heading,
        "hint": item.advice,
        "required": "1" if item.required else "",
    }
    for name in NUMBERS:
        value = getattr(item, name)
        typed[name] = "" if value is None or (name == "points" and not value) else plain(value)
    typed["choices"] = "\n".join(f"{PASSES if v in item.passing else ''}{label}" for v, label in item.choices)
    return typed


def read(sent: Any) -> list[Row]:
    """The rows as the page sent them, in the order in which they stood there."""
    ids = [one for one in dict.fromkeys(sent.getlist("row")) if one.isalnum() and len(one) < 40]
    return [Row(one, {name: sent.get(f"{one}-{name}", "").replace("\0", "") for name in TYPED}) for one in ids]


def arranged(rows: list[Row], what: str) -> list[Row]:
    """The rows after a button that only arranges them: add, up-…, down-…, remove-…"""
    verb, _dash, one = what.partition("-")
    if verb == "add":
        return [*rows, blank(rows[-1].typed["section"] if rows else "")]
    at = next((n for n, row in enumerate(rows) if row.id == one), None)
    if at is None:
        return rows
    moved = rows.pop(at)
    if verb != "remove":
        rows.insert(max(0, at + {"up": -1, "down": 1}.get(verb, 0)), moved)
    return rows


def blame(rows: list[Row], errors: Mapping[str, list[str]]) -> list[str]:
    """Put what the domain refused ("3-high": …) beside the boxes; answers what belongs to none."""
    rest = []
    for name, messages in errors.items():
        number, _dash, column = name.partition("-")
        if number.isdigit() and int(number) < len(rows):
            column = "choices" if column in ("options", "passing") else column
            rows[int(number)].wrong.setdefault(column, []).extend(messages)
        else:
            rest += messages
    return rest


def standing(rows: Iterable[Row]) -> str:
    """A mark of the items: whoever saves a page drawn before somebody else saved the draft shows another."""
    plain = [[row.typed.get(name, "").strip() for name in TYPED[1:]] for row in rows if row.typed["text"].strip()]
    return mark(plain)
