"""The builder: items of a draft are added, written, put in order and looked at as the worker's phone will show them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from inspections import builder, editions
from inspections import permissions as perm
from inspections.checklist_forms import HeadForm
from inspections.crud import CHECKLIST
from inspections.models import Checklist, Edition
from inspections.states import ACTIONS, DRAFT, KINDS, PHOTOS, WEIGHTS
from inspections.views.checklists import Step, sections
from ui.forms import CHANGED
from ui.pages import SignedIn, go, whole
from workorders import work_types

SAVES = ("save", "publish")


class Draft(Step):
    """Begin a draft with what is in force (or with an earlier edition), and open it in the builder."""

    def act(self, found: Checklist) -> str | None:
        number = whole(self.request.POST.get("edition"))
        like = get_object_or_404(found.editions, number=number) if number else None
        editions.draft(self.request.user, found, like)
        return reverse("inspections:checklist_builder", args=[found.pk])


class Builder(SignedIn, View):
    """Every button works without script too; what only arranges the rows saves nothing and loses nothing."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        self.rows: list[builder.Row] = []
        return super().dispatch(request, *args, **kwargs)

    def find(self, pk: int) -> tuple[Checklist, Edition | None]:
        found = CHECKLIST.get(self.request.user, pk, perm.CHECKLIST_CHANGE)
        return found, found.editions.filter(state=DRAFT).first()

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, draft = self.find(pk)
        if draft is None:
            return HttpResponseRedirect(CHECKLIST.url_of(found))
        self.rows = builder.of_items(draft.items.all()) or [builder.blank()]
        return self.show(found, draft, HeadForm(actor=request.user, obj=draft))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, draft = self.find(pk)
        if draft is None:
            messages.error(request, _("This draft was published or thrown away in the meantime."))
            return go(request, CHECKLIST.url_of(found))
        self.rows, what = builder.read(request.POST), request.POST.get("do", "save")
        if what == "preview":
            return render(request, "inspections/_preview.html", self.preview(found))
        form = HeadForm(request.POST, actor=request.user, obj=draft)
        if what not in SAVES:
            self.rows = builder.arranged(self.rows, what)
            return self.show(found, draft, form)
        if self.is_overtaken(draft):
            form.add_error(None, CHANGED)
            return self.show(found, draft, form, 409)
        if not self.saved(draft, form):
            return self.show(found, draft, form, 422)
        if what == "publish":
            return go(request, reverse("inspections:checklist_publish", args=[found.pk, draft.number]))
        messages.success(request, _("Draft saved"))
        return go(request, reverse("inspections:checklist_builder", args=[found.pk]))

    def is_overtaken(self, draft: Edition) -> bool:
        """Has somebody else saved other items since the page was drawn? The same ones again are no harm."""
        now = builder.standing(builder.of_items(draft.items.all()))
        return self.request.POST.get("drawn", now) != now != builder.standing(self.rows)

    def saved(self, draft: Edition, form: HeadForm) -> bool:
        """Head and items together, or nothing; what is wrong stands beside each box."""
        given = [row.given() for row in self.rows]
        right = form.is_valid()
        try:
            with transaction.atomic():
                editions.set_items(self.request.user, draft, given)
                if right:
                    editions.set_head(self.request.user, draft, **form.cleaned_data)
                if not right or any(row.wrong for row in self.rows):
                    transaction.set_rollback(True)
        except ValidationError as error:
            named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
            for name in form.fields.keys() & named.keys():
                form.add_error(name, named.pop(name))
            for message in builder.blame(self.rows, named):
                form.add_error(None, message)
        return right and form.is_valid() and not any(row.wrong for row in self.rows)

    def preview(self, found: Checklist) -> dict[str, Any]:
        items = [row.shown(n) for n, row in enumerate(self.rows, 1) if row.typed["text"].strip()]
        return {
            "object": found,
            "sections": sections(items),
            "full_score": sum((item.points for item in items), Decimal(0)),
        }

    def show(self, found: Checklist, draft: Edition, form: HeadForm, status: int = 200) -> HttpResponse:
        services = [(s.key, s.label) for s in work_types.services().values() if s.department == found.department]
        facts = {
            **self.preview(found),
            "edition": draft,
            "drawn": self.request.POST.get("drawn") or builder.standing(self.rows),
            "form": form,
            "rows": self.rows,
            "blank": builder.Row("__row__", builder.blank().typed),
            "kinds": KINDS.values(),
            "photos": PHOTOS.values(),
            "weights": WEIGHTS.values(),
            "actions": ACTIONS.values(),
            "services": services,
            "wrong": sum(bool(row.wrong) for row in self.rows),
        }
        return render(self.request, "inspections/checklist_builder.html", facts, status=status)


urls = [
    path("checklists/<int:pk>/draft/", Draft.as_view(), name="checklist_draft"),
    path("checklists/<int:pk>/builder/", Builder.as_view(), name="checklist_builder"),
]
