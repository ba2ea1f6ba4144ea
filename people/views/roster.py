"""The week of a team: everybody of it looks, its leader changes it by taps; one's own week on the phone."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views import View
from django.views.decorators.http import require_GET

from people import board, domain, hooks, queries
from people import permissions as perm
from people.forms import ChangeForm, ShiftForm
from people.models import Duty, Shift
from people.shifts import monday_of
from people.states import WEEK
from tenancy.access import can
from tenancy.models import Membership, Team
from ui.pages import Once, SignedIn, go, whole

STANDARD = "standard"


def find(user: Any, pk: int, permission: str = perm.ROSTER_VIEW) -> Team:
    """404 for teams one may not see, 403 for those whose roster one may see but not change."""
    team = get_object_or_404(queries.teams(user), pk=pk)
    if not can(user, permission, team):
        raise PermissionDenied(permission)
    return team


def address(team: Team, monday: date, standard: bool = False) -> str:
    query = f"?week={monday}" + ("&view=standard" if standard else "")
    return reverse("people:roster_team", args=[team.pk]) + query


@login_required
@require_GET
def roster(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """A team's week; without a team, one's own or the first one may see."""
    if not can(request.user, perm.ROSTER_VIEW):
        raise PermissionDenied(perm.ROSTER_VIEW)
    hospital = getattr(request, "hospital", None)
    teams = list(queries.teams(request.user).select_related("hospital"))
    asked = pk or whole(request.GET.get("team"))
    team = next((one for one in teams if one.pk == asked), None)
    if asked and team is None:
        raise Http404
    here = [one for one in teams if not hospital or one.hospital_id == hospital["id"]] or teams
    team = team or _own(request.user, here) or (here[0] if here else None)
    if team is None:
        return render(request, "people/roster_none.html")
    return render(request, "people/roster.html", {**page(request, team), "teams": here if team in here else teams})


def _own(user: Any, teams: list[Team]) -> Team | None:
    mine = Membership.objects.filter(user=user, team__in=teams, ends_on=None).values_list("team_id", flat=True).first()
    return next((team for team in teams if team.pk == mine), None)


def frame(request: HttpRequest, team: Team) -> dict[str, Any]:
    """What the page and each of its parts need."""
    today = timezone.localdate()
    monday = board.week_asked(request.GET.get("week", ""), today)
    standard = request.GET.get("view") == STANDARD
    return {
        "team": team,
        "monday": monday,
        "today": today,
        "standard": standard,
        "may_change": can(request.user, perm.ROSTER_CHANGE, team),
        "sees_why": can(request.user, perm.ABSENCE_VIEW, team),
        "query": f"week={monday}" + ("&view=standard" if standard else ""),
    }


def page(request: HttpRequest, team: Team) -> dict[str, Any]:
    facts = frame(request, team)
    monday, standard = facts["monday"], facts["standard"]
    week = board.week_of(team, monday, standard=standard, today=facts["today"])
    return {
        **facts,
        "board": week,
        "duties": [] if standard else _duties(team, week.days),
        "before": monday - timedelta(days=WEEK),
        "after": monday + timedelta(days=WEEK),
    }


def _duties(team: Team, days: list[date]) -> list[tuple[str, list[str]]]:
    """Who of the team is on call, night by night: the words of the line, then a name for each day."""
    found = Duty.objects.filter(team=team, day__range=(days[0], days[-1])).select_related("member").order_by("line")
    lines: dict[str, dict[date, str]] = {}
    for duty in found:
        lines.setdefault(str(duty.get_line_display()), {})[duty.day] = duty.member.name
    return [(words, [names.get(day, "") for day in days]) for words, names in lines.items()]


class SetCell(SignedIn, View):
    """One tap: the next shift for one person on one day, or on a weekday of the standard week."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        team, today = find(request.user, pk, perm.ROSTER_CHANGE), timezone.localdate()
        monday = board.week_asked(request.GET.get("week", ""), today)
        standard = request.GET.get("view") == STANDARD
        member, day, shift = self.sent(team, request.POST.get("set", ""))
        try:
            if standard:
                domain.set_standard(request.user, member, day.weekday(), shift)
            else:
                domain.set_day(request.user, member, day, shift)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return go(request, address(team, monday, standard))
        if not request.htmx:
            return go(request, address(team, monday, standard))
        first = today if standard else monday_of(day)
        row = queries.week(self.shown(team, day).filter(pk=member.pk), first)[0]
        cell = board.cell_of(row, (day - first).days % WEEK, day, board.in_use(team, first), standard=standard)
        facts = {**frame(request, team), "cell": cell}
        answer = render(request, "people/roster.html#cell", facts)
        answer["HX-Trigger"] = "roster-changed"
        return answer

    @staticmethod
    def shown(team: Team, day: date) -> Any:
        """Who stands in the week around a day, those who begin or leave within it too."""
        return queries.crew(team, day - timedelta(days=WEEK), day + timedelta(days=WEEK))

    def sent(self, team: Team, text: str) -> tuple[Membership, date, Shift | None]:
        """`member.day.shift`, as the cell says it; 404 for anything else."""
        member_pk, _dot, rest = text.partition(".")
        day_text, _dot, shift_pk = rest.partition(".")
        try:
            day = date.fromisoformat(day_text)
        except ValueError:
            raise Http404 from None
        member = get_object_or_404(self.shown(team, day), pk=whole(member_pk) or 0)
        return member, day, get_object_or_404(Shift, team=team, pk=whole(shift_pk) or 0) if shift_pk else None


@login_required
@require_GET
def counts(request: HttpRequest, pk: int) -> HttpResponse:
    """How many work each shift, again after a tap."""
    return render(request, "people/roster.html#counts", page(request, find(request.user, pk)))


class CopyWeek(SignedIn, View):
    """The week as the one before."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        team = find(request.user, pk, perm.ROSTER_CHANGE)
        monday = board.week_asked(request.GET.get("week", ""), timezone.localdate())
        try:
            count = domain.copy_week(request.user, team, monday)
            said = ngettext("Copied; %(count)s day changed.", "Copied; %(count)s days changed.", count)
            messages.success(request, said % {"count": count})
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return go(request, address(team, monday))


class Person(SignedIn, View):
    """One person of the team: change places, one more shift, mark absent."""

    def find(self, pk: int, member_pk: int) -> tuple[Team, Membership]:
        team, today = find(self.request.user, pk, perm.ROSTER_CHANGE), timezone.localdate()
        return team, get_object_or_404(queries.crew(team, today, today).select_related("team"), pk=member_pk)

    def page(self, team: Team, member: Membership, form: ChangeForm, status: int = 200) -> HttpResponse:
        part = "#sheet" if self.request.htmx else ""
        facts = {"team": team, "member": member, "form": form, "absent": hooks.absence_url(member.pk)}
        return render(self.request, f"people/roster_person.html{part}", facts, status=status)

    def get(self, request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
        team, member = self.find(pk, member_pk)
        day = board.week_asked(request.GET.get("week", ""), timezone.localdate())
        initial = {"day": max(day, timezone.localdate())}
        return self.page(team, member, ChangeForm(actor=request.user, obj=member, initial=initial))

    def post(self, request: HttpRequest, pk: int, member_pk: int) -> HttpResponse:
        team, member = self.find(pk, member_pk)
        form, once = ChangeForm(request.POST, actor=request.user, obj=member), Once(request)
        if not form.is_valid():
            return self.page(team, member, form, 422)
        sent = form.cleaned_data
        url = address(team, monday_of(sent["day"]))
        if once.earlier(url) is not None:
            return go(request, url)
        try:
            if sent["other"]:
                domain.swap(request.user, member, sent["other"], sent["day"])
            else:
                domain.add_extra(request.user, member, sent["day"], sent["shift"])
        except ValidationError as error:
            once.failed()
            form.refuse(error)
            return self.page(team, member, form, 422)
        once.done(url)
        return go(request, url)


class Shifts(SignedIn, View):
    """The team's shifts: add one, rename, give up."""

    def page(self, team: Team, form: ShiftForm, shift: Shift | None, status: int = 200) -> HttpResponse:
        shifts = board.in_use(team, timezone.localdate())
        needs = queries.certificates_of(one.pk for one in shifts)
        rows = [(one, needs.get(one.pk, ())) for one in shifts]
        facts = {"team": team, "shifts": rows, "form": form, "shift": shift}
        return render(self.request, "people/shifts.html", facts, status=status)

    def one(self, team: Team, shift_pk: int | None) -> Shift | None:
        return get_object_or_404(Shift, team=team, last_day=None, pk=shift_pk) if shift_pk else None

    def get(self, request: HttpRequest, pk: int, shift_pk: int | None = None) -> HttpResponse:
        team = find(request.user, pk, perm.ROSTER_CHANGE)
        shift = self.one(team, shift_pk)
        return self.page(team, ShiftForm(actor=request.user, obj=shift, team=team), shift)

    def post(self, request: HttpRequest, pk: int, shift_pk: int | None = None) -> HttpResponse:
        team = find(request.user, pk, perm.ROSTER_CHANGE)
        shift, url = self.one(team, shift_pk), reverse("people:shifts", args=[team.pk])
        if shift and "end" in request.POST:
            domain.end_shift(request.user, shift)
            return go(request, url)
        form, once = ShiftForm(request.POST, actor=request.user, obj=shift, team=team), Once(request)
        if form.is_valid():
            if once.earlier(url) is not None:
                return go(request, url)
            try:
                self.save(team, shift, **form.cleaned_data)
                once.done(url)
                return go(request, url)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
        return self.page(team, form, shift, 422)

    def save(self, team: Team, shift: Shift | None, needs: Any = (), **facts: Any) -> None:
        with transaction.atomic():
            kept = (
                domain.edit_shift(self.request.user, shift, **facts)
                if shift
                else domain.add_shift(self.request.user, team, **facts)
            )
            domain.need_certificates(self.request.user, kept, needs)


@login_required
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """My week and the next: shifts, on-call duty, absences, at every hospital where I work."""
    weeks = queries.my_weeks(request.user, today := timezone.localdate())
    return render(request, "people/mine.html", {"weeks": weeks, "today": today})


urls = [
    path("roster/", roster, name="roster"),
    path("roster/<int:pk>/", roster, name="roster_team"),
    path("roster/<int:pk>/set/", SetCell.as_view(), name="roster_set"),
    path("roster/<int:pk>/counts/", counts, name="roster_counts"),
    path("roster/<int:pk>/copy/", CopyWeek.as_view(), name="roster_copy"),
    path("roster/<int:pk>/person/<int:member_pk>/", Person.as_view(), name="roster_person"),
    path("roster/<int:pk>/shifts/", Shifts.as_view(), name="shifts"),
    path("roster/<int:pk>/shifts/<int:shift_pk>/", Shifts.as_view(), name="shift"),
    path("mine/", mine, name="mine"),
]
