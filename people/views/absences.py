"""Who is away: choosing whom to mark absent, and back at work."""

from __future__ import annotations

from itertools import groupby

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.http import require_GET

from people import domain, hooks, queries
from people import permissions as perm
from people.crud import ABSENCE
from tenancy.access import can
from ui.pages import SignedIn, go


@login_required
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """Whom? The people of the teams one answers for, by team; who is absent today is marked."""
    if not can(request.user, perm.ABSENCE_CHANGE):
        raise PermissionDenied(perm.ABSENCE_CHANGE)
    today, hospital = timezone.localdate(), getattr(request, "hospital", None)
    teams = queries.teams(request.user, perm.ABSENCE_CHANGE)
    teams = teams.filter(hospital_id=hospital["id"]) if hospital else teams
    people = queries.people_of(teams, today)
    grouped = [
        (team, [(member, hooks.absence_url(member.pk), queries.absence_on(member, today)) for member in members])
        for team, members in groupby(people, key=lambda member: member.team)
    ]
    return render(request, "people/absence_choose.html", {"teams": grouped})


class Back(SignedIn, View):
    """The person is back at work today."""

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        absence = ABSENCE.get(request.user, pk, perm.ABSENCE_CHANGE)
        try:
            domain.end_absence(request.user, absence)
            messages.success(request, _("%(name)s is back.") % {"name": absence.member.name})
        except ValidationError as error:
            messages.error(request, error.messages[0])
        return go(request, ABSENCE.url_of(absence))


urls = [
    path("absences/new/", choose, name="absence_choose"),
    path("absences/<int:pk>/back/", Back.as_view(), name="absence_back"),
]
