"""Who asks, and in which language."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import parse_qs, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation

from accounts.models import Token, digest

Handler = Callable[[HttpRequest], HttpResponse]


def TokenMiddleware(get_response: Handler) -> Handler:
    """`Authorization: Token …` signs the request in, before the scope opens."""

    def middleware(request: HttpRequest) -> HttpResponse:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "token":
            found = Token.objects.select_related("user").filter(digest=digest(key.strip()), revoked_at=None).first()
            if found is None or not found.user.is_active:
                return _problem(401, "Unauthorized", "The token is not valid.", {"WWW-Authenticate": "Token"})
            if found.user.must_change_password:
                return _problem(403, "Forbidden", "Please choose a new password on the website first.")
            request.user = found.user
            request.auth_token = found  # type: ignore[attr-defined]
            request._dont_enforce_csrf_checks = True  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> HttpResponse:
    facts = {"type": "about:blank", "title": title, "status": status, "detail": detail}
    return JsonResponse(facts, status=status, content_type="application/problem+json", headers=headers or {})


def AddressMiddleware(get_response: Handler) -> Handler:
    """Behind proxies of ours the visitor's address is the one that the outermost of them saw.

    Only as many entries as there are proxies are believed, counted from the right; what stands left of them anybody can
    write. Throttles, the sign-in log and the refusals then all speak of the same address.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        seen = request.headers.get("X-Forwarded-For", "").split(",") if settings.PROXY_COUNT else []
        if len(seen) >= max(1, settings.PROXY_COUNT) and (address := _address(seen[-settings.PROXY_COUNT])):
            request.META["REMOTE_ADDR"] = address
        return get_response(request)

    return middleware


def _address(text: str) -> str:
    try:
        return str(ip_address(text.strip()))
    except ValueError:
        return ""


def ReadableMiddleware(get_response: Handler) -> Handler:
    """The database knows no NUL: an address with one names nothing, wherever it would be looked for."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info:
            raise BadRequest("NUL in the address")
        return get_response(request)

    return middleware


def LanguageMiddleware(get_response: Handler) -> Handler:
    """The person's language; before sign-in the one of the cookie or the browser."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or ""
        if request.user.is_authenticated:
            language = request.user.language
        elif language not in dict(settings.LANGUAGES):
            language = _from_browser(request.headers.get("Accept-Language", ""))
        with translation.override(language):
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def PasswordMiddleware(get_response: Handler) -> Handler:
    """Who came in with a one-time code chooses a password before anything else."""

    def middleware(request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and user.must_change_password and not hasattr(request, "auth_token"):
            ways = [reverse(f"accounts:{name}") for name in ("password", "sign_out", "preferences")]
            if request.path not in ways:
                return redirect(ways[0])
        return get_response(request)

    return middleware


def ComeBackMiddleware(get_response: Handler) -> Handler:
    """Who has to sign in again while sending a form, or a part of a page, comes back to the page they were on."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseRedirect) or request.user.is_authenticated:
            return response
        door, asked = reverse(settings.LOGIN_URL), urlsplit(response.url)
        if asked.path != door or "next" not in parse_qs(asked.query) or not (request.htmx or request.method == "POST"):
            return response
        way = f"{door}?{urlencode({'next': _page_of(request)}, safe='/')}"
        return HttpResponse(headers={"HX-Redirect": way}) if request.htmx else redirect(way)

    return middleware


def _page_of(request: HttpRequest) -> str:
    """The page on which something was sent; where the browser does not say, what was asked for."""
    page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    if page.netloc == request.get_host() and page.path:
        return urlunsplit(("", "", page.path, page.query, ""))
    return request.get_full_path()


def _from_browser(header: str) -> str:
    first = header.split(",")[0].split(";")[0].strip().lower()
    if first.startswith("zh"):
        return "zh-hant" if any(part in first for part in ("hant", "tw", "hk", "mo")) else "zh-hans"
    return "en" if first.startswith("en") else settings.LANGUAGE_CODE
