"""The wall: what a screen opens by the secret in its address. Nobody is signed in, nothing can be changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.safestring import SafeString
from django.views import View
from django.views.decorators.cache import never_cache

from reporting import screens, wall
from reporting.models import Screen
from reporting.screens import ASKS_A_MINUTE, WRONG_A_MINUTE
from tenancy.access import hospitals
from tenancy.scope import scope

STANDS = 20  # seconds that what a screen shows is kept for all screens that show the same
REVOKED, BUSY = 410, 429


@contextmanager
def inside(request: HttpRequest, ids: list[int]) -> Iterator[None]:
    """The scope of the screen's hospitals. Somebody signed in has one already, and it must be as wide."""
    if request.user.is_authenticated and not set(ids) <= {one["id"] for one in hospitals(request.user)}:
        raise Http404
    with scope(ids):
        yield


@method_decorator(never_cache, name="dispatch")
class WallView(View):
    """Opens by the secret only; asked too often it says so, revoked it says so."""

    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> Any:
        screen = screens.opened(token)
        if screen is None:
            address = request.META.get("REMOTE_ADDR", "")
            if screens.too_many(f"wrong:{address}", WRONG_A_MINUTE):
                return HttpResponse(status=BUSY, headers={"Retry-After": "60"})
            raise Http404
        if screens.too_many(f"screen:{screen.pk}", ASKS_A_MINUTE):
            return HttpResponse(status=BUSY, headers={"Retry-After": "60"})
        with translation.override(screen.language):
            if screen.revoked_at or (screen.hospital and not screen.hospital.is_open):
                return TemplateResponse(request, "reporting/wall_off.html", {}, status=REVOKED).render()
            self.screen, self.token = screen, token
            screens.seen(screen)
            return super().dispatch(request, *args, **kwargs)

    def pages(self, request: HttpRequest) -> SafeString:
        """The pages as HTML; screens that show the same hospitals in the same language share them for some seconds."""
        screen: Screen = self.screen
        key = f"wall:{screen.consortium_id}:{screen.hospital_id}:{screen.language}"
        ids = screens.of_screen(screen)
        with inside(request, ids):
            if (found := cache.get(key)) is None:
                found = render_to_string("reporting/partials/wall.html", {"wall": wall.built(screen, ids)})
                cache.set(key, found, STANDS)
        return SafeString(found)


class Wall(WallView):
    """The whole page; it fetches its figures anew by itself."""

    def get(self, request: HttpRequest) -> HttpResponse:
        facts = {"screen": self.screen, "token": self.token, "pages": self.pages(request)}
        return TemplateResponse(request, "reporting/wall.html", facts).render()


class Figures(WallView):
    """The figures alone."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return HttpResponse(self.pages(request))
