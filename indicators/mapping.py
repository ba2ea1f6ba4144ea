"""Which column of a file of returns is which quantity, and what of the file must not be believed.

    {"header_row": 2, "delimiter": "$", "code": "Organisation Code", "name": "Organisation Name", "group": "Organisation Type",
     "damaged": [["first bad column", "last bad column"]],
     "quantities": {"cleaning_cost": {"column": "Cleaning service cost (£)", "name": "保洁费用", "unit": "£"}},
     "indicators": {"cleaning_per_m2": {"name": "…", "numerator": ["cleaning_cost"], "denominator": ["occupied_area"]}}}

`column` may list several titles, as the years called it. A column that is missing is named together with the titles that
come nearest; it is never guessed, and never taken by its position.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from exchange.parsing import is_blank
from indicators.states import DIRECTIONS, SIDES
from ui.excel import Row, Table

TEXTS = {"code", "name", "group", "delimiter"}
LARGEST = Decimal(10) ** 15
MOST_TITLES = 50  # the line in which the titles of a file may stand at the latest
KEY = re.compile(r"[A-Za-z0-9_-]{1,60}")  # it stands in the address of the indicator's page
FACTOR = Decimal(10) ** 8  # as large as a factor is kept
EXACT = Decimal("0.0001")
THOUSANDS = re.compile(r"[+-]?\d{1,3}([,，]\d{3})+(\.\d*)?")


@dataclass
class Line:
    """A hospital's line: its code, name, group and what it reported."""

    number: int
    code: str
    name: str
    group: str
    values: dict[str, Decimal] = field(default_factory=dict)


@dataclass
class Reading:
    """A file, read: sound lines, and each bad cell with its place, what was found and what was expected."""

    lines: list[Line] = field(default_factory=list)
    faults: list[dict[str, Any]] = field(default_factory=list)
    empty: dict[str, int] = field(default_factory=dict)  # quantity → how many hospitals left it empty


def check(mapping: Any) -> dict[str, Any]:
    """The mapping itself. Raises ValidationError for one that cannot be read, saying where."""
    if not isinstance(mapping, dict):
        raise ValidationError(_("The mapping must be a JSON file of names and values."))
    if (
        not isinstance(mapping.get("code"), str)
        or not isinstance(mapping.get("quantities"), dict)
        or not mapping["quantities"]
    ):
        raise ValidationError(_("The mapping needs “code” and “quantities”."))
    _check_head(mapping)
    for key, quantity in mapping["quantities"].items():
        if (
            not isinstance(quantity, dict)
            or not titles(quantity)
            or not key.replace("_", "").isalnum()
            or len(key) > 60
        ):
            raise ValidationError(_("The quantity “%(key)s” of the mapping needs a “column”.") % {"key": key})
    for key, indicator in mapping.get("indicators", {}).items():
        _check_indicator(key, indicator, set(mapping["quantities"]))
    return mapping


def _check_head(mapping: dict[str, Any]) -> None:
    """What holds for the file as a whole."""
    if "\\u0000" in json.dumps(mapping) or not isinstance(mapping.get("indicators", {}), dict):
        raise ValidationError(_("The mapping must be a JSON file of names and values."))
    for key in TEXTS & mapping.keys():
        if not isinstance(mapping[key], str):
            raise ValidationError(_("“%(key)s” of the mapping must be a text.") % {"key": key})
    if len(mapping.get("delimiter", "")) > 1 or mapping.get("delimiter") in ("\n", "\r", '"'):
        raise ValidationError(_("“delimiter” of the mapping must be one character."))
    if not isinstance(mapping.get("header_row", 1), int) or not 1 <= mapping.get("header_row", 1) <= MOST_TITLES:
        raise ValidationError(_("“header_row” of the mapping must be a number from 1 to 50."))
    pairs = mapping.get("damaged", [])
    if not isinstance(pairs, list) or not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(end, str) for end in pair) for pair in pairs
    ):
        raise ValidationError(_("“damaged” of the mapping lists pairs: the first and the last bad column."))


def _check_indicator(key: str, indicator: Any, known: set[str]) -> None:
    sums = [indicator.get(part) for part in ("numerator", "denominator")] if isinstance(indicator, dict) else [None]
    if not all(isinstance(keys, list) and keys and all(isinstance(k, str) for k in keys) for keys in sums):
        raise ValidationError(
            _("The indicator “%(key)s” of the mapping needs “numerator” and “denominator”.") % {"key": key}
        )
    if lost := sorted({k for keys in sums for k in keys} - known):
        raise ValidationError(
            _("The indicator “%(key)s” asks for %(lost)s, which the mapping does not have.")
            % {"key": key, "lost": ", ".join(lost)}
        )
    if not KEY.fullmatch(key):
        raise ValidationError(
            _("The indicator “%(key)s” of the mapping needs a key of at most 60 letters and digits.") % {"key": key}
        )
    if not _is_factor(indicator.get("factor", 1)) or indicator.get("good", "watch") not in list(DIRECTIONS):
        raise ValidationError(
            _("The indicator “%(key)s” of the mapping has no such factor or direction.") % {"key": key}
        )
    if indicator.get("side", "F") not in list(SIDES):
        raise ValidationError(_("The indicator “%(key)s” of the mapping has no such side.") % {"key": key})


def _is_factor(value: Any) -> bool:
    """Is it one that is kept as it is written? Not 0, below a hundred million, at most four digits behind the point."""
    try:
        factor = Decimal(str(value))
        return 0 < abs(factor) < FACTOR and factor == factor.quantize(EXACT)
    except InvalidOperation:
        return False


def titles(quantity: dict[str, Any]) -> list[str]:
    """What its column may be called."""
    named = quantity.get("column")
    found = [named] if isinstance(named, str) else named
    return [title for title in found if isinstance(title, str) and title] if isinstance(found, list) else []


def _damaged(header: list[str], mapping: dict[str, Any]) -> set[int]:
    bad: set[int] = set()
    for first, last in mapping.get("damaged", []):
        for title in (first, last):
            if title not in header:
                raise ValidationError(_missing(title, [title], header))
        if header.index(first) > header.index(last):
            raise ValidationError(
                _("The damaged block from “%(first)s” to “%(last)s” is not there: the columns were moved.")
                % {"first": first, "last": last}
            )
        bad |= set(range(header.index(first), header.index(last) + 1))
    return bad


def _missing(what: str, asked: list[str], header: list[str]) -> str:
    near = list(dict.fromkeys(title for name in asked for title in get_close_matches(name, header, 3, 0.6)))
    words = _("The file has no column “%(title)s” (%(key)s).") % {"title": "” / “".join(asked), "key": what}
    nearest = _("The nearest: %(titles)s") % {"titles": ", ".join(near)}
    return f"{words} {nearest}" if near else words


def columns(header: list[str], mapping: dict[str, Any]) -> dict[str, int]:
    """Where everything stands, by title. Raises ValidationError naming every column that is missing, double or damaged."""
    errors: list[str] = []
    bad = _damaged(header, mapping)
    where: dict[str, int] = {}
    wanted = {key: [mapping[key]] for key in ("code", "name", "group") if mapping.get(key)}
    wanted |= {f"quantities.{key}": titles(quantity) for key, quantity in mapping["quantities"].items()}
    for key, asked in wanted.items():
        found = [index for index, title in enumerate(header) if title in asked]
        if not found:
            errors.append(_missing(key, asked, header))
        elif len(found) > 1:
            errors.append(_("“%(title)s” stands in the file more than once.") % {"title": header[found[0]]})
        elif found[0] in bad:
            errors.append(
                _("“%(title)s” lies in the damaged part of the file and must not be used.")
                % {"title": header[found[0]]}
            )
        else:
            where[key] = found[0]
    if errors:
        raise ValidationError(errors)
    return where


def read(table: Table, mapping: dict[str, Any]) -> Reading:
    """Every line with what it reports. A bad cell is listed and its line left out; an empty one is simply not reported."""
    where = columns(table.header, mapping)
    reading = Reading(empty=dict.fromkeys(mapping["quantities"], 0))
    seen: dict[str, int] = {}
    for row in table.rows:
        faults = [_fault(table, row, index, expected) for index, expected in _wrong(row, where, seen)]
        line = Line(
            row.number, _text(row, where["code"]).upper(), _text(row, where.get("name")), _text(row, where.get("group"))
        )
        for key in mapping["quantities"]:
            index = where[f"quantities.{key}"]
            if is_blank(row.values[index]):
                reading.empty[key] += 1
                continue
            try:
                line.values[key] = number(row.values[index])
            except ValueError:
                faults.append(_fault(table, row, index, _("a number that is not negative, or nothing")))
        if faults:
            reading.faults += faults
        else:
            reading.lines.append(line)
    return reading


def _wrong(row: Row, where: dict[str, int], seen: dict[str, int]) -> Iterator[tuple[int, str]]:
    code = _text(row, where["code"]).upper()
    if row.ragged:
        yield len(row.values) - 1, _("as many cells as the line of titles has")
    if not (code.isascii() and code.isalnum() and len(code) <= 6):
        yield where["code"], _("a code of 1 to 6 letters and digits")
    elif code in seen:
        yield where["code"], _("another code; line %(line)s has this one already") % {"line": seen[code]}
    else:
        seen[code] = row.number


def _text(row: Row, index: int | None) -> str:
    return "" if index is None or is_blank(row.values[index]) else str(row.values[index]).strip()


def number(value: Any) -> Decimal:
    """What somebody wrote as a number; ValueError for what is none, negative or beyond measure.

    A comma parts thousands or nothing: 1,5 is one and a half to some and is asked for again.
    """
    text = str(value).strip()
    try:
        number = Decimal(text.replace(",", "").replace("，", "") if THOUSANDS.fullmatch(text) else text)
    except InvalidOperation:
        raise ValueError from None
    if not number.is_finite() or number < 0 or number >= LARGEST:
        raise ValueError
    return number.quantize(EXACT)


def _fault(table: Table, row: Row, index: int, expected: str) -> dict[str, Any]:
    title = table.header[index] if index < len(table.header) else ""
    found = "" if is_blank(row.values[index]) else str(row.values[index])[:80]
    return {"cell": table.cell(row, index), "line": row.number, "column": title, "found": found, "expected": expected}
