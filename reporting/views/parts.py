"""Teams and contractors: all one may see side by side, and the dashboard of each."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse

from kpi import sheets
from kpi.periods import Period, parse
from kpi.views import FigurePage
from reporting import parts
from reporting.parts import CONTRACTOR, TEAM, PartBoard
from ui import formats
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
        facts = self.facts(
            period,
            teams=parts.compared(request.user, TEAM, teams, period),
            firms=parts.compared(request.user, CONTRACTOR, firms, period),
        )
        return self.drawn(request, "parts", facts)


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
