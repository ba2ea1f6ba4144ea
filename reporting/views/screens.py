"""Wall screens: which there are, a new one with its address told once, switching one off."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from reporting import screens
from reporting.forms import ScreenForm
from reporting.permissions import SCREEN_CHANGE, SCREEN_VIEW
from tenancy.access import can
from ui.pages import SignedIn, go


class Screens(SignedIn, View):
    """The list, with the form for a new one beside it."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, SCREEN_VIEW):
            raise PermissionDenied(SCREEN_VIEW)
        return super().dispatch(request, *args, **kwargs)

    def show(self, form: ScreenForm | None, status: int = 200, **more: Any) -> HttpResponse:
        user = self.request.user
        rows = [(screen, can(user, SCREEN_CHANGE, screen)) for screen in screens.listed(user)]
        facts = {"rows": rows, "form": form, **more}
        return TemplateResponse(self.request, "reporting/screens.html", facts, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ScreenForm(actor=request.user) if can(request.user, SCREEN_CHANGE) else None)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, SCREEN_CHANGE):
            raise PermissionDenied(SCREEN_CHANGE)
        form = ScreenForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            screen, token = screens.make_screen(request.user, **form.facts())
        except ValidationError as error:
            form.refuse(error)
            return self.show(form, 422)
        if not token:  # the page was loaded again: it is there, and its address was told
            return go(request, reverse("reporting:screens"))
        address = f"{settings.BASE_URL}{reverse('wall:wall', args=[token])}"
        return self.show(ScreenForm(actor=request.user), made=screen, address=address)


class Revoke(SignedIn, View):
    """Switch one off."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        screen = get_object_or_404(screens.listed(request.user), pk=pk)
        screens.revoke_screen(request.user, screen)
        return go(request, reverse("reporting:screens"))
