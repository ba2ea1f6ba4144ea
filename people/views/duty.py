"""On-call duty of teams and departments and the hospital's duty officer, week by week."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_GET

from people import board, domain, queries
from people import permissions as perm
from people.forms import DutyForm
from people.models import Duty
from people.states import WEEK, Line
from tenancy.access import can, hospitals_with
from tenancy.models import Hospital, Team
from tenancy.modules import label_of
from ui.pages import Once, SignedIn, go


@dataclass(frozen=True)
class Row:
    """One line of the plan: the duty officer, or a line of a department or a team, with a duty (or none) for each day."""

    words: Any
    second: Any
    line: str
    department: str
    team: Team | None
    duties: list[tuple[date, Duty | None]]
    may_change: bool


def hospital_asked(request: HttpRequest) -> Hospital:
    """The hospital of the switch, else the first one whose duties one may see."""
    chosen, mine = getattr(request, "hospital", None), hospitals_with(request.user, perm.ROSTER_VIEW)
    if not mine:
        raise PermissionDenied(perm.ROSTER_VIEW)
    pk = chosen["id"] if chosen and chosen["id"] in mine else min(mine)
    return get_object_or_404(Hospital, pk=pk)


@login_required
@require_GET
def duties(request: HttpRequest) -> HttpResponse:
    """Who is called in the nights of a week."""
    hospital, today = hospital_asked(request), timezone.localdate()
    monday = board.week_asked(request.GET.get("week", ""), today)
    days = [monday + timedelta(days=n) for n in range(WEEK)]
    facts = {
        "hospital": hospital,
        "rows": rows(request.user, hospital, days),
        "heads": board.heads(days),
        "today": today,
        "before": monday - timedelta(days=WEEK),
        "after": monday + timedelta(days=WEEK),
        "monday": monday,
    }
    return render(request, "people/duties.html", facts)


def rows(user: Any, hospital: Hospital, days: list[date]) -> list[Row]:
    """The duty officer first, then departments with their teams. Everybody who may open the page sees who may be called."""
    found = Duty.objects.filter(hospital=hospital, day__range=(days[0], days[-1])).select_related("member")
    have = {(duty.line, duty.department, duty.team_id, duty.day): duty for duty in found}
    teams = list(Team.objects.filter(hospital=hospital, closed_on=None).order_by("department", "name"))
    parts: list[tuple[Any, str, Team | None]] = []
    for department in sorted({team.department for team in teams}):
        parts.append((label_of(department), department, None))
        parts += [(team.name, department, team) for team in teams if team.department == department]
    lines = [(Line.OFFICER.label, "", Line.OFFICER, "", None)]
    lines += [(words, line.label, line, key, team) for words, key, team in parts for line in (Line.FIRST, Line.SECOND)]
    made = []
    for words, second, line, key, team in lines:
        cells = [(day, have.get((line, key, team.pk if team else None, day))) for day in days]
        may = can(user, perm.ROSTER_CHANGE, Duty(hospital=hospital, line=line, department=key, team=team))
        if may or line == Line.OFFICER or any(duty for _day, duty in cells):
            made.append(Row(words, second, line, key, team, cells, may))
    return made


class SetDuty(SignedIn, View):
    """Who is called in one night."""

    def find(self, hospital_pk: int, day: str, line: str) -> tuple[Duty, Duty | None]:
        """The duty as it is asked for, and the one that is there. 404 where one may not see, 403 where not change."""
        department = self.request.GET.get("department", "")
        hospital = get_object_or_404(Hospital, pk=hospital_pk)
        if hospital.pk not in hospitals_with(self.request.user, perm.ROSTER_VIEW) or line not in Line.values:
            raise Http404
        team = None
        if text := self.request.GET.get("team", ""):
            team = get_object_or_404(Team, hospital=hospital, pk=text if text.isascii() and text.isdigit() else 0)
        try:
            asked = Duty(
                hospital=hospital, day=date.fromisoformat(day), line=line, team=team,
                department=team.department if team else department,
            )  # fmt: skip
        except ValueError:
            raise Http404 from None
        if not can(self.request.user, perm.ROSTER_CHANGE, asked):
            raise PermissionDenied(perm.ROSTER_CHANGE)
        if (line == Line.OFFICER) != (asked.department == ""):
            raise Http404
        key = {"hospital": hospital, "day": asked.day, "line": line, "department": asked.department, "team": team}
        return asked, Duty.objects.filter(**key).select_related("member").first()

    def form(self, asked: Duty, there: Duty | None, *data: Any) -> DutyForm:
        people = queries.working(asked.hospital, asked.day).order_by("name", "pk")
        if asked.team_id:
            people = people.filter(team=asked.team_id)
        elif asked.department:
            people = people.filter(team__department=asked.department)
        options = {"actor": self.request.user, "obj": there, "people": people, "day": asked.day}
        return DutyForm(*data, **options)

    def page(self, asked: Duty, form: DutyForm, status: int = 200) -> HttpResponse:
        facts = {"duty": asked, "form": form, "back": self.back(asked), "here": self.request.get_full_path()}
        part = "#sheet" if self.request.htmx else ""
        return render(self.request, f"people/duty_set.html{part}", facts, status=status)

    def back(self, asked: Duty) -> str:
        return f"{reverse('people:duties')}?week={asked.day}"

    def get(self, request: HttpRequest, pk: int, day: str, line: str) -> HttpResponse:
        asked, there = self.find(pk, day, line)
        return self.page(asked, self.form(asked, there))

    def post(self, request: HttpRequest, pk: int, day: str, line: str) -> HttpResponse:
        asked, there = self.find(pk, day, line)
        form, once = self.form(asked, there, request.POST), Once(request)
        if not form.is_valid():
            return self.page(asked, form, 422)
        if once.earlier(url := self.back(asked)) is not None:
            return go(request, url)
        try:
            domain.set_duty(
                request.user, asked.hospital, day=asked.day, line=line, department=asked.department, team=asked.team,
                **form.cleaned_data,
            )  # fmt: skip
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.page(asked, form, 422)
        once.done(url)
        return go(request, url)


urls = [
    path("duty/", duties, name="duties"),
    path("duty/<int:pk>/<str:day>/<slug:line>/", SetDuty.as_view(), name="duty"),
]
