"""Pages of the way in: which kind, which file, which columns, the dry run, the result."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views import View

from exchange import domain, queries, reading
from exchange.forms import ColumnsForm, UploadForm
from exchange.importers import Importer, importers
from exchange.models import Job
from exchange.states import NEW, QUEUED, RUNNING, STATES
from exchange.template_file import template_file
from tenancy.access import can
from ui.pages import Once, SignedIn, go, whole

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Home(SignedIn, View):
    """What may be brought in, and what was last."""

    def get(self, request: HttpRequest) -> HttpResponse:
        offered = queries.offered(request.user)
        if not offered:
            raise PermissionDenied
        return render(request, "exchange/home.html", {"importers": offered})


class ImporterView(SignedIn, View):
    """A page about one kind of record: 404 for a kind that is not there, 403 for whom it is not offered."""

    importer: Importer

    def dispatch(self, request: HttpRequest, *args: Any, importer: str, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        if request.user.is_authenticated:
            if importer not in importers():
                raise Http404
            self.importer = importers()[importer]
            if not can(request.user, self.importer.permission):
                raise PermissionDenied(self.importer.permission)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[return-value]

    def job(self, pk: int) -> Job:
        return get_object_or_404(queries.jobs(self.request.user, self.importer), pk=pk)

    def url(self, name: str, *args: Any) -> str:
        return reverse(f"exchange:{name}", args=[self.importer.key, *args])


class Upload(ImporterView):
    """Choose the hospital and the file."""

    def page(self, form: UploadForm, status: int = 200, **facts: Any) -> HttpResponse:
        jobs = queries.jobs(self.request.user, self.importer)[:10]
        context = {"importer": self.importer, "form": form, "jobs": jobs, "states": STATES, **facts}
        return render(self.request, "exchange/upload.html", context, status=status)

    def form(self, *data: Any) -> UploadForm:
        hospital = getattr(self.request, "hospital", None)
        return UploadForm(*data, actor=self.request.user, hospital=hospital, importer=self.importer)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.page(self.form())

    def post(self, request: HttpRequest) -> HttpResponse:
        form, again = self.form(request.POST, request.FILES), None
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                job = domain.hand_in(
                    request.user,
                    importer=self.importer,
                    hospital=form.cleaned_data["hospital"],
                    content=file.read(),
                    name=file.name,
                )
                return go(request, self.url("columns", job.pk))
            except domain.Again as error:
                form.refuse(error)
                again = self.url("job", error.job.pk)
            except ValidationError as error:
                form.refuse(error)
        return self.page(form, status=422, again=again)


class Columns(ImporterView):
    """Which column is which: recognised by title, the rest by hand, beside the first five lines."""

    def page(self, job: Job, form: ColumnsForm, status: int = 200) -> HttpResponse:
        table = form.table
        kept = queries.mappings(self.request.user, self.importer, job.hospital_id)
        context = {"importer": self.importer, "job": job, "form": form, "kept": kept}
        context |= {"header": table.header, "lines": reading.preview(table)}
        return render(self.request, "exchange/columns.html", context, status=status)

    def form(self, job: Job, *data: Any) -> ColumnsForm:
        kind = import_string(self.importer.options_form) if self.importer.options_form else ColumnsForm
        kept = queries.mappings(self.request.user, self.importer, job.hospital_id)
        chosen = whole(self.request.GET.get("mapping"))
        found = kept.filter(pk=chosen).first() if chosen else None
        table = domain.table_of(bytes(job.content), job.name)
        known = found.columns if found else job.params
        return kind(*data, actor=self.request.user, obj=job, importer=self.importer, table=table, known=known)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        return self.page(job, self.form(job))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        form, once = self.form(job, request.POST), Once(request)
        if form.is_valid():
            here = self.url("job", job.pk)
            if (first := once.earlier(here)) is not None:
                return go(request, first)
            name = form.cleaned_data["remember_as"]
            try:
                domain.arrange(request.user, job, columns=form.columns(), options=form.options(), remember_as=name)
                domain.start(job)
                once.done(here)
                return go(request, here)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
        return self.page(job, form, status=422)


class JobPage(ImporterView):
    """The result of the dry run with every bad cell by its place, or what was brought in."""

    template = "exchange/job.html"

    def page(self, job: Job, status: int = 200, **facts: Any) -> HttpResponse:
        done, total = domain.progress(job)
        context = {"importer": self.importer, "job": job, "state": STATES[job.state], "done": done, "total": total}
        context |= {"busy": job.state in (QUEUED, RUNNING), "new": job.state == NEW, **facts}
        return render(self.request, self.template, context, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(self.job(pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        try:
            domain.bring_in(request.user, job, skip=bool(request.POST.get("skip")))
        except domain.Again as error:
            again = self.url("job", error.job.pk) if error.job.pk != job.pk else None
            return self.page(job, status=409, refusal=error.messages[0], again=again)
        except ValidationError as error:
            return self.page(job, status=409, refusal=error.messages[0])
        domain.start(job)
        return go(request, self.url("job", job.pk))


class Progress(JobPage):
    """How far it is; asked for every two seconds while it runs."""

    template = "exchange/progress.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = self.job(pk)
        if job.state not in (QUEUED, RUNNING):
            return HttpResponse(headers={"HX-Redirect": self.url("job", job.pk)})
        return self.page(job)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        return HttpResponse(status=405)


class Template(ImporterView):
    """The workbook to fill in."""

    def get(self, request: HttpRequest) -> HttpResponse:
        name = f'attachment; filename="{self.importer.key}.xlsx"'
        return HttpResponse(template_file(self.importer), EXCEL, headers={"Content-Disposition": name})
