"""One frozen figure: every value it ever had, what it was made of, and the records behind it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.views import View

from assessment import chain, domain, queries, shown
from assessment import permissions as perm
from assessment.forms import AppealForm, PlanForm
from assessment.models import Action, Appeal, FrozenFigure, FrozenRows, LateChange
from assessment.states import ACTIONS, APPEALS, CAUSES, REASONS
from assessment.views.month import address
from kpi.figures import tone_of
from kpi.registry import DENOMINATOR, NUMERATOR
from tenancy.access import can
from ui.forms import Form
from ui.pages import Once, SignedIn, go, whole

PER_PAGE = 50
LATE_SHOWN = 20


def find(request: HttpRequest, pk: int, permission: str = "") -> FrozenFigure:
    """404 for what one may not see, 403 for what one may see but not do this with."""
    figure: FrozenFigure = get_object_or_404(queries.frozen(request.user).select_related("hospital"), pk=pk)
    if permission and not can(request.user, permission, figure):
        raise PermissionDenied(permission)
    return figure


class Figure(SignedIn, View):
    """What the figure says and said, why, and what is done about it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        figure = find(request, pk)
        revisions = queries.frozen_of(figure.hospital_id, figure.key, figure.month)
        parts = FrozenRows.objects.filter(figure=figure).defer("ids", "amounts").order_by("pk")
        here = {"hospital": figure.hospital_id, "key": figure.key, "month": figure.month}
        late = queries.late_of([one.pk for one in revisions]).get(revisions[0].pk)
        facts = {
            "figure": figure, "label": shown.label_of(figure.key, figure.label), "value": shown.written(figure, figure.value),
            "tone": shown.TONES.get(tone_of(figure, figure.value, figure.target, figure.floor)),  # type: ignore[arg-type]
            "goal": shown.goal(figure), "words": shown.words_of(figure), "month_url": address(figure.hospital, figure.month),
            "revisions": [(one, shown.written(one, one.value), CAUSES[one.cause]) for one in revisions],
            "newest": revisions[0], "rows": parts, "late": late, "late_value": late and shown.written(figure, late.value),
            "changes": changes(request.user, late), "intact": chain.digest(figure) == figure.digest and chain.is_sealed(figure),
            "appeals": [(one, APPEALS[one.state]) for one in Appeal.objects.filter(**here).order_by("-pk")],
            "actions": [(one, ACTIONS[one.state]) for one in Action.objects.filter(**here).order_by("-pk")],
            "exclusions": [row | {"words_of": REASONS[row["reason"]].label} for row in figure.exclusions],
            "may_appeal": figure.pk == revisions[0].pk and domain.may_appeal(request.user, figure),
            "may_plan": can(request.user, perm.ACTION_CHANGE, figure),
            "reply": queries.reply_of(figure.hospital_id, figure.month),
        }  # fmt: skip
        return TemplateResponse(request, "assessment/figure.html", facts)


def changes(user: Any, late: LateChange | None) -> list[dict[str, Any]]:
    """Which records differ from what was frozen, the first of them, with links for who may see them."""
    if late is None:
        return []
    first = late.records[:LATE_SHOWN]
    names = shown.records(user, {(one["subject"], one["id"]) for one in first})
    return [
        one | dict(zip(("name", "url"), names.get((one["subject"], one["id"]), ("", "")), strict=True)) for one in first
    ]


class Records(SignedIn, View):
    """The records that were counted, fifty a page, each a link; ticked ones go into an appeal."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        figure = find(request, pk)
        part = request.GET.get("part") or NUMERATOR
        if part not in (NUMERATOR, DENOMINATOR):
            raise Http404
        pairs = [
            ((row.subject, record), amount)
            for row in FrozenRows.objects.filter(figure=figure, part=part).order_by("pk")
            for record, amount in chain.kept(row).pairs
        ]
        page = whole(request.GET.get("page")) or 1
        here = pairs[(page - 1) * PER_PAGE : page * PER_PAGE]
        names = shown.records(request.user, {key for key, _amount in here})
        lines = [(f"{key[0]}:{key[1]}", key[1], *names.get(key, ("", "")), amount) for key, amount in here]
        facts = {
            "figure": figure, "label": shown.label_of(figure.key, figure.label), "part": part, "lines": lines, "page": page,
            "total": len(pairs), "has_denominator": bool(figure.definition["below"]),
            "before": page - 1, "after": page + 1 if page * PER_PAGE < len(pairs) else 0,
            "hidden": sum(1 for line in lines if not line[2]), "may_appeal": domain.may_appeal(request.user, figure),
        }  # fmt: skip
        return TemplateResponse(request, "assessment/records.html", facts)


class _Step(SignedIn, View):
    """A form about one figure."""

    permission = ""
    template = ""
    form: type[Form] = Form

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        figure = find(request, pk, self.permission)
        return self.show(figure, self.form(actor=request.user, obj=figure))

    def show(self, figure: FrozenFigure, form: Form, status: int = 200) -> HttpResponse:
        facts = {"figure": figure, "form": form, "label": shown.label_of(figure.key, figure.label), **self.more(figure)}
        return TemplateResponse(self.request, self.template, facts, status=status)

    def more(self, figure: FrozenFigure) -> dict[str, Any]:
        return {}

    def act(self, figure: FrozenFigure, data: dict[str, Any]) -> str:
        raise NotImplementedError

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        figure = find(request, pk, self.permission)
        form, once = self.form(request.POST, request.FILES, actor=request.user, obj=figure), Once(request)
        if not form.is_valid():
            return self.show(figure, form, 422)
        if (first := once.earlier(reverse("assessment:figure", args=[pk]))) is not None:
            return go(request, first)
        try:
            page = self.act(figure, form.cleaned_data)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(figure, form, 422)
        once.done(page)
        return go(request, page)


class FileAppeal(_Step):
    """Say why a figure is wrong; the records that were ticked come along."""

    permission = perm.FIGURE_ANSWER
    template = "assessment/appeal_form.html"
    form = AppealForm

    def keys(self) -> list[tuple[str, int]]:
        asked = self.request.POST.getlist("record") or self.request.GET.getlist("record")
        pairs = [text.rpartition(":") for text in asked[: domain.MOST + 1]]
        return [(subject, pk) for subject, _colon, number in pairs if (pk := whole(number))]

    def more(self, figure: FrozenFigure) -> dict[str, Any]:
        keys = self.keys()
        names = shown.records(self.request.user, set(keys))
        return {"picked": [(f"{key[0]}:{key[1]}", names.get(key, (str(key[1]), ""))[0]) for key in keys]}

    def act(self, figure: FrozenFigure, data: dict[str, Any]) -> str:
        keys = self.keys()
        names = {key: name for key, (name, _url) in shown.records(self.request.user, set(keys)).items()}
        made = domain.file_appeal(self.request.user, figure, records=keys, names=names, **data)
        return reverse("assessment:appeal", args=[made.pk])


class Plan(_Step):
    """Plan an improvement of a figure."""

    permission = perm.ACTION_CHANGE
    template = "assessment/plan_form.html"
    form = PlanForm

    def more(self, figure: FrozenFigure) -> dict[str, Any]:
        return {"value": shown.written(figure, figure.value)}

    def act(self, figure: FrozenFigure, data: dict[str, Any]) -> str:
        made = domain.plan_action(self.request.user, figure, **data)
        return reverse("assessment:action", args=[made.pk])


urls = [
    path("figures/<int:pk>/", Figure.as_view(), name="figure"),
    path("figures/<int:pk>/records/", Records.as_view(), name="figure_records"),
    path("figures/<int:pk>/appeal/", FileAppeal.as_view(), name="figure_appeal"),
    path("figures/<int:pk>/improve/", Plan.as_view(), name="figure_plan"),
]
