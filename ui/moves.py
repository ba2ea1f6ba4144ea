"""The one view that takes a row along its state machine: from a button at once, or from a short form."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views import View

from tenancy.access import can
from ui import forms
from ui.pages import Once, SignedIn, go, next_url

if TYPE_CHECKING:
    from flow.machine import Transition
    from ui.crud import Crud

UNDO = "undo:"


@dataclass(frozen=True)
class Step:
    """A button: its words, where it leads, whether it asks something first."""

    label: Any
    url: str
    icon: str
    css: str
    asks: bool
    form_key: str


def steps(crud: Crud, obj: Any, user: Any) -> list[Step]:
    """What this person may do with `obj` now, the main step first; one button stands out, however many might be next."""
    available = sorted(crud.machine.available(obj, user), key=lambda step: not step.main) if crud.machine else []
    return [
        Step(
            step.label,
            crud.reverse("_move", pk=obj.pk, name=step.name),
            step.icon,
            "btn-primary" if step.main and not place else "btn-tone-red" if step.tone == "red" else "",
            bool(step.form),
            str(uuid.uuid4()),
        )
        for place, step in enumerate(available)
    ]


def undo_url(message: Any) -> str:
    tags = message.extra_tags or ""
    return tags.removeprefix(UNDO) if tags.startswith(UNDO) else ""


def urls(crud: Crud, model: str) -> list[URLPattern]:
    return [
        path("<int:pk>/move/<slug:name>/", Move.as_view(crud=crud), name=f"{model}_move"),
        path("<int:pk>/undo/", Undo.as_view(crud=crud), name=f"{model}_undo"),
    ]


class MoveView(SignedIn, View):
    crud: Crud = None  # type: ignore[assignment]

    def stale(self, request: HttpRequest, obj: Any, error: ValidationError) -> HttpResponse:
        """Somebody was faster: who, what, when, and how it stands now."""
        obj.refresh_from_db()
        state = self.crud.machine.states.get(obj.state)
        facts = {"object": obj, "reason": error.messages[0], "state": state, "url": self.crud.url_of(obj)}
        return self.crud.render(request, "stale", "stale", status=409, **facts)


class Move(MoveView):
    """GET asks what the step needs; POST takes it."""

    def find(self, request: HttpRequest, pk: int, name: str) -> tuple[Any, Transition]:
        step = self.crud.machine.by_name.get(name)
        obj = self.crud.get(request.user, pk)
        if step is None:
            raise Http404
        if not can(request.user, step.permission, obj):
            raise PermissionDenied
        return obj, step

    def form(self, step: Transition, obj: Any, *data: Any) -> forms.Form:
        kind = import_string(step.form) if step.form else forms.Form
        return kind(*data, actor=self.request.user, obj=obj)

    def ask(self, obj: Any, step: Transition, form: forms.Form, status: int = 200) -> HttpResponse:
        here = {"object": obj, "step": step, "form": form, "next": next_url(self.request, self.crud.url_of(obj))}
        return self.crud.render(self.request, "confirm", "form", status=status, **here)

    def get(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        obj, step = self.find(request, pk, name)
        return self.ask(obj, step, self.form(step, obj))

    def post(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        obj, step = self.find(request, pk, name)
        form, once = self.form(step, obj, request.POST, request.FILES), Once(request)
        if not form.is_valid():
            return self.ask(obj, step, form, status=422)
        if (first := once.earlier(self.crud.url_of(obj))) is not None:
            return go(request, first)
        try:
            row = self.crud.machine.move(obj, name, request.user, **form.cleaned_data)
        except ValidationError as error:
            once.failed()
            if getattr(error, "code", "") == "stale":
                return self.stale(request, obj, error)
            form.refuse(error)
            return self.ask(obj, step, form, status=422)
        except BaseException:
            once.failed()
            raise
        return self.moved(request, row, step, once)

    def moved(self, request: HttpRequest, row: Any, step: Transition, once: Once) -> HttpResponse:
        """Say what was done, offer to take it back, return to where the person was."""
        kept = not step.hands_over or can(request.user, self.crud.view, row)
        undo = UNDO + self.crud.reverse("_undo", pk=row.pk) if step.undoable and kept else ""
        said = _("%(what)s: %(step)s") % {"what": row, "step": step.label}
        messages.success(request, said, extra_tags=undo)
        url = next_url(request, self.crud.url_of(row)) if kept else self.crud.reverse("_list")
        once.done(url)
        return go(request, url)


class Undo(MoveView):
    """Takes the person's own last step back, for ten seconds."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        obj = self.crud.get(request.user, pk)
        try:
            row = self.crud.machine.undo(obj, request.user)
        except ValidationError as error:
            return self.stale(request, obj, error)
        messages.success(request, _("%(what)s: taken back") % {"what": row})
        return go(request, next_url(request, self.crud.url_of(row)))
