"""One order: facts, timeline, moves, remarks, files, what it cost, its paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import include, path
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET, require_POST

from flow.models import Attachment
from flow.queries import attachments_of
from tenancy.access import can
from ui.pages import Once, SignedIn, go
from workorders import domain, forms, labour, links, papers, parts, reporting, timeline
from workorders import permissions as perm
from workorders.crud import ORDER
from workorders.models import WorkOrder
from workorders.states import CHANNELS, FINAL, STATES, URGENCIES, WAITING_REASONS


@login_required
@require_GET
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about one order."""
    return _show(request, ORDER.get(request.user, pk))


def _show(request: HttpRequest, found: WorkOrder, status: int = 200, **typed: Any) -> HttpResponse:
    user = request.user
    works = can(user, perm.ORDER_WORK, found) or can(user, perm.ORDER_EDIT, found)
    may_comment, sees_cost = can(user, perm.ORDER_COMMENT, found), can(user, perm.COST_VIEW, found)
    may_write = works and found.state not in FINAL
    files = list(attachments_of(found))
    lines = list(found.lines.order_by("id")) if sees_cost else None
    beside = links.family(ORDER.rows(user), found)
    facts = {
        "object": found,
        "state": STATES[found.state],
        "urgency": URGENCIES[found.urgency],
        "channel": CHANNELS[found.channel],
        "waiting": WAITING_REASONS.get(found.waiting_reason),
        "timeline": timeline.tell(links.history(found, beside), user, sees_cost, beside),
        "pictures": [f for f in files if f.content_type.startswith("image/") and f.kind != Attachment.Kind.SIGNATURE],
        "papers": [f for f in files if not f.content_type.startswith("image/")],
        "signature": next((f for f in files if f.kind == Attachment.Kind.SIGNATURE), None),
        "lines": lines,
        "labour": labour.shown(found, lines) if lines is not None else [],
        "parent": next((other for other in beside if other.pk == found.parent_id), None),
        "original": next((other for other in beside if other.pk == found.duplicate_of_id), None),
        "parts": [other for other in beside if other.parent_id in (found.pk, found.parent_id) and other.parent_id],
        "reports": [other for other in beside if other.duplicate_of_id == found.pk],
        "may_add": parts.may_add(user, found),
        "may_change": can(user, perm.ORDER_EDIT, found) and found.state not in FINAL,
        "may_write": may_write,
        "comment_form": forms.CommentForm(actor=user) if may_comment else None,
        "attach_form": forms.AttachForm(actor=user) if may_comment else None,
        "line_form": forms.LineForm(actor=user) if may_write else None,
    }
    return ORDER.render(request, "detail", status=status, **{**facts, **typed})


def _write(request: HttpRequest, pk: int, name: str, act: Callable[[WorkOrder, dict[str, Any]], Any], said: str) -> Any:
    """Take one of the small forms of the record; what is refused stands beside its field."""
    found, once = ORDER.get(request.user, pk), Once(request)
    kind = {"comment_form": forms.CommentForm, "attach_form": forms.AttachForm, "line_form": forms.LineForm}[name]
    form = kind(request.POST, request.FILES, actor=request.user)
    url = ORDER.url_of(found)
    if form.is_valid():
        if once.earlier(url) is not None:
            return go(request, url)
        try:
            with transaction.atomic():
                act(found, form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            once.done(url)
            messages.success(request, said)
            return go(request, url)
        finally:
            if form.errors:
                once.failed()
    return _show(request, found, 422, **{name: form})


@login_required
@require_POST
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(
        request, pk, "comment_form", lambda found, data: domain.comment(found, request.user, data["text"]), _("Added")
    )


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(
        request,
        pk,
        "attach_form",
        lambda found, data: domain.attach(found, request.user, data["upload"], kind=data["kind"]),
        _("File added"),
    )


@login_required
@require_POST
def add_line(request: HttpRequest, pk: int) -> HttpResponse:
    return _write(
        request, pk, "line_form", lambda found, data: domain.add_line(found, request.user, **data), _("Entered")
    )


@login_required
@require_POST
def remove_line(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    found = ORDER.get(request.user, pk)
    domain.remove_line(get_object_or_404(found.lines.select_related("order"), pk=line), request.user)
    messages.success(request, _("Taken out"))
    return go(request, ORDER.url_of(found))


class Part(SignedIn, View):
    """Work for another department, or what has to follow: an order that belongs to this one."""

    def find(self, pk: int) -> WorkOrder:
        found: WorkOrder = ORDER.get(self.request.user, pk)
        if not parts.may_add(self.request.user, found):
            raise PermissionDenied(perm.ORDER_DISPATCH)
        return found

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        found = self.find(pk)
        return self.show(request, found, forms.PartForm(actor=request.user, obj=found))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        found, once = self.find(pk), Once(request)
        form = forms.PartForm(request.POST, actor=request.user, obj=found)
        if form.is_valid():
            if (earlier := once.earlier(ORDER.url_of(found))) is not None:
                return go(request, earlier)
            try:
                made = parts.add(request.user, found, **form.cleaned_data)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
            else:
                url = ORDER.url_of(made if can(request.user, perm.ORDER_VIEW, made) else found)
                once.done(url)
                messages.success(request, _("%(what)s: opened") % {"what": made})
                return go(request, url)
        return self.show(request, found, form, 422)

    def show(self, request: HttpRequest, found: WorkOrder, form: forms.PartForm, status: int = 200) -> HttpResponse:
        return ORDER.render(request, "part", "form", status=status, object=found, form=form)


@login_required
@require_GET
def slip(request: HttpRequest, pk: int) -> HttpResponse:
    """The order on paper: A4, or A5 with ?size=A5."""
    found, size = ORDER.get(request.user, pk), request.GET.get("size", "A4")
    name = f'inline; filename="{found.number}.pdf"'
    paper = papers.slip(found, size if size in papers.SIZES else "A4")
    return HttpResponse(paper, "application/pdf", headers={"Content-Disposition": name})


@login_required
@require_GET
def places(request: HttpRequest) -> HttpResponse:
    """What a typed word finds among the places: the answer of the place field."""
    words, hospital = request.GET.get("q", "").replace("\0", "").strip(), request.hospital
    found = reporting.find_places(request.user, words, hospital and hospital["id"]) if words else []
    return render(request, "workorders/partials/places.html", {"places": found, "words": words})


urls = [
    path("orders/places/", places, name="places"),
    path("orders/<int:pk>/slip.pdf", slip, name="order_slip"),
    path("orders/<int:pk>/", order, name="order"),
    path("orders/<int:pk>/comment/", comment, name="order_comment"),
    path("orders/<int:pk>/attach/", attach, name="order_attach"),
    path("orders/<int:pk>/part/", Part.as_view(), name="order_part"),
    path("orders/<int:pk>/lines/", add_line, name="order_line"),
    path("orders/<int:pk>/lines/<int:line>/remove/", remove_line, name="order_line_remove"),
    path("orders/", include(ORDER.urls)),
]
