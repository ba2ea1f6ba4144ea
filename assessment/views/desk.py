"""The office: what is closed and odd, publishing, its deadlines, the committee's agenda, what everybody reads."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views import View

from assessment import domain, freezing, publishing, queries, shown
from assessment import permissions as perm
from assessment.forms import PublishForm, RulesForm
from assessment.models import (
    Action,
    Appeal,
    Exclusion,
    FrozenFigure,
    LateChange,
    MonthClose,
    Publication,
    PublishedFigure,
    Reply,
)
from assessment.states import ANSWERS, ASKED, FILED, LIVE
from assessment.views.common import asked_consortium, asked_month, offered_months
from indicators.library import shipped
from tenancy.access import can, hospitals, hospitals_with
from tenancy.models import Consortium, Hospital
from ui.pages import Once, SignedIn, go


def board(consortium: Consortium, month: date, user: Any) -> list[dict[str, Any]]:
    """What is odd about a month, hospital by hospital, before it is published; seven statements."""
    seen = hospitals_with(user, perm.FROZEN_VIEW)
    ours = list(Hospital.objects.filter(consortium=consortium, pk__in=seen, is_open=True))
    closes = {one.hospital_id: one for one in MonthClose.objects.filter(hospital__in=seen, month=month)}
    frozen = FrozenFigure.objects.filter(hospital__in=seen, month=month).values("hospital").order_by()
    counts = {
        row["hospital"]: row
        for row in frozen.annotate(
            figures=Count("pk"), small=Count("pk", filter=Q(small=True)), empty=Count("pk", filter=Q(value=None)),
            excluded=Count("pk", filter=Q(excluded__gt=0)),
        )
    }  # fmt: skip

    def per(rows: Any) -> dict[int, int]:
        return dict(rows.order_by().values_list("hospital").annotate(Count("pk")))

    late = per(LateChange.objects.filter(hospital__in=seen, figure__month=month, count__gt=0))
    asked = per(Exclusion.objects.filter(hospital__in=seen, month=month, state=ASKED))
    appeals = per(Appeal.objects.filter(hospital__in=seen, month=month, state=FILED))
    out = per(PublishedFigure.objects.filter(consortium=consortium, month=month))
    replies = {one.hospital_id: one for one in Reply.objects.filter(hospital__in=seen, month=month)}
    return [
        {
            "hospital": one, "close": closes.get(one.pk), "counts": counts.get(one.pk, {}), "late": late.get(one.pk, 0),
            "asked": asked.get(one.pk, 0), "appeals": appeals.get(one.pk, 0), "published": out.get(one.pk, 0),
            "reply": replies.get(one.pk), "answer": ANSWERS[replies[one.pk].state] if one.pk in replies else None,
        }
        for one in ours
    ]  # fmt: skip


class Desk(SignedIn, View):
    """Look, then publish."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(request, PublishForm(actor=request.user))

    def show(self, request: HttpRequest, form: PublishForm, status: int = 200) -> HttpResponse:
        consortium, month = asked_consortium(request.user, perm.MONTH_PUBLISH), asked_month(request)
        rows = board(consortium, month, request.user)
        facts = {
            "form": form, "month": month, "months": offered_months(month), "rows": rows,
            "waiting": sum(1 for row in rows if row["close"] and row["counts"].get("figures", 0) > row["published"]),
            "open": sum(1 for row in rows if not row["close"]), "rules": queries.rules_of(consortium.pk),
            "publications": Publication.objects.filter(consortium=consortium, month=month).order_by("-pk"),
        }  # fmt: skip
        return TemplateResponse(request, "assessment/desk.html", facts, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        consortium, month = asked_consortium(request.user, perm.MONTH_PUBLISH), asked_month(request)
        form, once = PublishForm(request.POST, actor=request.user), Once(request)
        page = f"{reverse('assessment:desk')}?month={month:%Y-%m}"
        if not form.is_valid():
            return self.show(request, form, 422)
        if (first := once.earlier(page)) is not None:
            return go(request, first)
        try:
            publishing.publish(request.user, consortium, month, form.cleaned_data["note"])
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(request, form, 422)
        once.done(page)
        return go(request, page)


class CloseAll(SignedIn, View):
    """Close the month of every hospital that is still open."""

    def post(self, request: HttpRequest) -> HttpResponse:
        consortium, month = asked_consortium(request.user, perm.MONTH_PUBLISH), asked_month(request)
        done = MonthClose.objects.filter(month=month).values("hospital")
        for hospital in Hospital.objects.filter(consortium=consortium, is_open=True).exclude(pk__in=done):
            if can(request.user, perm.MONTH_CLOSE, hospital):
                freezing.close_month(request.user, hospital, month)
        return go(request, f"{reverse('assessment:desk')}?month={month:%Y-%m}")


class SetRules(SignedIn, View):
    """When months close and how long people have."""

    def get(self, request: HttpRequest) -> HttpResponse:
        rules = queries.rules_of(asked_consortium(request.user, perm.MONTH_PUBLISH).pk)
        return self.show(RulesForm(actor=request.user, obj=rules))

    def show(self, form: RulesForm, status: int = 200) -> HttpResponse:
        return TemplateResponse(self.request, "assessment/rules.html", {"form": form}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        consortium = asked_consortium(request.user, perm.MONTH_PUBLISH)
        form = RulesForm(request.POST, actor=request.user)
        if not form.is_valid():
            return self.show(form, 422)
        try:
            domain.set_rules(request.user, consortium, **form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
            return self.show(form, 422)
        return go(request, reverse("assessment:desk"))


class Agenda(SignedIn, View):
    """What comes before the committee: red twice in a row, with what is done about it."""

    def get(self, request: HttpRequest) -> HttpResponse:
        consortium, month = asked_consortium(request.user, perm.MONTH_PUBLISH), asked_month(request)
        pairs = queries.worse_again(consortium.pk, month)
        here = {
            "hospital__in": {now.hospital_id for now, _before in pairs},
            "key__in": {now.key for now, _before in pairs},
        }
        actions = {
            (one.hospital_id, one.key): one for one in Action.objects.filter(**here, state__in=LIVE).order_by("pk")
        }
        rows = [
            {
                "now": now, "label": shown.label_of(now.key, now.label), "value": shown.written(now, now.value),
                "before": shown.written(before, before.value), "goal": shown.goal(now),
                "action": actions.get((now.hospital_id, now.key)),
            }
            for now, before in pairs
        ]  # fmt: skip
        facts = {"rows": rows, "month": month, "months": offered_months(month)}
        return TemplateResponse(request, "assessment/agenda.html", facts)


class Published(SignedIn, View):
    """What was published of a month: every member's value of one indicator, or every indicator of one's own hospitals."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, perm.PUBLISHED_VIEW):
            raise PermissionDenied(perm.PUBLISHED_VIEW)
        month, key = asked_month(request), request.GET.get("key", "")
        rows = queries.published_rows(request.user).filter(month=month)
        labels = {k: shown.label_of(k, label) for k, label in rows.order_by().values_list("key", "label").distinct()}
        order = {one: place for place, one in enumerate(shipped())}  # the standards of the regulation first
        keys = sorted(labels, key=lambda one: (order.get(one, len(order)), labels[one]))
        key = key if key in labels else keys[0] if keys else ""
        mine = hospitals_with(request.user, perm.FROZEN_VIEW)
        found: dict[int, list[PublishedFigure]] = {}
        for row in rows.filter(key=key).select_related("hospital").order_by("hospital__code", "-revision"):
            found.setdefault(row.hospital_id, []).append(row)
        facts = {
            "month": month, "months": offered_months(month), "keys": [(one, labels[one]) for one in keys], "key": key,
            "label": labels.get(key, ""), "own": {one["id"] for one in hospitals(request.user)},
            "rows": [(every[0], line(every), every[0].hospital_id in mine) for every in found.values()],
            "notes": Publication.objects.filter(month=month).exclude(note="").order_by("-pk"),
        }  # fmt: skip
        return TemplateResponse(request, "assessment/published.html", facts)


def line(every: list[PublishedFigure]) -> dict[str, Any]:
    """A hospital's value with the ones before it was restated."""
    now, *before = every
    return {
        "value": shown.written(now, now.value), "goal": shown.goal(now), "tone": shown.TONES.get(now.tone),
        "before": [shown.written(one, one.value) for one in before],
    }  # fmt: skip


urls = [
    path("desk/", Desk.as_view(), name="desk"),
    path("desk/close/", CloseAll.as_view(), name="close_all"),
    path("desk/deadlines/", SetRules.as_view(), name="rules"),
    path("agenda/", Agenda.as_view(), name="agenda"),
    path("published/", Published.as_view(), name="published"),
]
