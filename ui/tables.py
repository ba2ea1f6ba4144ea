"""Lists, declared by their columns over `values()` rows. HTML is built in Python here, out of escaped texts (`ui/parts.py`)."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from ui import formats, parts
from ui.pages import also
from ui.parts import escaped

Row = Mapping[str, Any]
Words = str | Promise
SOME_ID = 7_310_955_264_018_637  # stands in no route


def address(name: str, key: Any) -> str:
    """A record's page. What stands around an id is asked of the routes once, not for every row of a list."""
    if not isinstance(key, int):
        return reverse(name, args=[key])
    before, after = _around(name, settings.ROOT_URLCONF)
    return f"{before}{key}{after}"


@lru_cache(maxsize=256)
def _around(name: str, routes: str) -> tuple[str, str]:
    before, _id, after = reverse(name, args=[SOME_ID]).partition(str(SOME_ID))
    return before, after


class Column:
    """One fact of a row: which `values()` keys it needs, how it is shown, how it goes into a workbook.

    `sort` names the database column a click on the head sorts by; only declared ones sort. `extra` ones stand in the
    list only for who chooses them.
    """

    css = ""
    repeats = False  # its cells say the same again and again, and are drawn once for each value

    def __init__(self, key: str, label: Words, *, sort: str = "", only_all: bool = False, extra: bool = False):
        self.key, self.label, self.sort, self.only_all, self.extra = key, label, sort, only_all, extra

    @property
    def needed(self) -> tuple[str, ...]:
        return (self.key,)

    def value(self, row: Row) -> Any:
        return row[self.key]

    def show(self, row: Row) -> Any:
        """The inside of the cell; plain text is escaped by the caller."""
        return self.value(row)

    def shower(self) -> Callable[[Row], Any]:
        """`show` for all rows of one list."""
        return self.show

    def fact(self, row: Row) -> Any:
        """The same on the record's own page."""
        return self.show(row)

    def export(self, row: Row) -> Any:
        return self.value(row)

    def frame(self, blank: bool = False) -> SafeString:
        """How its cells begin; the same in all rows of a list."""
        return _frame(self, get_language(), blank)

    def cell(self, row: Row) -> SafeString:
        return SafeString(self.drawer()(row))

    def drawer(self) -> Callable[[Row], str]:
        """What draws its cells in one list."""
        show, filled, blank = self.shower(), self.frame(), f"{self.frame(blank=True)}{parts.EMPTY}</td>"

        def draw(row: Row) -> str:
            shown = show(row)
            return blank if shown is None or shown == "" or shown is parts.EMPTY else f"{filled}{escaped(shown)}</td>"

        if not self.repeats:
            return draw
        needed, drawn = itemgetter(*self.needed), {}  # type: Callable[[Row], Any], dict[Any, str]

        def again(row: Row) -> str:
            if (found := drawn.get(value := needed(row))) is None:
                found = drawn[value] = draw(row)
            return found

        return again


@lru_cache(maxsize=4096)
def _frame(column: Column, language: str | None, blank: bool) -> SafeString:
    """In the reader's language; put together once, since every list has ten of them."""
    css = " ".join(filter(None, [column.css, "blank" if blank else ""]))
    attribute = format_html(' class="{}"', css) if css else ""
    return format_html('<td data-label="{}"{}>', column.label, attribute)


class Text(Column):
    """Words as they are; `second` adds a smaller line below."""

    def __init__(self, key: str, label: Words, *, second: str = "", **options: Any):
        super().__init__(key, label, **options)
        self.second = second

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.key, self.second)))

    def show(self, row: Row) -> Any:
        if self.second and row[self.second]:
            return SafeString(f'{escaped(self.value(row))}<span class="second">{escaped(row[self.second])}</span>')
        return self.value(row)


class Title(Text):
    """The row's main link: what it is called. `url` is a URL name taking the key `url_key`."""

    css = "title-cell"

    def __init__(self, key: str, label: Words, *, url: str, url_key: str = "pk", **options: Any):
        super().__init__(key, label, **options)
        self.url, self.url_key = url, url_key

    @property
    def needed(self) -> tuple[str, ...]:
        return (*super().needed, self.url_key)

    def show(self, row: Row) -> SafeString:
        url, name = address(self.url, row[self.url_key]), self.value(row) or formats.MISSING
        return self.beside(row, SafeString(f'<a class="title" href="{escaped(url)}">{escaped(name)}</a>'))

    def fact(self, row: Row) -> Any:
        """A record does not lead to itself."""
        return self.beside(row, self.value(row) or formats.MISSING)

    def beside(self, row: Row, name: Any) -> Any:
        if self.second and row[self.second]:
            return SafeString(f'<span>{escaped(name)}<span class="second">{escaped(row[self.second])}</span></span>')
        return name


class Badge(Column):
    """A declared state: colour, drawing, word."""

    repeats = True

    def __init__(self, key: str, label: Words, *, states: Mapping[Any, Any], **options: Any):
        super().__init__(key, label, **options)
        self.states = states

    def show(self, row: Row) -> Any:
        state = self.states.get(row[self.key])
        return parts.badge(state.label, state.tone, state.icon) if state else row[self.key]

    def export(self, row: Row) -> str:
        state = self.states.get(row[self.key])
        return str(state.label if state else row[self.key] or "")


class Choice(Column):
    """A value of a short list by its words."""

    repeats = True

    def __init__(self, key: str, label: Words, *, choices: Iterable[tuple[Any, Any]], **options: Any):
        super().__init__(key, label, **options)
        self.words = dict(choices)

    def show(self, row: Row) -> Any:
        return self.words.get(row[self.key], row[self.key])

    def export(self, row: Row) -> str:
        return str(self.show(row) or "")


class PlacePath(Column):
    """Where: the whole way in grey, the place itself plain. `key` is the look-up of the place's full name."""

    repeats = True

    def show(self, row: Row) -> Any:
        return parts.place_path(row[self.key]) if row[self.key] else None


class Person(Column):
    """Somebody's name; nobody yet is a dash."""

    css = "nowrap"


class DateTime(Column):
    """今天 14:05."""

    css = "nowrap"

    def show(self, row: Row, clock: formats.Clock | None = None) -> SafeString:
        return parts.moment(row[self.key], clock)

    def shower(self) -> Callable[[Row], Any]:
        return partial(self.show, clock=formats.Clock())


class Date(DateTime):
    """11-21."""


class Due(Column):
    """A time limit as it stands: red overdue, amber soon. Keys: `done` when it was done, `grace` how long it is in time."""

    css = "nowrap"

    def __init__(self, key: str, label: Words, *, done: str = "", grace: str = "", **options: Any):
        super().__init__(key, label, **options)
        self.done, self.grace = done, grace

    @property
    def needed(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.key, self.done, self.grace)))

    def show(self, row: Row, clock: formats.Clock | None = None) -> SafeString:
        late_from = row[self.grace] if self.grace else None
        return parts.due(row[self.key], row[self.done] if self.done else None, clock, late_from)

    def shower(self) -> Callable[[Row], Any]:
        return partial(self.show, clock=formats.Clock())


class Number(Column):
    """A count or a measured value, with its unit."""

    css = "end"

    def __init__(self, key: str, label: Words, *, unit: Words = "", digits: int | None = None, **options: Any):
        super().__init__(key, label, **options)
        self.unit, self.digits = unit, digits

    def show(self, row: Row) -> Any:
        value = row[self.key]
        if value is None:
            return None
        return f"{formats.number(value, self.digits)}{formats.THIN + str(self.unit) if self.unit else ''}"


class Money(Column):
    css = "end"

    def show(self, row: Row) -> Any:
        return None if row[self.key] is None else formats.money(row[self.key])


class Duration(Column):
    """A length of time; `key` holds seconds or a timedelta."""

    css = "end"

    def show(self, row: Row) -> Any:
        return None if row[self.key] is None else formats.duration(row[self.key])

    def export(self, row: Row) -> Any:
        value = row[self.key]
        return value if value is None or isinstance(value, timedelta) else timedelta(seconds=value)


class YesNo(Column):
    """A tick, or nothing."""

    repeats = True

    def show(self, row: Row) -> Any:
        return parts.icon("check") if row[self.key] else None

    def export(self, row: Row) -> Any:
        return "✓" if row[self.key] else ""


class Made(Column):
    """A fact worked out from several keys: `make(row)` gives plain words (escaped) or safe HTML of `format_html`; a
    `whole` one, such as a name, stays on one line."""

    def __init__(
        self,
        needs: tuple[str, ...],
        label: Words,
        *,
        make: Callable[[Row], Any],
        whole: bool = False,
        repeats: bool = False,
        **options: Any,
    ):
        super().__init__(needs[0], label, **options)
        self._needs, self.make, self.repeats = needs, make, repeats
        self.css = "nowrap" if whole else ""

    @property
    def needed(self) -> tuple[str, ...]:
        return self._needs

    def show(self, row: Row) -> Any:
        return self.make(row)

    def export(self, row: Row) -> str:
        return str(self.make(row) or "")


class Table:
    """A list: its columns in reading order, and how it is sorted unless the person asks otherwise."""

    columns: tuple[Column, ...] = ()
    order = "-pk"

    def __init__(
        self,
        rows: list[Row] | None = None,
        *,
        sort: str = "",
        all_hospitals: bool = False,
        columns: Sequence[str] = (),
    ):
        self.rows, self.sort = rows or [], sort or self.order
        self.shown = self.pick(columns, all_hospitals)

    @classmethod
    def pick(cls, chosen: Sequence[str] = (), all_hospitals: bool = True) -> list[Column]:
        """The chosen columns in their order, else those that stand open; what a row is called is never left out."""
        by_key = {column.key: column for column in cls.columns}
        found = [by_key[key] for key in chosen if key in by_key] or [c for c in cls.columns if not c.extra]
        named = [c for c in cls.columns if isinstance(c, Title) and c not in found]
        return [c for c in (*named, *found) if all_hospitals or not c.only_all]

    @classmethod
    def fields(cls, chosen: Sequence[str] = ()) -> set[str]:
        """Every `values()` key the list needs."""
        return {"pk"} | {key for column in cls.pick(chosen) for key in column.needed}

    @classmethod
    def sorts(cls) -> list[str]:
        """What the list can be sorted by."""
        return [column.sort for column in cls.columns if column.sort]

    @classmethod
    def ordering(cls, asked: str = "") -> tuple[str, ...]:
        """The asked order if it is declared, else the default; always ended by the key, in the same direction."""
        declared = {column.sort for column in cls.columns if column.sort}
        chosen = asked if asked.lstrip("-") in declared and asked.count("-") <= 1 else cls.order
        if chosen.lstrip("-") == "pk":
            return (chosen,)
        return (chosen, "-pk" if chosen.startswith("-") else "pk")

    def heads(self, query: QueryDict, offered: Container[str] | None = None) -> list[dict[str, Any]]:
        """The head cells: words, the link that sorts (where it is `offered` now), and which way it is sorted."""
        heads = []
        for column in self.shown:
            head: dict[str, Any] = {"label": column.label, "css": "end" if column.css == "end" else "", "url": ""}
            if column.sort and (offered is None or column.sort in offered):
                now = self.sort.lstrip("-") == column.sort
                falling = now and self.sort.startswith("-")
                head |= {
                    "url": also(query, "sort", column.sort if falling or not now else f"-{column.sort}"),
                    "way": ("descending" if falling else "ascending") if now else "",
                }
            heads.append(head)
        return heads

    @property
    def body(self) -> SafeString:
        """All rows as HTML."""
        cells = [column.drawer() for column in self.shown]
        return SafeString("\n".join([f"<tr>{''.join([draw(row) for draw in cells])}</tr>" for row in self.rows]))

    def facts(self, row: Row) -> list[tuple[Words, Any]]:
        """The same columns as label and value, for a record's page."""
        return [(column.label, column.fact(row)) for column in self.pick()]

    def sheet(self) -> tuple[list[str], list[list[Any]]]:
        """Heads and typed values: what a workbook is made of."""
        heads = [str(column.label) for column in self.shown]
        return heads, [[column.export(row) for column in self.shown] for row in self.rows]
