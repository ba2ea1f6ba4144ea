"""One appeal, one action; asking that records do not count before the month is closed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import include, path, reverse
from django.utils import timezone
from django.views import View

from assessment import domain, inputs, queries, shown, timeline
from assessment import permissions as perm
from assessment.crud import ACTION, APPEAL, EXCLUSION, REPLY
from assessment.forms import ExclusionForm
from assessment.models import Action, MonthClose, PublishedFigure
from assessment.states import ASKED, KINDS, REASONS
from assessment.views.common import asked_hospital
from flow.queries import attachments_of, history_of
from indicators.library import Definition, definitions
from kpi.periods import containing, earlier
from tenancy.access import can
from tenancy.models import Hospital
from ui.pages import Once, SignedIn, go, whole

MOST = 100  # records offered for ticking


class OneAppeal(SignedIn, View):
    """What is appealed, why, with what; how it was decided and what became of the figure."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        appeal = APPEAL.get(request.user, pk)
        keys = {(subject, record) for subject, record, _name in appeal.records}
        names = shown.records(request.user, keys)
        return APPEAL.render(
            request, "detail", object=appeal, state=appeal.status, reason=REASONS[appeal.reason],
            label=shown.label_of(appeal.key, appeal.label), value=shown.written(appeal.figure, appeal.figure.value),
            after=appeal.restated and shown.written(appeal.restated, appeal.restated.value), files=attachments_of(appeal),
            records=[(name, names.get((subject, record), ("", ""))[1]) for subject, record, name in appeal.records],
            timeline=timeline.tell(history_of(appeal)),
        )  # fmt: skip


class OneExclusion(SignedIn, View):
    """Which record should not count, why, by when that is decided, and what happened to the request."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asked = EXCLUSION.get(request.user, pk)
        row = EXCLUSION.rows(request.user).filter(pk=pk).values(*sorted(EXCLUSION.table.fields())).get()
        facts, told = EXCLUSION.table().facts(row), timeline.tell(history_of(asked))
        late = (
            asked.state == ASKED and MonthClose.objects.filter(hospital=asked.hospital_id, month=asked.month).exists()
        )
        seen = queries.frozen(request.user).filter(hospital=asked.hospital_id, key=asked.key, month=asked.month)
        figure = seen.order_by("-revision").first() if late else None
        return EXCLUSION.render(
            request, "detail", object=asked, state=asked.status, facts=facts, timeline=told, late=late, figure=figure
        )


class OneAction(SignedIn, View):
    """What is done, and its effect on the figure it is to move."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        action = ACTION.get(request.user, pk)
        figure = action.figure
        course = [
            (row, shown.written(row, row.value), shown.TONES.get(row.tone), _reached(action, row))
            for row in queries.course(action)
        ]
        return ACTION.render(
            request, "detail", object=action, state=action.status, kind=KINDS[action.kind], course=course,
            label=shown.label_of(action.key, action.label), before=shown.written(figure, action.before),
            expected=action.expected is not None and shown.written(figure, action.expected),
            goal=shown.goal(figure), sees_figure=can(request.user, perm.FROZEN_VIEW, figure),
            timeline=timeline.tell(history_of(action)),
        )  # fmt: skip


def _reached(action: Action, row: PublishedFigure) -> bool | None:
    return queries.is_reached(action.figure.good, row.value, action.expected)


class AskExclusions(SignedIn, View):
    """Tick the records of an indicator that should not count in a month that is not closed yet."""

    def place(self) -> tuple[Hospital, date, dict[str, Definition], str]:
        request = self.request
        hospital = asked_hospital(request, perm.FIGURE_ANSWER)
        known = {
            k: one
            for k, one in definitions(hospital.consortium_id).items()
            if one.kpi and not one.is_now and not one.kpi.needs
        }
        months = open_months(hospital)
        asked = {f"{month:%Y-%m}": month for month in months}
        month = asked.get(request.GET.get("month") or request.POST.get("month") or "", months[0])
        key = request.GET.get("key") or request.POST.get("key") or ""
        return hospital, month, known, key if key in known else next(iter(known))

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ExclusionForm(actor=request.user))

    def show(self, form: ExclusionForm, status: int = 200) -> HttpResponse:
        hospital, month, known, key = self.place()
        span = containing(known[key].period, month)
        rows = inputs.rows_of(known[key], hospital.pk, span.first, span.end - timedelta(days=1))
        every = sorted({(row.subject, pk) for row in rows for pk in row.ids}, key=lambda record: -record[1])
        names = shown.records(self.request.user, set(every[:MOST]))
        facts = {
            "form": form, "hospital": hospital, "month": month, "months": open_months(hospital), "key": key,
            "keys": [(k, one.label) for k, one in known.items()], "total": len(every),
            "records": [(f"{record[0]}:{record[1]}", *names[record]) for record in every[:MOST] if record in names],
            "picked": self.request.POST.getlist("record"),
        }  # fmt: skip
        return TemplateResponse(self.request, "assessment/exclusion_form.html", facts, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        hospital, month, _known, key = self.place()
        form, once = ExclusionForm(request.POST, actor=request.user), Once(request)
        if not form.is_valid():
            return self.show(form, 422)
        if (first := once.earlier(reverse("assessment:exclusion_list"))) is not None:
            return go(request, first)
        asked = [text.rpartition(":") for text in request.POST.getlist("record")]
        keys = [(subject, pk) for subject, _colon, number in asked if (pk := whole(number))]
        names = {k: name for k, (name, _url) in shown.records(request.user, set(keys)).items()}
        try:
            domain.ask_exclusions(
                request.user, hospital, key=key, month=month, records=keys, names=names, **form.cleaned_data
            )
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(form, 422)
        once.done(reverse("assessment:exclusion_list"))
        return go(request, reverse("assessment:exclusion_list"))

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, perm.FIGURE_ANSWER):
            raise PermissionDenied(perm.FIGURE_ANSWER)
        return super().dispatch(request, *args, **kwargs)


def open_months(hospital: Hospital) -> list[date]:
    """This month and those before that are not closed yet."""
    now = timezone.localdate().replace(day=1)
    closed = set(
        MonthClose.objects.filter(hospital=hospital, month__gte=earlier(now, 2)).values_list("month", flat=True)
    )
    return [month for month in (now, earlier(now, 1), earlier(now, 2)) if month not in closed]


urls = [
    path("appeals/<int:pk>/", OneAppeal.as_view(), name="appeal"),
    path("actions/<int:pk>/", OneAction.as_view(), name="action"),
    path("exclusions/<int:pk>/", OneExclusion.as_view(), name="exclusion"),
    path("exclusions/ask/", AskExclusions.as_view(), name="exclusion_ask"),
    path("answers/", include(REPLY.urls)),
    path("appeals/", include(APPEAL.urls)),
    path("exclusions/", include(EXCLUSION.urls)),
    path("actions/", include(ACTION.urls)),
]
