"""One list, record and form for every app.

A `Crud` says what a model's pages need; three views do the rest. Writing is always `create` and `update`, functions of
the app's `domain.py`. A page that needs an `if` that is not here becomes a view of its own, in `extra_urls`; one that
only looks different becomes `templates/<app>/<model>_list.html`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.views import View

from flow.queries import attachments_of, history_of
from tenancy.access import can
from ui import listing, moves
from ui.filters import FilterSet
from ui.pages import Once, SignedIn, go
from ui.tables import Table

if TYPE_CHECKING:
    from flow.machine import Machine
    from ui.search import Found

Words = str | Promise


@dataclass(frozen=True)
class Crud:
    """The pages of one model. The domain takes the actor first: create(actor, **data), update(actor, obj, **data)."""

    name: str  # "workorders:order": URL names and template folder
    title: Words  # the list's title
    queryset: Callable[[], Any]
    view: str  # permission
    table: type[Table]
    filterset: type[FilterSet] | None = None
    form: type | None = None
    create: Callable[..., Any] | None = None
    add: str = ""  # permission
    add_label: Words = ""  # what the button says
    update: Callable[..., Any] | None = None
    change: str = ""  # permission
    machine: Machine | None = None
    tabs: tuple[tuple[Words, str], ...] = ()  # saved views: words and query
    empty: Words = ""  # why the list may be empty, and the next step
    icon: str = "list"
    per_page: int = 50
    by_hospital: bool = True  # the switch narrows the list
    found: Found | None = None  # how the search box of the page head shows its rows
    extra_urls: tuple[URLPattern, ...] = ()

    def __post_init__(self) -> None:
        listing.register(self)

    @property
    def urls(self) -> list[URLPattern]:
        """List, record, and where they are declared: new, edit, moves. Named `order_list`, `order`, `order_add`, …"""
        model = self.name.split(":")[1]
        urls = [path("", listing.List.as_view(crud=self), name=f"{model}_list"), *self.extra_urls]
        if self.create:
            urls.append(path("new/", Form.as_view(crud=self), name=f"{model}_add"))
        if self.update:
            urls.append(path("<int:pk>/edit/", Form.as_view(crud=self), name=f"{model}_edit"))
        if self.machine:
            urls += moves.urls(self, model)
        return [*urls, path("<int:pk>/", Detail.as_view(crud=self), name=model)]

    @property
    def key(self) -> str:
        """Its name as it stands in addresses."""
        return self.name.replace(":", "-")

    def reverse(self, page: str = "", **kwargs: Any) -> str:
        return reverse(f"{self.name}{page}", kwargs=kwargs)

    def url_of(self, obj: Any) -> str:
        return self.reverse(pk=obj.pk)

    def rows(self, user: Any) -> Any:
        """Exactly what this person may see."""
        return self.queryset().for_user(user, self.view)

    def get(self, user: Any, pk: int, permission: str = "") -> Any:
        """404 for what one may not see, 403 for what one may see but not do this with."""
        obj = get_object_or_404(self.rows(user), pk=pk)
        if permission and not can(user, permission, obj):
            raise PermissionDenied(permission)
        return obj

    def render(
        self, request: HttpRequest, page: str, partial: str = "", /, status: int = 200, **facts: Any
    ) -> HttpResponse:
        """`templates/<app>/<model>_<page>.html` if there is one, else the common page; for htmx only its part."""
        app, model = self.name.split(":")
        names = [f"{app}/{model}_{page}.html", f"ui/{page}.html"]
        if partial and request.htmx and not request.htmx.history_restore_request:
            names = [f"{name}#{partial}" for name in names]
        return TemplateResponse(request, names, {"crud": self, **facts}, status=status).render()


class CrudView(SignedIn, View):
    crud: Crud = None  # type: ignore[assignment]


class Detail(CrudView):
    """What it is, the next steps, the facts, and what happened to it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        crud = self.crud
        obj = crud.get(request.user, pk)
        row = crud.rows(request.user).filter(pk=pk).values(*sorted(crud.table.fields())).get()
        return crud.render(
            request,
            "detail",
            object=obj,
            facts=crud.table().facts(row),
            state=crud.machine.states.get(obj.state) if crud.machine else None,
            history=history_of(obj),
            attachments=attachments_of(obj),
            may_change=bool(crud.update) and can(request.user, crud.change, obj),
        )


class Form(CrudView):
    """A new one, or a change. What the domain refuses stands beside the fields; what was typed stays."""

    def find(self, pk: int | None) -> Any:
        if pk is not None:
            return self.crud.get(self.request.user, pk, self.crud.change)
        if not can(self.request.user, self.crud.add):
            raise PermissionDenied(self.crud.add)
        return None

    def form(self, obj: Any, *data: Any) -> Any:
        user, hospital = self.request.user, getattr(self.request, "hospital", None)
        initial = {} if data else self.request.GET.dict()
        return self.crud.form(*data, actor=user, obj=obj, hospital=hospital, initial=initial)

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        obj = self.find(pk)
        return self.crud.render(request, "form", "form", form=self.form(obj), object=obj)

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        obj, once = self.find(pk), Once(request)
        form = self.form(obj, request.POST, request.FILES)
        if form.is_valid():
            if (first := once.earlier(self.crud.reverse("_list"))) is not None:
                return go(request, first)
            try:
                form.still_stands()
                saved = self.save(obj, form.cleaned_data)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
            except BaseException:
                once.failed()
                raise
            else:
                once.done(self.crud.url_of(saved))
                return go(request, self.crud.url_of(saved))
        return self.crud.render(request, "form", "form", status=422, form=form, object=obj)

    def save(self, obj: Any, data: dict[str, Any]) -> Any:
        """Nobody pushes a row out of their own reach: the request's transaction is rolled back by the refusal."""
        user, crud = self.request.user, self.crud
        saved = crud.update(user, obj, **data) if obj else crud.create(user, **data)  # type: ignore[misc]
        if not can(user, crud.change if obj else crud.add, saved):
            raise PermissionDenied("out of reach")
        return saved
