"""Returns and the comparison of hospitals: all indicators of a period, one with every hospital, taking in a file."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from indicators import arranging, comparing, domain, queries, sheets, spans
from indicators import permissions as perm
from indicators.forms import IndicatorForm, ReturnsForm
from indicators.measures import offered, words_of
from indicators.models import Indicator, Quantity, ReturnFile
from tenancy.access import can
from tenancy.models import Consortium
from ui.charts import BARS, Chart, Series
from ui.excel import workbook
from ui.formats import number
from ui.kept import kept
from ui.listing import EXCEL
from ui.pages import Once, SignedIn, go

ORDERS = {"rank": "rank", "name": "name", "value": "value"}


class Compare(SignedIn, View):
    """Who sees returns; the period is the newest unless another is asked for."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, perm.RETURN_VIEW):
            raise PermissionDenied(perm.RETURN_VIEW)
        return super().dispatch(request, *args, **kwargs)

    def span(self) -> tuple[list[tuple[str, str, bool]], tuple[date, date] | None]:
        """(address, words, chosen) of every period there is, and the chosen one."""
        found = queries.spans(self.request.user)
        asked = self.request.GET.get("period", "")
        chosen = next((one for one in found if _key(one) == asked), found[0] if found else None)
        return [(_key(one), spans.written(*one), one == chosen) for one in found], chosen


def _key(span: tuple[date, date]) -> str:
    return f"{span[0]}_{span[1]}"


class Overview(Compare):
    """Every indicator of a period: all together, the middle hospital, how many have a value."""

    def get(self, request: HttpRequest) -> HttpResponse:
        (periods, span), found = self.span(), list(queries.indicators(request.user))
        if request.GET.get("export") == "xlsx":
            return _file(sheets.overview(queries.summaries(request.user, found, span)), "indicators")
        seen = (queries.mark(request.user, span), [_facts(one) for one in found])
        facts = {
            "any": found,
            "drawn": found and kept("comparison", seen, lambda: self.rows(found, span)),
            "periods": periods,
            "span": span and _key(span),
            "may_change": queries.may_take_in(request.user),
        }
        return TemplateResponse(request, "indicators/overview.html", facts)

    def rows(self, found: list[Indicator], span: tuple[date, date] | None) -> str:
        facts = {"rows": queries.summaries(self.request.user, found, span), "span": span and _key(span)}
        return str(render_to_string("indicators/partials/summaries.html", facts))


class One(Compare):
    """One indicator with every hospital: value, rank, quartile, group, outliers; searched, sorted, to Excel."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        indicator = get_object_or_404(queries.indicators(request.user), key=key)
        periods, span = self.span()
        asked = {name: request.GET.get(name, "") for name in ("group", "q", "sort")}
        if request.GET.get("export") == "xlsx":
            return _file(sheets.comparison(indicator, self.compared(indicator, span, asked)["rows"]), indicator.key)

        def draw() -> str:
            facts = {"periods": periods, "span": span and _key(span), **self.compared(indicator, span, asked)}
            return str(render_to_string("indicators/partials/compared.html", facts))

        seen = (queries.mark(request.user, span), _facts(indicator), sorted(asked.items()), periods)
        facts = {
            "indicator": indicator, "drawn": kept("compared", seen, draw), "span": span and _key(span), **asked,
            "may_change": queries.may_take_in(request.user),
        }  # fmt: skip
        return TemplateResponse(request, "indicators/one.html", facts)

    def compared(
        self, indicator: Indicator, span: tuple[date, date] | None, asked: dict[str, str]
    ) -> dict[str, Any]:  # fmt: skip
        """The hospitals that are asked for, by rank or in another order, with what stands above them."""
        everybody = queries.standings(self.request.user, [indicator], span)[indicator.pk]
        among = [row for row in everybody if not asked["group"] or row.group == asked["group"]]
        rows = comparing.compared(among, indicator.good)
        return {
            "indicator": indicator, "groups": sorted({row.group for row in everybody if row.group}),
            "rows": _sorted(_searched(rows, asked["q"]), asked["sort"]), "summary": queries.summed(indicator, among),
            "chart": _chart(rows, indicator), "parts": _parts(indicator),
            "outliers": sum(1 for row in rows if row.outlier), **asked,
        }  # fmt: skip


def _facts(indicator: Indicator) -> list[Any]:
    """Everything that the office may change of it."""
    return [getattr(indicator, field.attname) for field in Indicator._meta.concrete_fields]


def _parts(indicator: Indicator) -> dict[str, str]:
    known = offered(indicator.consortium_id)
    return {part: words_of(tuple(getattr(indicator, part)), known) for part in ("numerator", "denominator")}


def _searched(rows: list[comparing.Standing], text: str) -> list[comparing.Standing]:
    words = text.strip().lower()
    return [r for r in rows if words in r.hospital.name.lower() or words in r.hospital.code.lower()] if words else rows


def _sorted(rows: list[comparing.Standing], by: str) -> list[comparing.Standing]:
    if by == "name":
        return sorted(rows, key=lambda row: row.hospital.name)
    if by == "group":
        return sorted(rows, key=lambda row: (row.group, row.rank is None, row.rank or 0))
    return rows


def _chart(rows: list[comparing.Standing], indicator: Indicator) -> Chart:
    bars = comparing.histogram([row.value for row in rows if row.value is not None])
    labels = [f"{number(low, 2)} – {number(high, 2)}" for low, high, _count in bars]
    counts = Series(_("Hospitals"), [count for _low, _high, count in bars])
    note = _(
        "What lies beyond one and a half times the distance of the quartiles stands in the first and the last bar."
    )
    return Chart("distribution", _("How are the hospitals spread?"), BARS, labels, [counts], digits=0, note=note)


def _file(sheet: tuple[str, list[str], list[list[Any]]], name: str) -> HttpResponse:
    return HttpResponse(workbook(*sheet), EXCEL, headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'})


class Change(SignedIn, View):
    """Who takes in returns for a consortium."""

    consortium: Consortium

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated:
            found = queries.consortium_of(request.user)
            if found is None:
                raise PermissionDenied(perm.RETURN_CHANGE)
            self.consortium = found
        return super().dispatch(request, *args, **kwargs)


class Files(Change):
    """Hand in a file of returns; those handed in before stand below."""

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(ReturnsForm(actor=request.user))

    def show(self, form: ReturnsForm, status: int = 200) -> HttpResponse:
        files = ReturnFile.objects.filter(consortium=self.consortium).defer("content", "mapping").order_by("-id")[:20]
        rows = [(file, spans.written(file.first, file.last)) for file in files]
        return TemplateResponse(self.request, "indicators/files.html", {"form": form, "files": rows}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ReturnsForm(request.POST, request.FILES, actor=request.user)
        if form.is_valid():
            given = form.cleaned_data
            try:
                first, last = given["span"]
                file = domain.hand_in(
                    request.user, self.consortium, content=given["file"].read(), name=given["file"].name,
                    mapping=given["assigned"], first=first, last=last,
                )  # fmt: skip
                if given["assigned"] is None:
                    return go(request, reverse("indicators:columns", args=[file.pk]))
                if given["remember_as"].strip():
                    domain.keep_mapping(
                        request.user, self.consortium, name=given["remember_as"], mapping=given["assigned"]
                    )
                return go(request, reverse("indicators:file", args=[file.pk]))
            except ValidationError as error:
                form.refuse(error)
        return self.show(form, 422)


class File(Change):
    """What the check of a file found, and the button that makes it count."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.file(pk)
        if not file.mapping:
            return go(request, reverse("indicators:columns", args=[pk]))
        return self.show(file)

    def file(self, pk: int) -> ReturnFile:
        return get_object_or_404(ReturnFile.objects.defer("content"), pk=pk, consortium=self.consortium)

    def show(self, file: ReturnFile, wrong: list[str] | None = None) -> HttpResponse:
        called = {one.key: str(one) for one in Quantity.objects.filter(consortium=file.consortium_id)}
        empty = [(called.get(key, key), count) for key, count in file.result.get("empty", {}).items() if count]
        changed = [(code, called.get(key, key), *values) for code, key, *values in file.result.get("changed", ())]
        facts = {
            "file": file, "period": spans.written(file.first, file.last), "wrong": wrong, "empty": empty,
            "changed": changed,
            "strangers": not wrong and domain.strangers(self.request.user, file),
        }  # fmt: skip
        return TemplateResponse(self.request, "indicators/file.html", facts, status=422 if wrong else 200)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        file = self.file(pk)
        try:
            domain.take_in(request.user, file, skip_bad=request.POST.get("skip") == "1")
        except ValidationError as error:
            return self.show(file, error.messages)
        return go(request, reverse("indicators:overview"))


class Arrange(Change):
    """Write a new indicator, or change one."""

    def form(self, indicator: Indicator | None, data: Any = None) -> IndicatorForm:
        return IndicatorForm(data, actor=self.request.user, obj=indicator)

    def indicator(self, key: str) -> Indicator | None:
        if not key:
            return None
        found = Indicator.objects.filter(consortium=self.consortium, key=key).first()
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, key: str = "") -> HttpResponse:
        indicator = self.indicator(key)
        return self.show(self.form(indicator), indicator)

    def show(self, form: IndicatorForm, indicator: Indicator | None, status: int = 200) -> HttpResponse:
        facts = {"form": form, "indicator": indicator}
        return TemplateResponse(self.request, "indicators/form.html", facts, status=status)

    def post(self, request: HttpRequest, key: str = "") -> HttpResponse:
        indicator, once = self.indicator(key), Once(request)
        form = self.form(indicator, request.POST)
        if not form.is_valid():
            return self.show(form, indicator, 422)
        if (first := once.earlier(reverse("indicators:overview"))) is not None:
            return go(request, first)
        row = indicator or Indicator(consortium=self.consortium, key=f"own-{uuid.uuid4().hex[:12]}")
        try:
            form.still_stands()
            arranging.arrange(request.user, row, **form.cleaned_data)
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.show(form, indicator, 422)
        page = reverse("indicators:one", args=[row.key]) if row.active else reverse("indicators:overview")
        once.done(page)
        return go(request, page)
