"""The figures of a hospital's month as its manager sees them: accept all in one tap, appeal one in two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.views import View

from assessment import freezing, queries, shown
from assessment import permissions as perm
from assessment.crud import REPLY
from assessment.models import Action, Appeal, FrozenFigure, LateChange, MonthClose, PublishedFigure
from assessment.states import ACTIONS, APPEALS, FILED, LIVE, UNANSWERED
from assessment.views.common import asked_hospital, asked_month, offered_hospitals, offered_months
from kpi.figures import tone_of
from tenancy.access import can
from tenancy.models import Hospital
from ui.pages import Once, SignedIn, go


@dataclass(frozen=True)
class Line:
    """One figure of the month, with what became of it."""

    figure: FrozenFigure
    published: bool
    late: LateChange | None
    appeal: Appeal | None
    action: Action | None

    @property
    def label(self) -> str:
        return shown.label_of(self.figure.key, self.figure.label)

    @property
    def value(self) -> str:
        return shown.written(self.figure, self.figure.value)

    @property
    def goal(self) -> str:
        return shown.goal(self.figure)

    @property
    def tone(self) -> Any:
        tone = tone_of(self.figure, self.figure.value, self.figure.target, self.figure.floor)  # type: ignore[arg-type]
        return shown.TONES.get(tone)

    @property
    def remarked(self) -> bool:
        figure = self.figure
        return bool(self.late or self.appeal or self.action or figure.small or figure.excluded or figure.revision > 1)

    @property
    def appeal_state(self) -> Any:
        return APPEALS[self.appeal.state] if self.appeal else None

    @property
    def action_state(self) -> Any:
        return ACTIONS[self.action.state] if self.action else None


def lines(user: Any, hospital: Hospital, month: date) -> list[Line]:
    """Every figure of the month in its newest revision; six statements."""
    figures = list(queries.newest(queries.frozen(user).filter(hospital=hospital, month=month)))
    known = [figure.pk for figure in figures]
    out = set(PublishedFigure.objects.filter(frozen_id__in=known).values_list("frozen_id", flat=True))
    late = queries.late_of(known)
    here = {"hospital": hospital, "month": month}
    appeals = {one.key: one for one in Appeal.objects.filter(**here).order_by("pk")}
    actions = {one.key: one for one in Action.objects.filter(**here, state__in=LIVE).order_by("pk")}
    found = [Line(one, one.pk in out, late.get(one.pk), appeals.get(one.key), actions.get(one.key)) for one in figures]
    order = {"red": 0, "amber": 1, "green": 2}
    return sorted(found, key=lambda line: (order.get(line.tone.value if line.tone else "", 3), line.label))


class Month(SignedIn, View):
    """A month of a hospital, the figures that miss their target first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        hospital, month = asked_hospital(request, perm.FROZEN_VIEW), asked_month(request)
        return self.show(request, hospital, month)

    def show(self, request: HttpRequest, hospital: Hospital, month: date, wrong: Any = ()) -> HttpResponse:
        reply = queries.reply_of(hospital.pk, month)
        closed = MonthClose.objects.filter(hospital=hospital, month=month).first()
        over = month < timezone.localdate().replace(day=1)
        answers = can(request.user, perm.FIGURE_ANSWER, hospital)
        found = lines(request.user, hospital, month) if closed else []
        facts = {
            "hospital": hospital, "month": month, "months": offered_months(month), "closed": closed, "reply": reply,
            "hospitals": offered_hospitals(request.user, perm.FROZEN_VIEW), "crud": REPLY, "wrong": wrong,
            "lines": [one for one in found if one.figure.value is not None],
            "missing": [one for one in found if one.figure.value is None],
            "may_close": over and not closed and can(request.user, perm.MONTH_CLOSE, hospital),
            "may_appeal": answers and reply and reply.state in UNANSWERED and reply.due_on >= timezone.localdate(),
            "answers": answers, "open_appeals": sum(1 for one in found if one.appeal and one.appeal.state == FILED),
        }  # fmt: skip
        return TemplateResponse(request, "assessment/month.html", facts, status=422 if wrong else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Close the month by hand."""
        hospital, month = asked_hospital(request, perm.FROZEN_VIEW), asked_month(request)
        page, once = address(hospital, month), Once(request)
        if (first := once.earlier(page)) is not None:
            return go(request, first)
        try:
            freezing.close_month(request.user, hospital, month)
        except ValidationError as error:
            once.failed()
            return self.show(request, hospital, month, error.messages)
        once.done(page)
        return go(request, page)


def address(hospital: Hospital, month: date) -> str:
    return f"{reverse('assessment:month')}?hospital={hospital.pk}&month={month:%Y-%m}"


class OneReply(SignedIn, View):
    """A hospital's answer is given on the page of its month."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        reply = REPLY.get(request.user, pk)
        return redirect(address(reply.hospital, reply.month))


urls = [
    path("", Month.as_view(), name="month"),
    path("answers/<int:pk>/", OneReply.as_view(), name="reply"),
]
