"""Reporting: where, what, send. After the place is known two taps suffice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from assets.models import Asset
from flow.models import Attachment
from tenancy.access import can, hospitals_with
from tenancy.models import Door, Place, Unit
from ui import formats
from ui.pages import SignedIn, go
from workorders import domain, queries, reporting
from workorders import permissions as perm
from workorders.ask_forms import ReportForm
from workorders.models import Problem, Service, WorkOrder


class Choose(SignedIn, View):
    """Where is it? The unit's own rooms first, then where it was lately, then the search."""

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, perm.ORDER_REPORT):
            raise PermissionDenied
        hospital = getattr(request, "hospital", None)
        text = request.GET.get("q", "").strip()[:60]
        found = reporting.find_places(request.user, text, hospital["id"] if hospital else None) if text else []
        facts: dict[str, Any] = {"text": text, "found": found}
        if request.htmx and "q" in request.GET:
            return render(request, "workorders/ask_place.html#found", facts)
        units = reporting.units_of(request.user, hospital["id"] if hospital else None)
        own = reporting.own_places(request.user, units)
        facts |= {"own": own, "recent": reporting.recent_places(request.user, units, own)}
        return render(request, "workorders/ask_place.html", facts)


@dataclass
class Spot:
    """The place of a report, and the door it was scanned at, if it was."""

    place: Place
    door: Door | None

    @cached_property
    def asset(self) -> Asset | None:
        if not (self.door and self.door.asset_id):
            return None
        return (
            Asset.objects.select_related("kind").filter(pk=self.door.asset_id, hospital=self.place.hospital_id).first()
        )

    @property
    def query(self) -> str:
        return f"?door={self.door.token}" if self.door else ""


def spot(request: HttpRequest, pk: int) -> Spot:
    """404 for a place one may not see, 403 where one may not report."""
    place = get_object_or_404(reporting.reportable(request.user).select_related("hospital"), pk=pk)
    if place.hospital_id not in hospitals_with(request.user, perm.ORDER_REPORT):
        raise PermissionDenied
    door = reporting.door_of(request.GET.get("door", ""))
    return Spot(place, door if door and door.hospital_id == place.hospital_id else None)


class Tiles(SignedIn, View):
    """What is wrong? A picture each; the usual ones of the unit first."""

    def get(self, request: HttpRequest, place: int) -> HttpResponse:
        here = spot(request, place)
        member = reporting.member_of(request.user, here.place.hospital_id)
        used = reporting.usage(request.user, member.unit if member else None)
        facts = {
            "here": here,
            "place": here.place,
            "groups": reporting.groups(here.place.hospital, used, asset=here.asset),
            "already": queries.open_at(here.place)[:5],
        }
        return render(request, "workorders/ask_tiles.html", facts)


class Send(SignedIn, View):
    """One screen: what, where, a photo and words if one likes, and the button."""

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.problem: Problem | None = None

    def find(self, place: int, problem: int | None, service: int | None) -> Service:
        self.here = spot(self.request, place)
        hospital = self.here.place.hospital
        offered = Service.objects.for_user(self.request.user, perm.SERVICE_VIEW)
        offered = offered.filter(hospital=hospital, active=True, department__in=hospital.modules)
        if problem is not None:
            self.problem = get_object_or_404(Problem.objects.filter(service__in=offered, active=True), pk=problem)
            return self.problem.service
        return get_object_or_404(offered, pk=service)

    @cached_property
    def unit(self) -> Unit | None:
        member = reporting.member_of(self.request.user, self.here.place.hospital_id)
        return member.unit if member and member.unit else reporting.unit_at(self.here.place)

    def form(self, service: Service, *data: Any) -> ReportForm:
        user = self.request.user
        usual = (self.problem.urgency if self.problem else "") or service.urgency
        people = reporting.colleagues(self.unit, user) if user.is_shared else []
        return ReportForm(*data, actor=user, people=people, question=service.question, urgency=usual)

    def show(self, service: Service, form: ReportForm, status: int = 200) -> HttpResponse:
        facts = {
            "here": self.here,
            "place": self.here.place,
            "service": service,
            "what": self.problem or service,
            "form": form,
            "already": queries.open_at(self.here.place).filter(service=service)[:3],
        }
        return render(self.request, "workorders/ask_send.html", facts, status=status)

    def get(
        self, request: HttpRequest, place: int, problem: int | None = None, service: int | None = None
    ) -> HttpResponse:
        found = self.find(place, problem, service)
        return self.show(found, self.form(found))

    def post(
        self, request: HttpRequest, place: int, problem: int | None = None, service: int | None = None
    ) -> HttpResponse:
        found = self.find(place, problem, service)
        form = self.form(found, request.POST, request.FILES)
        if form.is_valid():
            try:
                order = self.send(found, form)
            except ValidationError as error:
                form.refuse(error)
            else:
                return sent(request, order)
        return self.show(found, form, 422)

    def send(self, service: Service, form: ReportForm) -> WorkOrder:
        data = dict(form.cleaned_data)
        facts = {
            "place": self.here.place,
            "service": service,
            "problem": self.problem,
            "asset": self.here.asset,
            "unit": self.unit,
            "phone": self.phone(),
            "channel": "scan" if self.here.door else "web",
        }
        return send_once(self.request.user, data.pop("photos"), form_key=form.form_key, **facts, **data)

    def phone(self) -> str:
        """Where the technician can ask back."""
        user, place = self.request.user, self.here.place
        member = reporting.member_of(user, place.hospital_id)
        return (member.phone if member else "") or (self.unit.phone if self.unit else "") or place.phone


def keep_photos(order: WorkOrder, actor: Any, photos: list[Any], kind: str = Attachment.Kind.BEFORE) -> None:
    """Attach each; a bad one is refused beside its field."""
    try:
        for photo in photos:
            domain.attach(order, actor, photo, kind=kind)
    except ValidationError as error:
        raise ValidationError({"photos": error.messages}) from error


def send_once(actor: Any, photos: list[Any], *, form_key: Any, **facts: Any) -> WorkOrder:
    """Open the order with its photos; the second of two taps waits for the first and gets its order."""
    try:
        with transaction.atomic():
            order = domain.open_order(actor, form_key=form_key, **facts)
            keep_photos(order, actor, photos)
            return order
    except IntegrityError:
        found = WorkOrder.objects.filter(hospital=facts["place"].hospital_id, form_key=form_key).first()
        if found is None:
            raise
        return found


def sent(request: HttpRequest, order: WorkOrder) -> HttpResponse:
    """On to the order; who may not follow it is told its number."""
    if can(request.user, perm.ORDER_VIEW, order):
        return go(request, reverse("workorders:ask_order", args=[order.pk]) + "?sent")
    words = _("%(number)s is sent. Somebody answers by %(time)s.")
    messages.success(request, words % {"number": order.number, "time": formats.spoken(order.respond_by)})
    return go(request, reverse("workorders:ask"))


class Join(SignedIn, View):
    """We have that too: no second order, but it is known who else waits."""

    def post(self, request: HttpRequest, place: int, pk: int) -> HttpResponse:
        here = spot(request, place)
        order = queries.open_at(here.place).filter(pk=pk).first()
        if order is None:
            raise Http404
        domain.join(order, request.user)
        words = _("Noted: %(what)s. Somebody answers by %(time)s.")
        messages.success(request, words % {"what": order.title, "time": formats.spoken(order.respond_by)})
        return go(request, reverse("workorders:ask"))


urls = [
    path("ask/new/", Choose.as_view(), name="ask_new"),
    path("ask/new/<int:place>/", Tiles.as_view(), name="ask_tiles"),
    path("ask/new/<int:place>/<int:problem>/", Send.as_view(), name="ask_send"),
    path("ask/new/<int:place>/service/<int:service>/", Send.as_view(), name="ask_send_service"),
    path("ask/new/<int:place>/join/<int:pk>/", Join.as_view(), name="ask_join"),
]
