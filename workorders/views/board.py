"""Steer: the board. Columns are states, cards are orders; buttons and keys take the steps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_GET

from tenancy.models import Team
from tenancy.permissions import TEAM_VIEW
from ui.moves import steps
from ui.pages import whole
from workorders import dispatching, work_types
from workorders.crud import ORDER
from workorders.states import STATES, URGENCIES, WAITING_REASONS
from workorders.views.desk import departments, mine


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What is under way, by state."""
    rows, hospital = mine(request), getattr(request, "hospital", None)
    teams = Team.objects.for_user(request.user, TEAM_VIEW).filter(closed_on=None).order_by("name")
    teams = teams.filter(hospital_id=hospital["id"]) if hospital else teams.none()
    department, team = request.GET.get("department", ""), whole(request.GET.get("team"))
    teams = teams.filter(department=department) if department in work_types.departments() else teams
    rows = rows.filter(team_id=team) if team else rows
    columns = [(STATES[column.state], column) for column in dispatching.board(rows, timezone.now())]
    for _state, column in columns:
        for card in column.cards:
            _dress(card)
    facts = {"columns": columns, "departments": departments(request), "teams": list(teams), "team": team}
    query = request.GET.urlencode()
    return render(request, "workorders/board.html", {**facts, "department": department, "query": query})


def _dress(card: dict[str, Any]) -> None:
    card["urgent"] = URGENCIES[card["urgency"]] if card["urgency"] != "normal" else None
    card["waits"] = WAITING_REASONS.get(card["waiting_reason"])


@login_required
@require_GET
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """The steps of one card, in the sheet."""
    order = ORDER.get(request.user, pk)
    facts = {"object": order, "state": STATES[order.state], "steps": steps(ORDER, order, request.user)}
    return render(request, "workorders/board_card.html", facts)


urls = [
    path("board/", board, name="board"),
    path("board/<int:pk>/", card, name="board_card"),
]
