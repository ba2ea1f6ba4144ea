"""One request, one transaction, one scope. An error commits nothing, except the note that somebody was refused."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tenancy import after
from tenancy.models import Refusal
from tenancy.scope import scope_of

REFUSALS = {403, 404, 409}


def ScopeMiddleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    def middleware(request: HttpRequest) -> HttpResponse:
        after.begin()
        try:
            if not request.user.is_authenticated:
                return get_response(request)
            with scope_of(request.user) as facts:
                request.hospital = _chosen(request, facts["hospitals"])  # type: ignore[attr-defined]
                response = get_response(request)
                if response.status_code >= 400:
                    transaction.set_rollback(True)
            if response.status_code in REFUSALS:
                after.record(lambda: note_refusal(request, response))
            return response
        finally:
            after.finish()

    return middleware


def _chosen(request: HttpRequest, hospitals: list[dict[str, object]]) -> dict[str, object] | None:
    """The hospital of the switch: the default of forms, lists and dashboards. None: all of them."""
    chosen = request.session.get("hospital") if hasattr(request, "session") else None
    found = next((h for h in hospitals if h["id"] == chosen), None)
    return found or (hospitals[0] if len(hospitals) == 1 else None)


def note_refusal(request: HttpRequest, response: HttpResponse) -> None:
    Refusal.objects.create(
        user=request.user if request.user.is_authenticated else None,
        path=request.path[:300],
        method=(request.method or "")[:8],
        status=response.status_code,
        reason=getattr(response, "reason_phrase", "")[:200],
        address=request.META.get("REMOTE_ADDR") or None,
    )
