"""A hospital's form as a workbook: downloaded, filled in with Excel, handed in again. Bad cells are named, none is guessed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from exchange.parsing import is_blank
from indicators.mapping import number
from indicators.models import ReturnDue
from indicators.plausibility import Asked
from ui.excel import Row, Table, TableError, read_table, workbook

NEEDED = ("key", "value", "note")


def heads() -> dict[str, str]:
    """The titles of the template in the reader's language."""
    return {
        "key": pgettext("of a quantity", "Key"),
        "name": pgettext("what hospitals report", "Quantity"), "unit": _("Unit of measurement"),
        "before": _("Period before"),
        "year_ago": _("A year ago"), "value": _("Value"), "note": _("In a word: why is it so different?"), "help": _("Help"),
    }  # fmt: skip


def sheet_of(due: ReturnDue) -> str:
    """The name of the sheet says whose and of when it is, so that no other one is taken in by mistake."""
    return f"{due.hospital.code} {due.first:%Y%m%d}-{due.last:%Y%m%d}"


def template(due: ReturnDue, asked: Asked) -> bytes:
    """The form with what is known so far."""
    typed = due.draft.get("typed", {})
    rows = [
        [
            key, quantity.label, quantity.measured_in, asked.before.get(key), asked.year_ago.get(key),
            _value(typed, key, asked.now.get(key), key in due.unknown), typed.get(f"note.{key}", due.notes.get(key, "")),
            asked.help[key],
        ]
        for key, quantity in asked.quantities.items()
    ]  # fmt: skip
    made: bytes = workbook(sheet_of(due), heads().values(), rows)
    return made


def _value(typed: dict[str, str], key: str, kept: Any, unknown: bool) -> Any:
    if typed.get(f"unknown.{key}") or (unknown and not typed):
        return _("Not known")
    text = typed.get(f"value.{key}")
    try:
        return number(text) if text else kept
    except ValueError:
        return kept


@dataclass
class Read:
    """What a filled-in template says: texts by field of the form, and each bad cell with what was expected there."""

    typed: dict[str, str] = field(default_factory=dict)
    faults: list[dict[str, str]] = field(default_factory=list)


def read(due: ReturnDue, asked: Asked, content: bytes, name: str) -> Read:
    """Read a template that was filled in. Raises ValidationError for what is no table, or not this one."""
    try:
        table: Table = read_table(io.BytesIO(content), name)  # type: ignore[no-untyped-call]
    except TableError as error:
        raise ValidationError({"file": str(error)}) from error
    if table.sheet and table.sheet != sheet_of(due):
        words = _("This is the sheet “%(found)s”; the form of this hospital and period is called “%(sheet)s”.")
        raise ValidationError({"file": words % {"found": table.sheet, "sheet": sheet_of(due)}})
    where, found = _columns(table), Read()
    seen: set[str] = set()
    for row in table.rows:
        found.faults += [
            _fault(table, row, index, expected) for index, expected in _line(row, where, asked, seen, found)
        ]
    for key in asked.quantities:
        if key not in seen:
            expected = _("a line for %(name)s") % {"name": asked.quantities[key].name}
            found.faults.append(
                {"cell": table.sheet or "—", "column": heads()["key"], "found": "", "expected": expected}
            )
    return found


def _columns(table: Table) -> dict[str, int]:
    """Where key, value and note stand, by their titles in any language of ours; what is missing or double is named."""
    titles: dict[str, set[str]] = {key: set() for key in NEEDED}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            for key in NEEDED:
                titles[key].add(heads()[key])
    where, errors = {}, []
    for key, known in titles.items():
        found = [index for index, title in enumerate(table.header) if title in known]
        if len(found) == 1:
            where[key] = found[0]
        elif found:
            errors.append(_("“%(title)s” stands in the file more than once.") % {"title": table.header[found[0]]})
        else:
            words = _("The file has no column “%(title)s”. Please use the template of this page.")
            errors.append(words % {"title": heads()[key]})
    if errors:
        raise ValidationError({"file": errors})
    return where


def _line(
    row: Row, where: dict[str, int], asked: Asked, seen: set[str], found: Read
) -> Iterator[tuple[int, str]]:  # fmt: skip
    """Take one line in; answers its bad cells and what was expected there."""
    key, value, note = (row.values[where[part]] for part in NEEDED)
    key = "" if is_blank(key) else str(key).strip()
    if row.ragged:
        yield len(row.values) - 1, _("as many cells as the line of titles has")
    if key not in asked.quantities:
        yield where["key"], _("one of the keys of the template")
        return
    if key in seen:
        yield where["key"], _("another key; this one stands above already")
        return
    seen.add(key)
    if not is_blank(note):
        found.typed[f"note.{key}"] = str(note).strip()[:200]
    if is_blank(value):
        return
    if str(value).strip().lower() in _unknown():
        found.typed[f"unknown.{key}"] = "on"
        return
    try:
        found.typed[f"value.{key}"] = f"{number(value).normalize():f}"
    except ValueError:
        yield where["value"], _("a number that is not negative, “not known”, or nothing")


def _unknown() -> set[str]:
    words = set()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            words.add(_("Not known").lower())
    return words


def _fault(table: Table, row: Row, index: int, expected: str) -> dict[str, str]:
    title = table.header[index] if index < len(table.header) else ""
    shown = "" if is_blank(row.values[index]) else str(row.values[index])[:80]
    return {"cell": table.cell(row, index), "column": title, "found": shown, "expected": expected}  # type: ignore[no-untyped-call]
