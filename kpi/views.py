"""Pages of figures: the dashboard, one figure explained and broken down, the targets."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from kpi import registry, sheets
from kpi.aims import aims
from kpi.breakdown import Breakdown
from kpi.dashboard import Board
from kpi.domain import set_target
from kpi.forms import TargetForm
from kpi.models import Target
from kpi.periods import MONTHS, Period, parse
from kpi.permissions import FIGURE_VIEW, TARGET_CHANGE, TARGET_VIEW
from kpi.queries import stand_of, visible
from kpi.registry import Kpi, Standpoint
from kpi.tables import TargetTable, shown
from tenancy.access import can, hospitals
from tenancy.models import Consortium, Hospital
from ui.pages import Once, SignedIn, go


class FigurePage(SignedIn, View):
    """Who may see no figures at all is refused; who sees none of the chosen hospital is told so."""

    def stand(self, request: HttpRequest) -> Standpoint | None:
        if not can(request.user, FIGURE_VIEW):
            raise PermissionDenied(FIGURE_VIEW)
        chosen = getattr(request, "hospital", None)
        return stand_of(request.user, chosen["id"] if chosen else None)

    @staticmethod
    def periods(period: Period) -> list[tuple[str, Any, str, bool]]:
        words = {"month": _("Month"), "quarter": _("Quarter"), "year": _("Year")}
        return [(kind, words[kind], period.of_kind(kind).key, kind == period.kind) for kind in MONTHS]

    def page(self, name: str, period: Period, **facts: Any) -> HttpResponse:
        facts |= {
            "period": period,
            "periods": self.periods(period),
            "may_see_targets": can(self.request.user, TARGET_VIEW),
        }
        return TemplateResponse(self.request, f"kpi/{name}.html", facts)


class Dashboard(FigurePage):
    """The figures of a hospital, or of all of them side by side."""

    def get(self, request: HttpRequest) -> HttpResponse:
        stand, period = self.stand(request), parse(request.GET.get("period", ""))
        if stand is None:
            return self.page("none", period)
        board = Board(request.user, stand, period)
        if request.GET.get("export") == "xlsx":
            return sheets.dashboard(board)
        return self.page("dashboard", period, board=board)


class OneFigure(FigurePage):
    """What a figure says, how it is reckoned, and whose it is."""

    def get(self, request: HttpRequest, key: str) -> HttpResponse:
        kpi = self.known(key)
        stand, period = self.stand(request), parse(request.GET.get("period", ""))
        if stand is None:
            return self.page("none", period)
        if kpi not in visible(request.user, stand):
            raise Http404
        board = Breakdown(request.user, stand, period, kpi, request.GET.get("by", ""))
        if request.GET.get("export") == "xlsx":
            return sheets.breakdown(board)
        return self.page("figure", period, board=board, kpi=kpi)

    def known(self, key: str) -> Kpi:
        kpi = next((kpi for kpi in registry.kpis() if kpi.key == key), None)
        if kpi is None or (kpi.needs and not can(self.request.user, kpi.needs)):
            raise Http404
        return kpi


class Targets(SignedIn, View):
    """Which targets hold and held, the newest first."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, TARGET_VIEW):
            raise PermissionDenied(TARGET_VIEW)
        ours = {h["consortium"] for h in hospitals(request.user)}
        common = Q(hospital=None, consortium__in=ours)  # what holds for all is known to all who may see targets
        seen = Target.objects.for_user(request.user, TARGET_VIEW) | Target.objects.filter(common)
        rows = seen.order_by(*TargetTable.ordering()).values(*sorted(TargetTable.fields()))
        known = {aim.key: aim for pk in sorted(ours) for aim in aims(pk).values()}
        table = TargetTable([shown(row, known.get(row["kpi"])) for row in rows], all_hospitals=True)
        facts = {"table": table, "heads": table.heads(request.GET), "may_set": can(request.user, TARGET_CHANGE)}
        return TemplateResponse(request, "kpi/targets.html", facts)


class NewTarget(SignedIn, View):
    """Set a target from a day on."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if request.user.is_authenticated and not can(request.user, TARGET_CHANGE):
            raise PermissionDenied(TARGET_CHANGE)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(TargetForm(actor=request.user, initial={"kpi": request.GET.get("kpi", "")}))

    def show(self, form: TargetForm, status: int = 200) -> HttpResponse:
        return TemplateResponse(self.request, "kpi/target_form.html", {"form": form}, status=status)

    def post(self, request: HttpRequest) -> HttpResponse:
        form, once = TargetForm(request.POST, actor=request.user), Once(request)
        if not form.is_valid():
            return self.show(form, 422)
        page = reverse("kpi:targets")
        if (first := once.earlier(page)) is not None:
            return go(request, first)
        try:
            set_target(request.user, consortium=self.consortium(form.cleaned_data["hospital"]), **form.cleaned_data)
        except (ValidationError, PermissionDenied) as error:
            once.failed()
            form.refuse(error if isinstance(error, ValidationError) else self.not_yours())
            return self.show(form, 422)
        once.done(page)
        return go(request, page)

    @staticmethod
    def not_yours() -> ValidationError:
        return ValidationError({"hospital": _("You may set targets of your own hospital only.")})

    def consortium(self, hospital: Hospital | None) -> Consortium:
        mine = hospitals(self.request.user)
        return hospital.consortium if hospital else Consortium.objects.get(pk=mine[0]["consortium"])
