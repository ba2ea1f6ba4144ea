"""Teams and contractors: all one may see side by side, and the dashboard of each."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.safestring import SafeString

from kpi import sheets
from kpi.measure import measured_versions
from kpi.periods import Period, parse
from kpi.views import FigurePage
from reporting import parts
from reporting.parts import CONTRACTOR, TEAM, Part, PartBoard
from ui import formats
from ui.kept import kept
from workorders import work_types


class PartPage(FigurePage):
    """A page of teams and contractors."""

    def facts(self, period: Period, **more: Any) -> dict[str, Any]:
        return {"period": period, "periods": self.periods(period), **more}

    def drawn(self, request: HttpRequest, name: str, facts: dict[str, Any]) -> HttpResponse:
        return TemplateResponse(request, f"reporting/{name}.html", facts)


class Parts(PartPage):
    """Every team and every firm with the figures of the top."""

    def get(self, request: HttpRequest) -> HttpResponse:
        self.stand(request)  # who may see no figures at all is refused
        period, chosen = parse(request.GET.get("period", "")), getattr(request, "hospital", None)
        here = {"hospital": chosen["id"]} if chosen else {}
        teams = [
            (
                team,
                f"{team.hospital.short_name} · {work_types.department_of(team.department).label}",
                parts.of_team(team),
            )
            for team in parts.teams(request.user).filter(**here)
        ]
        firms = []
        engaged = parts.engagements(request.user).filter(**here)
        for contractor, found in groupby(engaged, key=lambda one: one.contractor):
            held = list(found)
            where = formats.listed(dict.fromkeys(one.hospital.short_name for one in held))
            firms.append((contractor, where, parts.of_contractor(contractor, held)))
        return self.drawn(request, "parts", self.facts(period, tables=self.tables(period, teams, firms)))

    def tables(self, period: Period, teams: list[Part], firms: list[Part]) -> SafeString:
        """Both tables. Whoever sees the same figures of the same parts sees the same until they are measured again."""
        kinds = [(TEAM, teams, "reporting:team"), (CONTRACTOR, firms, "reporting:contractor")]
        known = [(kind, found, page, parts.front(self.request.user, kind, found)) for kind, found, page in kinds]
        facts = [
            (kind, [stand for _part, _where, stand in found], [kpi.key for kpi in kpis])
            for kind, found, _page, kpis in known
        ]
        measured = measured_versions(parts.hospitals_of([*teams, *firms]))

        def draw() -> str:
            tables = [
                (kind, kpis, parts.compared(kpis, kind, found, period), page) for kind, found, page, kpis in known
            ]
            return render_to_string("reporting/partials/parts.html", {"tables": tables, "period": period})

        return kept("parts", (period.key, timezone.localdate(), facts, measured), draw)


class OnePart(PartPage):
    """The dashboard of a team or a firm."""

    def board(self, request: HttpRequest, stand: Any, **more: Any) -> HttpResponse:
        period = parse(request.GET.get("period", ""))
        board = PartBoard(request.user, stand, period)
        if request.GET.get("export") == "xlsx":
            return sheets.dashboard(board)
        return self.drawn(request, "part", self.facts(period, board=board, **more))


class OneTeam(OnePart):
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.stand(request)
        team = get_object_or_404(parts.teams(request.user), pk=pk)
        return self.board(request, parts.of_team(team), part=team, members=parts.members(request.user, team))


class OneContractor(OnePart):
    """One firm at every hospital where this person may see it."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        self.stand(request)
        found = list(parts.engagements(request.user).filter(contractor=pk))
        if not found:
            raise Http404
        where = [one.hospital for one in found]
        contractor = found[0].contractor
        return self.board(
            request, parts.of_contractor(contractor, found), part=contractor, where=list(dict.fromkeys(where))
        )
