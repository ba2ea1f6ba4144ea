"""Reporting a hazard on the phone: where, what, send. Open to everybody of the staff."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from hazards import catalogue, domain
from hazards import permissions as perm
from hazards.catalogue import HazardDef
from hazards.forms import SendForm
from hazards.models import Hazard
from hazards.states import GENERAL, LIVE, MAJOR
from tenancy.access import can, hospitals_with
from tenancy.models import Place, Unit
from ui.pages import SignedIn, go
from workorders import reporting

OTHER = "other"


class Choose(SignedIn, View):
    """Where is it? The unit's own rooms first, then the search."""

    def get(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not can(user, perm.HAZARD_REPORT):
            raise PermissionDenied(perm.HAZARD_REPORT)
        hospital = getattr(request, "hospital", None)
        text, here = request.GET.get("q", "").replace("\0", "").strip()[:60], hospital and hospital["id"]
        facts: dict[str, Any] = {"text": text, "found": reporting.find_places(user, text, here) if text else []}
        if request.htmx and "q" in request.GET:
            return render(request, "hazards/place.html#found", facts)
        facts["own"] = reporting.own_places(user, reporting.units_of(user, here))
        return render(request, "hazards/place.html", facts)


def spot(request: HttpRequest, pk: int) -> Place:
    """404 for a place one may not see, 403 where one may not report."""
    place: Place = get_object_or_404(reporting.reportable(request.user).select_related("hospital"), pk=pk)
    if place.hospital_id not in hospitals_with(request.user, perm.HAZARD_REPORT):
        raise PermissionDenied(perm.HAZARD_REPORT)
    return place


class What(SignedIn, View):
    """What is dangerous? A picture each; what stands in the register for this place already."""

    def get(self, request: HttpRequest, place: int) -> HttpResponse:
        here = spot(request, place)
        known = Hazard.objects.for_user(request.user, perm.HAZARD_VIEW).filter(place=here, state__in=LIVE)
        facts = {"place": here, "tiles": catalogue.offered(here.hospital), "other": OTHER}
        return render(request, "hazards/what.html", {**facts, "known": known.order_by("-found_at")[:5]})


class Send(SignedIn, View):
    """One screen: what, where, a photo and words if one likes, and the button."""

    def find(self, place: int, kind: str) -> HazardDef | None:
        self.here = spot(self.request, place)
        known = catalogue.get(self.here.hospital, kind)
        if known is None and kind != OTHER:
            raise Http404
        return known

    @cached_property
    def unit(self) -> Unit | None:
        member = reporting.member_of(self.request.user, self.here.hospital_id)
        return reporting.unit_at(self.here) or (member.unit if member else None)

    def form(self, known: HazardDef | None, *data: Any) -> SendForm:
        user = self.request.user
        people = reporting.colleagues(self.unit, user) if user.is_shared else []
        first = {"grade": MAJOR if known and known.major else GENERAL}
        modules = self.here.hospital.modules
        return SendForm(*data, actor=user, people=people, modules=modules, known=known, initial=first)

    def show(self, known: HazardDef | None, form: SendForm, status: int = 200) -> HttpResponse:
        facts = {"place": self.here, "known": known, "form": form}
        return render(self.request, "hazards/send.html", facts, status=status)

    def get(self, request: HttpRequest, place: int, kind: str) -> HttpResponse:
        known = self.find(place, kind)
        return self.show(known, self.form(known))

    def post(self, request: HttpRequest, place: int, kind: str) -> HttpResponse:
        known = self.find(place, kind)
        form = self.form(known, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(known, form, 422)
        named = {"title": known.title, "department": known.department} if known else {}
        try:
            made = domain.report(
                request.user, place=self.here, unit=self.unit, form_key=form.form_key, **{**form.cleaned_data, **named}
            )
        except ValidationError as error:
            form.refuse(error)
            return self.show(known, form, 422)
        return sent(request, made)


def sent(request: HttpRequest, hazard: Hazard) -> HttpResponse:
    """On to the record; who may not follow it is told its number."""
    words = _("%(number)s is in the register. Thank you.") % {"number": hazard.number}
    messages.success(request, words)
    seen = can(request.user, perm.HAZARD_VIEW, hazard)
    return go(request, reverse("hazards:hazard", args=[hazard.pk]) if seen else reverse("hazards:report"))


urls = [
    path("report/", Choose.as_view(), name="report"),
    path("report/<int:place>/", What.as_view(), name="report_what"),
    path("report/<int:place>/<str:kind>/", Send.as_view(), name="report_send"),
]
