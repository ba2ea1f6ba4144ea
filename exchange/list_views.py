"""Pages of what people do with lists: keep a view, choose columns, fetch a large workbook."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views import View

from exchange import exports, saved
from exchange.list_forms import ViewForm
from exchange.lists import Export, SavedView, label_of
from exchange.states import DONE, EXPORTS, QUEUED, RUNNING
from tenancy.access import can, hospitals, hospitals_with
from ui.crud import Crud
from ui.listing import EXCEL, Listing, list_of
from ui.pages import Once, SignedIn, go


def later(request: HttpRequest, listing: Listing) -> HttpResponse:
    """A workbook that is too large to wait for: the page that says so and writes it in the background."""
    asked = listing.query.copy()
    asked.pop("export", None)
    return HttpResponseRedirect(f"{reverse('lists:workbook', args=[listing.crud.key])}?{asked.urlencode()}")


class ListPage(SignedIn, View):
    """A page about one list, with what is asked of it in the address: 404 for a list that is not there."""

    crud: Crud

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated and "key" in kwargs:
            self.crud = crud_of(str(kwargs.pop("key")).replace("-", ":", 1))
            if not can(request.user, self.crud.view):
                raise PermissionDenied(self.crud.view)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def back(self, query: QueryDict | str = "") -> str:
        text = query if isinstance(query, str) else query.urlencode()
        return self.crud.reverse("_list") + (f"?{text}" if text else "")

    def show(self, template: str, status: int = 200, **facts: Any) -> HttpResponse:
        query = self.request.GET.urlencode()
        context = {"crud": self.crud, "query": query, "back": self.back(query), **facts}
        return render(self.request, template, context, status=status)

    @property
    def hospital(self) -> dict[str, Any] | None:
        return getattr(self.request, "hospital", None)


def crud_of(name: str) -> Crud:
    crud = list_of(name)
    if crud is None:
        raise Http404
    return crud


class NewView(ListPage):
    """Keep what the list shows now under a name."""

    def form(self, *data: Any) -> ViewForm:
        return ViewForm(*data, actor=self.request.user, hospital=self.hospital)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show("exchange/view_form.html", form=self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, once, arranged = self.form(request.POST), Once(request), saved.arrange(request, self.crud)
        if form.is_valid():
            if (first := once.earlier(self.back())) is not None:
                return go(request, first)
            here = self.hospital["id"] if self.hospital else None
            facts = {"name": form.cleaned_data["name"], "audience": form.cleaned_data["audience"], "hospital": here}
            try:
                view = saved.save(request.user, crud=self.crud, query=arranged.query, columns=arranged.columns, **facts)
                if form.cleaned_data["first"]:
                    saved.open_first(request.user, self.crud, view)
                once.done(self.back(f"view={view.pk}"))
                return go(request, self.back(f"view={view.pk}"))
            except ValidationError as error:
                once.failed()
                form.refuse(error)
        return self.show("exchange/view_form.html", status=422, form=form)


class OneView(ListPage):
    """A page about a saved view: 404 for one that is not shown to the person."""

    def find(self, pk: int) -> SavedView:
        view = get_object_or_404(SavedView, pk=pk)
        seen = {v.pk for v in saved.views_of(self.request.user, view.list_name) if v.name}
        self.crud = crud_of(view.list_name)
        if view.pk not in seen or not can(self.request.user, self.crud.view):
            raise Http404
        return view

    def arranged(self, view: SavedView) -> Any:
        """The list as it was when the person came here from it."""
        return saved.arrange(self.request, self.crud, self.request.GET or QueryDict(f"view={view.pk}"))


class EditView(OneView):
    """Rename it, share it, take over what is shown; for others' views: open the list with it."""

    def form(self, view: SavedView, arranged: Any, *data: Any) -> ViewForm:
        facts = {"changed": arranged.bar["changed"], "is_first": arranged.bar["first"] == view.pk}
        return ViewForm(*data, actor=self.request.user, obj=view, hospital=self.hospital, **facts)

    def page(self, view: SavedView, form: ViewForm, status: int = 200) -> HttpResponse:
        facts = {"view": view, "form": form, "may_change": saved.may_change(self.request.user, view)}
        return self.show("exchange/view_form.html", status=status, **facts)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.find(pk)
        return self.page(view, self.form(view, self.arranged(view)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.find(pk)
        arranged = self.arranged(view)
        form = self.form(view, arranged, request.POST)
        if form.is_valid():
            try:
                self.save(view, arranged, form.cleaned_data)
                return go(request, self.back(f"view={view.pk}"))
            except ValidationError as error:
                form.refuse(error)
        return self.page(view, form, status=422)

    def save(self, view: SavedView, arranged: Any, data: dict[str, Any]) -> None:
        user, first = self.request.user, arranged.bar["first"] == view.pk
        if "name" in data:
            here = self.hospital["id"] if self.hospital else None
            taken = {"query": arranged.query, "columns": arranged.columns} if data.get("take_over") else {}
            facts = {"name": data["name"], "audience": data["audience"], "hospital": here, **taken}
            saved.change(user, view, crud=self.crud, **facts)
            if taken:
                saved.arrange_columns(user, self.crud, view=view, columns=[])
        if data["first"] != first:
            saved.open_first(user, self.crud, view if data["first"] else None)


class DeleteView(OneView):
    """A view that is not needed any more."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        view = self.find(pk)
        if not saved.may_change(request.user, view):
            raise PermissionDenied
        return self.show("exchange/view_delete.html", view=view)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        saved.remove(request.user, self.find(pk))
        return go(request, self.back("view="))


class OpenFirst(ListPage):
    """The list opens as a whole again."""

    def post(self, request: HttpRequest) -> HttpResponse:
        saved.open_first(request.user, self.crud, None)
        return go(request, self.back(request.GET))


class Columns(ListPage):
    """Which columns, in which order: every step is a button, nothing has to be dragged."""

    def get(self, request: HttpRequest) -> HttpResponse:
        arranged = saved.arrange(request, self.crud)
        shown = [column.key for column in self.crud.table.pick(arranged.columns)]
        return self.page(shown, arranged)

    def page(self, shown: list[str], arranged: Any, order: list[str] | None = None, moved: str = "") -> HttpResponse:
        by_key = {column.key: column for column in self.crud.table.columns}
        order = list(dict.fromkeys([*(order or []), *(key for key in shown if key in by_key), *by_key]))
        lines = [{"key": key, "column": by_key[key], "shown": key in shown} for key in order]
        return self.show("exchange/list_columns.html", lines=lines, view=arranged.view, moved=moved)

    def post(self, request: HttpRequest) -> HttpResponse:
        arranged, sent = saved.arrange(request, self.crud), request.POST
        known = {column.key for column in self.crud.table.columns}
        order = [key for key in dict.fromkeys(sent.getlist("order")) if key in known]
        shown = sent.getlist("column")
        for way, step in (("up", -1), ("down", 1)):
            if (key := sent.get(way, "")) in order:
                at = order.index(key)
                to = min(max(at + step, 0), len(order) - 1)
                order.insert(to, order.pop(at))
                return self.page(shown, arranged, order, moved=key)
        chosen = [] if "reset" in sent else [key for key in order if key in shown]
        saved.arrange_columns(request.user, self.crud, view=arranged.view, columns=chosen)
        return go(request, self.back(request.GET))


class Workbook(ListPage):
    """What will stand in the workbook, and the button that has it written."""

    def listing(self) -> Listing:
        arranged = saved.arrange(self.request, self.crud)
        return Listing(self.crud, self.request, arranged.query, arranged.columns)

    def page(self, listing: Listing, status: int = 200, **facts: Any) -> HttpResponse:
        heads = [column.label for column in listing.table([]).shown]
        found = queried(self.request.user).filter(list_name=self.crud.name)[:5]
        facts |= {"heads": heads, "rows": listing.rows.order_by().count(), "left_out": listing.left_out()}
        return self.show("exchange/workbook.html", status=status, exports=found, states=EXPORTS, **facts)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.listing())

    def post(self, request: HttpRequest) -> HttpResponse:
        listing = self.listing()
        try:
            export = exports.ask(request.user, listing)
        except ValidationError as error:
            return self.page(listing, status=422, refusal=error.messages[0])
        return go(request, reverse("lists:export", args=[export.pk]))


def queried(user: Any) -> Any:
    """A person's own files, newest first: of hospitals whose list they still see."""
    return Export.objects.filter(asked_by=user.pk).order_by("-id")


class Files(SignedIn, View):
    """The workbooks that wait for this person."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return render(request, "exchange/files.html", {"exports": queried(request.user)[:50], "states": EXPORTS})


class OneExport(ListPage):
    """A page about one's own workbook: for everybody else it does not exist."""

    def find(self, pk: int) -> Export:
        export: Export = get_object_or_404(queried(self.request.user), pk=pk)
        self.crud = crud_of(export.list_name)
        if not set(export.hospitals) <= hospitals_with(self.request.user, self.crud.view):
            raise Http404
        return export

    def facts(self, export: Export) -> dict[str, Any]:
        names = [h["short_name"] for h in hospitals(self.request.user) if h["id"] in export.hospitals]
        return {
            "export": export,
            "state": EXPORTS[export.state],
            "busy": export.state in (QUEUED, RUNNING),
            "names": names,
            "back": self.back(export.query),
        }


class ExportPage(OneExport):
    """How far it is; the file when it is ready."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show("exchange/export.html", **self.facts(self.find(pk)))


class ExportProgress(OneExport):
    """Asked for every two seconds while it is being written."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = self.find(pk)
        if export.state not in (QUEUED, RUNNING):
            return HttpResponse(headers={"HX-Redirect": reverse("lists:export", args=[pk])})
        return self.show("exchange/export_progress.html", **self.facts(export))


class ExportFile(OneExport):
    """The file, for the one person who asked for it."""

    def get(self, request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
        export = self.find(pk)
        if export.state != DONE or (export.until and export.until < timezone.now()):
            raise Http404
        file = exports.file_of(export)
        return FileResponse(file, as_attachment=True, filename=label_of(export), content_type=EXCEL)
