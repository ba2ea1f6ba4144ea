"""What can be brought in: an importer is declared by the app whose records it makes.

    register(Importer(key="units", label=_("Units"), permission=UNIT_CHANGE, columns=(…), prepare=…, check=…, write=…))

`prepare(actor, hospital, options)` looks up once what every line is compared with and answers a context of the
importer's own; it raises ValidationError by option. `check(context, record)` yields (column key, what was expected) for
each bad cell; what is empty or could not be read is None in it. `write(context, records)` makes the records through the
domain and answers counts by their words. Nothing is written while a bad cell is left, unless lines may be left out
(`may_skip`) and the person says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise

from exchange.parsing import plain

Words = str | Promise
Bad = Iterable[tuple[str, Any]]


@dataclass(frozen=True)
class Column:
    """One fact of a line. `aliases`: other titles that mean the same, in any of the three languages."""

    key: str
    label: Words
    required: bool = False
    parse: Callable[[Any, dict[str, Any]], Any] = plain  # (value, options); raises parsing.Unfit
    help: Words = ""
    example: Any = ""
    aliases: tuple[str, ...] = ()


@dataclass
class Record:
    """One line: its number in the file and the values by column key; a value that is not there is None."""

    line: int
    values: dict[str, Any]

    def __getitem__(self, key: str) -> Any:
        return self.values.get(key)


@dataclass(frozen=True)
class Importer:
    """Everything the way in needs to know about one kind of record."""

    key: str  # part of the address
    label: Words
    permission: str
    columns: tuple[Column, ...]
    prepare: Callable[..., Any]
    check: Callable[[Any, Record], Bad]
    write: Callable[[Any, list[Record]], dict[str, int]]
    summary: Callable[[Any, list[Record]], list[tuple[str, str]]] | None = None
    options_form: str = ""  # dotted path; gets table and columns, see exchange.forms.OptionsForm
    may_skip: bool = False
    at_once: int = 2000  # lines that are tried and written while the person waits; a worker gets larger files
    icon: str = "upload"
    text: Words = ""
    list_url: str = ""  # where the records are found afterwards
    by_key: dict[str, Column] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_key", {column.key: column for column in self.columns})


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> Importer:
    if importer.key in _importers:
        raise ValueError(f"importer {importer.key!r} registered twice")
    _importers[importer.key] = importer
    return importer


def importers() -> dict[str, Importer]:
    return dict(_importers)
