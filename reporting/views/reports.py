"""Monthly reports: the list, one with its words and figures, paper and workbook, who gets them, the day they are sent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views import View

from reporting import content, domain, papers
from reporting.forms import ScheduleForm, WordsForm
from reporting.machine import REPORTS
from reporting.models import Report, Subscription
from reporting.permissions import REPORT_CHANGE, REPORT_VIEW, SCHEDULE_CHANGE
from reporting.states import DRAFT, SENT
from tenancy.access import can, hospitals
from tenancy.models import Consortium, Hospital
from ui.listing import EXCEL
from ui.pages import SignedIn, go

PER_PAGE = 50


class ReportPage(SignedIn, View):
    """For who may read reports; one that they may not read is not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, REPORT_VIEW):
            raise PermissionDenied(REPORT_VIEW)
        return super().dispatch(request, *args, **kwargs)

    def rows(self) -> Any:
        return Report.objects.for_user(self.request.user, REPORT_VIEW).select_related("hospital")

    def report(self, pk: int) -> Report:
        found: Report = get_object_or_404(self.rows(), pk=pk)
        return found

    def shown(self, report: Report) -> tuple[list[content.Shown], list[Any]]:
        """Figures and actions as they were sent; until then as they are now."""
        kept = report.content if report.state == SENT else content.build(report.hospital, report.month)
        return content.shown(kept, self.request.user), content.actions(kept, self.request.user)


class Reports(ReportPage):
    """All one may read, the newest month first; and whether one gets them."""

    def get(self, request: HttpRequest) -> HttpResponse:
        consortium = self.arranges()
        return self.show(ScheduleForm(actor=request.user, obj=domain.day_of(consortium.pk)) if consortium else None)

    def show(self, form: ScheduleForm | None, status: int = 200) -> HttpResponse:
        request, chosen = self.request, getattr(self.request, "hospital", None)
        rows = self.rows().order_by("-month", "hospital__code").defer("content", "words")
        page = Paginator(rows.filter(hospital=chosen["id"]) if chosen else rows, PER_PAGE).get_page(
            request.GET.get("page")
        )
        mine = set(Subscription.objects.filter(user=request.user.pk).values_list("hospital", flat=True))
        here = [one for one in hospitals(request.user) if chosen is None or one["id"] == chosen["id"]]
        offered = [
            (one, one["id"] in mine) for one in here if can(request.user, REPORT_VIEW, Report(hospital_id=one["id"]))
        ]
        facts = {"page": page, "offered": offered, "form": form, "all_wanted": all(wanted for _one, wanted in offered)}
        return TemplateResponse(request, "reporting/reports.html", facts, status=status)

    def arranges(self) -> Consortium | None:
        """The consortium whose day this person may set."""
        ids = sorted({one["consortium"] for one in hospitals(self.request.user)})
        ours = Consortium.objects.filter(pk__in=ids).order_by("pk")
        return next((one for one in ours if can(self.request.user, SCHEDULE_CHANGE, domain.day_of(one.pk))), None)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Set the day."""
        consortium = self.arranges()
        if consortium is None:
            raise PermissionDenied(SCHEDULE_CHANGE)
        form = ScheduleForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self.show(form, 422)
        domain.set_day(request.user, consortium, form.cleaned_data["day"], form.cleaned_data["hour"])
        return go(request, reverse("reporting:reports"))


class Subscribe(ReportPage):
    """Want the reports of a hospital, or of all one may read; or no longer."""

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = request.POST.get("wanted") == "1"
        asked = {one["id"] for one in hospitals(request.user)}
        for hospital in Hospital.objects.filter(pk__in=asked).order_by("code"):
            if can(request.user, REPORT_VIEW, Report(hospital=hospital)):
                domain.subscribe(request.user, hospital, wanted)
        return go(request, reverse("reporting:reports"))


class OneReport(ReportPage):
    """The report; who writes it writes the words here, as a draft, and signs off."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.show(self.report(pk))

    def show(self, report: Report, form: WordsForm | None = None, status: int = 200) -> HttpResponse:
        writes = can(self.request.user, REPORT_CHANGE, report)
        if writes and report.state == DRAFT and form is None:
            form = WordsForm(actor=self.request.user, obj=report)
        steps = [step for step in REPORTS.available(report, self.request.user) if step.name != "send"]
        rows, actions = self.shown(report)
        facts = {"report": report, "rows": rows, "actions": actions, "form": form, "steps": steps}
        return TemplateResponse(self.request, "reporting/report.html", facts, status=status)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Save the words; sign off or take back with the same button's name."""
        report, step = self.report(pk), request.POST.get("step", "")
        form = None
        try:
            if "words" in request.POST:
                form = WordsForm(request.POST, actor=request.user)
                if not form.is_valid():
                    return self.show(report, form, 422)
                report = domain.write(request.user, report, form.cleaned_data["words"], since=request.POST.get("since"))
            if step in ("sign", "take_back"):
                REPORTS.move(report, step, request.user)
        except ValidationError as error:
            form = form or WordsForm(actor=request.user, obj=report)
            form.data = {**form.data.dict(), "since": domain.seen_of(self.report(pk))} if request.POST else form.data
            form.is_bound = True
            form.full_clean()
            form.refuse(error)
            return self.show(report, form, 422)
        return go(request, reverse("reporting:report", args=[pk]))


class Paper(ReportPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        pdf = papers.paper(report, *self.shown(report))
        return HttpResponse(pdf, "application/pdf", headers={"Content-Disposition": f'inline; filename="{report}.pdf"'})


class Book(ReportPage):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        report = self.report(pk)
        book = papers.book(report, self.shown(report)[0])
        return HttpResponse(book, EXCEL, headers={"Content-Disposition": f'attachment; filename="{report}.xlsx"'})
