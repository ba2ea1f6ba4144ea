"""A list as somebody asks for it: the same rows, in the same order, with the same columns, on the page and in a workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.response import TemplateResponse
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from django.views import View

from tenancy.access import can
from ui import excel, paging
from ui.pages import ASIDE, SignedIn, links

if TYPE_CHECKING:
    from ui.crud import Crud

AT_ONCE = paging.CAP - 1  # rows of a workbook that are written while the person waits
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MORE = "more-filters"  # where the page shows the filters that are fetched when somebody opens them
_lists: dict[str, Crud] = {}


def register(crud: Crud) -> None:
    _lists[crud.name] = crud


def lists() -> list[Crud]:
    """Every list of the site."""
    return list(_lists.values())


def list_of(name: str) -> Crud | None:
    """The list of this name ("workorders:order"); a worker has not read the pages yet."""
    if name not in _lists:
        autodiscover_modules("crud")
    return _lists.get(name)


@dataclass(frozen=True)
class Asker:
    """Who asks for a list where there is no request: what filters and rows want to know of one."""

    user: Any
    hospital: dict[str, Any] | None = None


@dataclass
class Arranged:
    """How a person keeps a list: what is asked of it, which columns, and what stands above it."""

    query: QueryDict
    columns: Sequence[str] = ()
    bar: dict[str, Any] = field(default_factory=dict)  # saved views and what may be done with them
    view: Any = None  # the saved view that is open


def _plain(request: HttpRequest, crud: Crud) -> Arranged:
    return Arranged(request.GET)


_arrange: Callable[[HttpRequest, Crud], Arranged] = _plain
_later: Callable[[HttpRequest, Listing], HttpResponse] | None = None


def plug_in(arrange: Callable[[HttpRequest, Crud], Arranged], later: Callable[..., HttpResponse]) -> None:
    """Saved views, and what becomes of a workbook that is too large to wait for, come from the room above."""
    global _arrange, _later
    _arrange, _later = arrange, later


class Listing:
    """The rows somebody asks a list for. `asker` has a user and the hospital of the switch."""

    def __init__(self, crud: Crud, asker: Any, query: QueryDict, columns: Sequence[str] = ()):
        self.crud, self.query, self.columns = crud, query, columns
        # an address that names its hospital is not narrowed by the switch
        named = bool(query.get("hospital") or query.get("figure"))
        self.hospital = getattr(asker, "hospital", None) if crud.by_hospital and not named else None
        rows = crud.rows(asker.user).filter(**{"hospital_id": self.hospital["id"]} if self.hospital else {})
        self.filterset = crud.filterset(query, rows, request=asker) if crud.filterset else None
        if self.filterset:
            self.filterset.hospital_id = self.hospital["id"] if self.hospital else None
        self.rows = self.filterset.qs if self.filterset else rows

    @cached_property
    def exact(self) -> bool:
        return "figure" in self.query

    @cached_property
    def count(self) -> int:
        return paging.count(self.rows, self.exact)

    @cached_property
    def sorts(self) -> frozenset[str]:
        """What it can be sorted by now: what an index holds in order, and anything while there are few rows."""
        few = self.count < paging.CAP
        return frozenset(name for name in self.crud.table.sorts() if few or self.quick(name))

    @property
    def asked_sort(self) -> str:
        return self.query.get("sort", "")

    @cached_property
    def ordering(self) -> tuple[str, ...]:
        sort, table = self.asked_sort, self.crud.table
        name = sort.lstrip("-")
        if name not in table.sorts() or self.quick(name) or name in self.sorts:  # counted only where it decides
            return table.ordering(sort)
        return table.ordering("")

    def quick(self, name: str) -> bool:
        return paging.quick(self.rows.model, name, bool(self.hospital))

    @property
    def fields(self) -> set[str]:
        return self.crud.table.fields(self.columns)

    def page(self, cursor: str, per_page: int) -> paging.Page:
        page = paging.paginate(self.rows, self.ordering, cursor, self.fields, per_page)
        if not page.next and not page.previous:
            self.count = len(page.rows)  # all of them: nothing is left to count
        return page

    def table(self, rows: list[dict[str, Any]]) -> Any:
        return self.crud.table(rows, sort=self.ordering[0], all_hospitals=not self.hospital, columns=self.columns)

    def left_out(self, kept: bool = False) -> list[str]:
        """What was asked and could not be done: a place that was closed, a sorting that would take too long. `kept`:
        a saved view, of which filters may have gone altogether."""
        form = self.filterset.form if self.filterset else None
        lost = [str(form.fields[name].label or name) for name in form.errors if name in form.fields] if form else []
        if kept:
            known = (
                {key for keys in self.crud.filterset.keys().values() for key in keys} if self.crud.filterset else set()
            )
            lost += [key for key in self.query if key not in ASIDE | known and self.query.get(key)]
        if self.asked_sort and self.asked_sort.lstrip("-") not in self.crud.table.sorts() and kept:
            lost.append(_("the sorting"))
        return lost

    @property
    def sorts_closed(self) -> bool:
        """Is there anything it could be sorted by if it had fewer rows?"""
        return any(name not in self.sorts for name in self.crud.table.sorts())

    @property
    def too_many_to_sort(self) -> bool:
        name = self.asked_sort.lstrip("-")
        return name in self.crud.table.sorts() and name not in self.sorts


class List(SignedIn, View):
    """Search, filters, sort, pages; the same rows as a workbook with ?export=xlsx."""

    crud: Crud = None  # type: ignore[assignment]

    def get(self, request: HttpRequest) -> HttpResponse:
        crud = self.crud
        if not can(request.user, crud.view):
            raise PermissionDenied(crud.view)
        arranged = _arrange(request, crud)
        query, listing = arranged.query, Listing(crud, request, arranged.query, arranged.columns)
        if query.get("export") == "xlsx":
            return workbook(listing) or _later(request, listing)  # type: ignore[misc]
        if request.htmx and request.htmx.target == MORE:
            return TemplateResponse(request, "ui/partials/more_filters.html", {"filterset": listing.filterset})
        page = listing.page(query.get("cursor", ""), crud.per_page)
        total, table = paging.words(listing.count, listing.exact), listing.table(page.rows)
        facts = {
            "table": table,
            "heads": table.heads(query, listing.sorts),
            "page": page,
            "total": total,
            "listing": listing,
            "asked": query,
            "left_out": listing.left_out(bool(arranged.view)),
            "bar": arranged.bar,
        }
        add = bool(crud.create) and can(request.user, crud.add)
        around = links(query, page, crud.tabs, bool(arranged.view))
        return crud.render(request, "list", "table", filterset=listing.filterset, add=add, links=around, **facts)


def workbook(listing: Listing) -> HttpResponse | None:
    """The list as a file, if it is one that can be waited for."""
    found = list(listing.rows.order_by(*listing.ordering).values(*sorted(listing.fields))[: AT_ONCE + 1])
    if len(found) > AT_ONCE:
        return None
    heads, lines = listing.table(found).sheet()
    book = excel.workbook(str(listing.crud.title), heads, lines)
    name = listing.crud.name.split(":")[1]
    return HttpResponse(book, EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})
