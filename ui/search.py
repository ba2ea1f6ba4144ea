"""One box for everything: an order's number, a telephone, a name, a room, the code on an asset.

The desk has a caller on the line and knows one of these, not which list it belongs to. Every list that declares how it is
`Found` answers with its first lines, each kind in one statement and only to those who may see the list.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.views import View

from tenancy.access import can
from tenancy.search import matching, narrowing, words_of
from ui import listing
from ui.pages import SignedIn
from ui.parts import EMPTY
from ui.tables import Title

if TYPE_CHECKING:
    from ui.crud import Crud

SHOWN = 8  # lines of each kind


@dataclass(frozen=True)
class Found:
    """How the rows of a list stand among what was found. The table of the list needs a search function."""

    place: int  # which kind comes first
    code: str  # the column that names one row; who types all of it sees that row first
    beside: tuple[str, ...]  # the columns of the list that tell rows apart, after the name
    straight: bool = False  # the code leads straight to the record
    gone: str = ""  # the day from which a row is out of use: those come last
    order: str = "-pk"
    narrows: bool = (
        False  # its search function takes the grants' narrowing along: the newest of what the person may see
    )


class Group:
    """What one list has for the words."""

    def __init__(self, crud: Crud, found: Found, user: Any, hospital: dict[str, Any] | None, words: list[str]):
        self.crud, self.found, self.user, self.hospital, self.words = crud, found, user, hospital, words
        named = next(column for column in crud.table.columns if isinstance(column, Title))
        chosen = [column for column in crud.table.pick(found.beside, not hospital) if column.key in found.beside]
        where = [column for column in crud.table.columns if column.only_all and not hospital]
        self.named, self.columns = named, [*chosen, *where]

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One more than is shown, to know whether there are more."""
        found, inside = self.found, [self.hospital["id"]] if self.hospital else None
        rows = self.crud.rows(self.user)
        narrowed = narrowing(self.user, self.crud.view) if found.narrows else None
        rows = rows.filter(matching(rows.model, self.words, inside, narrowed))
        whole = When(**{f"{found.code}__iexact": " ".join(self.words)}, then=0)
        rows = rows.annotate(rank_=Case(whole, default=1))
        gone = [F(found.gone).asc(nulls_first=True)] if found.gone else []
        keys = {"pk", "rank_", *self.named.needed, *(key for column in self.columns for key in column.needed)}
        if self.hospital:
            rows = rows.filter(hospital_id=self.hospital["id"])
        return list(rows.order_by("rank_", *gone, found.order, "pk").values(*sorted(keys))[: SHOWN + 1])

    @property
    def lines(self) -> list[tuple[Any, list[tuple[Any, Any, bool]]]]:
        """The name with its link, and the facts beside it: what each is called, what it is, and must its name be seen?"""
        return [(self.named.show(row), self._beside(row)) for row in self.rows[:SHOWN]]

    def _beside(self, row: dict[str, Any]) -> list[tuple[Any, Any, bool]]:
        shown = [(column.label, column.show(row), column.key == self.found.gone) for column in self.columns]
        return [fact for fact in shown if fact[1] and fact[1] is not EMPTY]

    @property
    def more(self) -> bool:
        return len(self.rows) > SHOWN

    @property
    def all_url(self) -> str:
        return f"{self.crud.reverse('_list')}?{urlencode({'search': ' '.join(self.words)})}"

    @property
    def whole(self) -> list[str]:
        """The records whose code was typed in full."""
        return [self.crud.reverse(pk=row["pk"]) for row in self.rows if not row["rank_"]]


def kinds(user: Any) -> list[tuple[Crud, Found]]:
    """The lists that are searched for this person; costs no statement."""
    found = [(crud, crud.found) for crud in listing.lists() if crud.found and can(user, crud.view)]
    return sorted(found, key=lambda one: one[1].place)


def straight(groups: list[Group]) -> str:
    """The record that was meant: the only one of all kinds whose code was typed, if it is of a kind that opens at once."""
    meant = [(group.found.straight, url) for group in groups for url in group.whole]
    return meant[0][1] if len(meant) == 1 and meant[0][0] else ""


class Search(SignedIn, View):
    """The page behind the box; while somebody types there, its results alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        typed = request.GET.get("q", "").strip()
        words, hospital = words_of(typed), getattr(request, "hospital", None)
        offered = kinds(request.user)
        groups = [Group(crud, found, request.user, hospital, words) for crud, found in offered] if words else []
        live = bool(request.htmx) and not request.htmx.history_restore_request
        if not live and (url := straight(groups)):
            return redirect(url)
        facts = {
            "typed": typed,
            "kinds": [crud for crud, _found in offered],
            "groups": [group for group in groups if group.rows],
            "words": words,
            "here": reverse("search"),
        }
        return TemplateResponse(request, "ui/search.html#found" if live else "ui/search.html", facts)
