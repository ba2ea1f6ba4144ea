"""Every request says from where it comes, for what it writes down."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from flow.origin import API, PAGE, coming


def OriginMiddleware(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Stands behind those that find out the address and the token."""

    def middleware(request: HttpRequest) -> HttpResponse:
        by_api = hasattr(request, "auth_token") or request.path_info.startswith("/api/")
        with coming(API if by_api else PAGE, request.META.get("REMOTE_ADDR")):
            return get_response(request)

    return middleware
