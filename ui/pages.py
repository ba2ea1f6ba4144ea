"""What every view of ours shares: who is signed in, where to go next, and that a double tap acts once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.encoding import iri_to_uri
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from ui.paging import Page

WORKING = "…"
ASIDE = frozenset({"sort", "cursor", "export", "view", "filters"})  # what a list's address may hold beside filters


class SignedIn(LoginRequiredMixin):
    """Sends to the sign-in page who is not signed in (any more)."""


LARGEST = 2**63 - 1  # the largest key the database holds


def whole(text: Any) -> int | None:
    """The whole number an address asks for; None for anything else somebody typed there."""
    text = str(text or "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0
    return number if 0 < number <= LARGEST else None


def next_url(request: HttpRequest, default: str) -> str:
    """Where the person came from, if it is a page of ours."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    here = url_has_allowed_host_and_scheme(asked, {request.get_host()}, request.is_secure())
    return asked if here and asked.startswith("/") else default


def go(request: HttpRequest, url: str) -> HttpResponse:
    """On to another page, whether the form was sent by the browser or by script."""
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": iri_to_uri(url)})
    return HttpResponseRedirect(url, status=303)


class Once:
    """A form sent twice with the same key acts once; the second sender gets the first one's page."""

    def __init__(self, request: HttpRequest):
        key = request.POST.get("form_key", "")[:64]
        self.name = f"once:{request.user.pk}:{request.path}:{key}" if key else ""

    def earlier(self, default: str) -> str | None:
        """None for the first; else where the first one led (or `default` while it is still at work)."""
        if not self.name or cache.add(self.name, WORKING, timeout=30):
            return None
        found: Any = cache.get(self.name, WORKING)
        return default if found == WORKING else found

    def done(self, url: str) -> None:
        if self.name:
            transaction.on_commit(lambda: cache.set(self.name, url, timeout=3600))

    def failed(self) -> None:
        if self.name:
            cache.delete(self.name)


def also(asked: QueryDict, key: str, value: str) -> str:
    """The same list from its beginning, asked for one thing more or another way."""
    query = {name: values for name, values in asked.lists() if name != "cursor"} | {key: [value]}
    return f"?{urlencode(query, doseq=True)}"


def links(asked: QueryDict, page: Page, tabs: tuple[tuple[Any, str], ...] = (), saved: bool = False) -> dict[str, Any]:
    """The addresses around a list that keep its filters: neighbouring pages, the workbook, the page with every filter
    drawn, the list's own views (none of which is open while a `saved` one is)."""

    plain = {key: value for key, value in asked.items() if value and key not in ASIDE}
    return {
        "next": also(asked, "cursor", page.next) if page.next else "",
        "previous": also(asked, "cursor", page.previous) if page.previous else "",
        "export": also(asked, "export", "xlsx"),
        "filters": also(asked, "filters", "all"),
        "tabs": [
            (words, f"?{query or 'view='}", not saved and plain == QueryDict(query).dict()) for words, query in tabs
        ],
    }
