"""Steer: the board: one column a state or a team, cards that are dragged, moved by keys, or by their sheet of steps."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from flow.machine import Transition
from tenancy.models import Team
from tenancy.permissions import TEAM_VIEW
from ui.moves import UNDO, steps
from ui.pages import SignedIn, go, next_url, whole
from workorders import dispatching, work_types
from workorders.crud import ORDER
from workorders.forms import DispatchForm
from workorders.machine import ORDERS
from workorders.models import WorkOrder
from workorders.states import REPORTED, STATES, URGENCIES, WAITING_REASONS
from workorders.views.desk import departments, mine


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What is under way, by state or by team."""
    rows, hospital = mine(request), getattr(request, "hospital", None)
    teams = Team.objects.for_user(request.user, TEAM_VIEW).filter(closed_on=None).order_by("name")
    teams = teams.filter(hospital_id=hospital["id"]) if hospital else teams.none()
    department, team = request.GET.get("department", ""), whole(request.GET.get("team"))
    teams = list(teams.filter(department=department) if department in work_types.departments() else teams)
    by_team = request.GET.get("by") == "team" and bool(teams)
    rows = rows.filter(team_id=team) if team and not by_team else rows
    facts = {
        "columns": _by_team(rows, teams) if by_team else _by_state(rows),
        "departments": departments(request),
        "teams": teams,
        "team": team,
        "by_team": by_team,
        "department": department,
        "query": request.GET.urlencode(),
    }
    return render(request, "workorders/board.html", facts)


def _by_state(rows: Any) -> list[dict[str, Any]]:
    columns = dispatching.board(rows, timezone.now())
    return [_head(column, STATES[column.key], "", f"state-{column.key}", f"state={column.key}") for column in columns]


def _by_team(rows: Any, teams: list[Team]) -> list[dict[str, Any]]:
    names = {str(team.pk): team.name for team in teams}
    columns = dispatching.board_by_team(rows, (team.pk for team in teams), timezone.now())
    return [
        _head(column, None, names[column.key], f"team-{column.key}", f"state=open&team={column.key}")
        if column.key
        else _head(column, STATES[REPORTED], "", f"state-{REPORTED}", f"state={REPORTED}")
        for column in columns
    ]


def _head(column: dispatching.Column, state: Any, name: str, drop: str, query: str) -> dict[str, Any]:
    for card in column.cards:
        card["urgent"] = URGENCIES[card["urgency"]] if card["urgency"] != "normal" else None
        card["waits"] = WAITING_REASONS.get(card["waiting_reason"])
        card["status"] = STATES[card["state"]]
    return {"column": column, "state": state, "name": name, "drop": drop, "list": query}


@login_required
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of one card, in the sheet."""
    order = ORDER.get(request.user, pk)
    facts = {"object": order, "state": STATES[order.state], "steps": steps(ORDER, order, request.user)}
    return render(request, "workorders/board_card.html", facts)


class Drop(SignedIn, View):
    """A card let go over a column: the step that leads there, at once or through its form in the sheet."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        order = ORDER.get(request.user, pk)
        kind, _dash, value = request.POST.get("to", "").partition("-")
        step = self.step(order, kind, value)
        if step is None:
            said = _("No step leads there from here. These are possible:")
            return self.sheet(order, request, said, status=422)
        if kind == "state" and step.form:
            url = ORDER.reverse("_move", pk=pk, name=step.name)
            form = import_string(step.form)(actor=request.user, obj=order)
            facts = {"object": order, "step": step, "form": form, "next": self.back(request), "url": url}
            return ORDER.render(request, "confirm", "form", **facts)
        return self.take(request, order, step, value if kind == "team" else "")

    def step(self, order: WorkOrder, kind: str, value: str) -> Transition | None:
        """What leads to a state, the main step first; a team is sent, or sent instead."""
        offered = ORDERS.available(order, self.request.user)
        if kind == "team":
            return next((step for step in offered if step.name in ("dispatch", "reassign")), None)
        fitting = [step for step in offered if step.target == value and step.name not in ("reassign", "transfer")]
        return min(fitting, key=lambda step: not step.main, default=None)

    def take(self, request: HttpRequest, order: WorkOrder, step: Transition, to: str) -> HttpResponse:
        data: dict[str, Any] = {}
        if to:
            form = DispatchForm({"to": to}, actor=request.user, obj=order)
            if not form.is_valid():
                return self.sheet(order, request, form.errors["to"][0], status=422)
            data = form.cleaned_data
        try:
            row = ORDERS.move(order, step.name, request.user, **data)
        except ValidationError as error:
            order.refresh_from_db()
            status = 409 if getattr(error, "code", "") == "stale" else 422
            return self.sheet(order, request, error.messages[0], status=status)
        undo = UNDO + reverse("workorders:order_undo", args=[row.pk]) if step.undoable else ""
        messages.success(request, _("%(what)s: %(step)s") % {"what": row, "step": step.label}, extra_tags=undo)
        return go(request, self.back(request))

    def sheet(self, order: WorkOrder, request: HttpRequest, said: str, status: int) -> HttpResponse:
        offered = steps(ORDER, order, request.user)
        facts = {
            "object": order,
            "state": STATES[order.state],
            "steps": offered,
            "said": said,
            "next": self.back(request),
        }
        return render(request, "workorders/board_card.html", facts, status=status)

    def back(self, request: HttpRequest) -> str:
        return next_url(request, reverse("workorders:board"))


urls = [
    path("board/", board, name="board"),
    path("board/<int:pk>/", card, name="board_card"),
    path("board/<int:pk>/drop/", Drop.as_view(), name="board_drop"),
]
