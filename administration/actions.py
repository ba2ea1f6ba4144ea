"""Verbs that are more than an edit: move, merge, close, leave, grant. Each asks what it needs on a page of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views import View

from tenancy.access import can
from ui.crud import Crud
from ui.pages import Once, SignedIn, go


@dataclass(frozen=True)
class Action:
    """One verb on a record: its words, who may, what it asks, which domain function does it."""

    name: str
    label: Any
    icon: str
    permission: str
    form: type
    run: Callable[..., Any] | None  # run(actor, obj, **data); None: a page of its own does it
    tone: str = ""


@dataclass(frozen=True)
class Office(Crud):
    """The pages of one part of the organisation, with its verbs."""

    actions: tuple[Action, ...] = ()

    @property
    def urls(self) -> list[URLPattern]:
        model = self.name.split(":")[1]
        verbs = [
            path(f"<int:pk>/{a.name}/", ActionView.as_view(crud=self, action=a), name=f"{model}_{a.name}")
            for a in self.actions
            if a.run
        ]
        return [*verbs, *super().urls]

    def offered(self, obj: Any, user: Any) -> list[dict[str, Any]]:
        """The buttons this person gets on the record."""
        closed = getattr(obj, "closed_on", None) or getattr(obj, "ends_on", None)
        return [
            {"label": a.label, "icon": a.icon, "tone": a.tone, "url": self.reverse(f"_{a.name}", pk=obj.pk)}
            for a in self.actions
            if can(user, a.permission, obj) and not (closed and a.name in ("close", "merge", "leave", "end"))
        ]


class ActionView(SignedIn, View):
    """GET asks, POST does it; what the domain refuses stands beside the field."""

    crud: Office = None  # type: ignore[assignment]
    action: Action = None  # type: ignore[assignment]

    def find(self, pk: int) -> Any:
        return self.crud.get(self.request.user, pk, self.action.permission)

    def page(self, obj: Any, form: Any, status: int = 200) -> HttpResponse:
        return self.crud.render(self.request, "action", status=status, object=obj, form=form, action=self.action)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.find(pk)
        return self.page(obj, self.action.form(actor=request.user, obj=obj))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.find(pk)
        form, once = self.action.form(request.POST, actor=request.user, obj=obj), Once(request)
        if not form.is_valid():
            return self.page(obj, form, 422)
        url = self.crud.url_of(obj)
        if once.earlier(url) is not None:
            return go(request, url)
        try:
            self.action.run(request.user, obj, **form.cleaned_data)  # type: ignore[misc]
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.page(obj, form, 422)
        except BaseException:
            once.failed()
            raise
        messages.success(request, _("%(what)s: %(step)s") % {"what": obj, "step": self.action.label})
        once.done(url)
        return go(request, url)


def require(user: Any, permission: str, obj: Any = None) -> None:
    if not can(user, permission, obj):
        raise PermissionDenied(permission)


def found(obj: Any) -> Any:
    if obj is None:
        raise Http404
    return obj


def back_to(name: str, *args: Any) -> str:
    return reverse(name, args=args)
