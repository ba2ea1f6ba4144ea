"""Doors: what a printed QR code opens. Colleagues go on to their report; patients and visitors report without an account."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views import View

from assets.models import Asset
from flow.queries import history_of
from tenancy.access import can, hospitals
from tenancy.actors import Visitor
from tenancy.models import Door, Hospital, Place
from tenancy.scope import scope
from ui.pages import whole
from workorders import journey, reporting, scans
from workorders import permissions as perm
from workorders.ask_forms import RatingForm, VisitorForm
from workorders.machine import ORDERS
from workorders.models import Problem, WorkOrder
from workorders.states import DONE
from workorders.views.report import send_once

REPORTS_AN_HOUR = 10


def too_many(request: HttpRequest, door: Door) -> bool:
    """More reports within an hour from one address through one door than a person sends."""
    key = f"door:{door.token}:{request.META.get('REMOTE_ADDR', '')}"
    if cache.add(key, 1, timeout=3600):
        return False
    return cache.incr(key) > REPORTS_AN_HOUR


@contextmanager
def inside(hospital: int) -> Iterator[None]:
    """The visitor's scope: this hospital and no other. Somebody signed in already has one."""
    with scope([hospital]):
        yield


def standing_at(door: Door) -> tuple[Place, Asset | None]:
    """The place of the door; of an asset's code, where the asset stands now."""
    asset = Asset.objects.select_related("kind", "place").filter(pk=door.asset_id).first() if door.asset_id else None
    place = asset.place if asset else get_object_or_404(Place, pk=door.place_id)
    return place, asset


def desk_phone(hospital: int) -> str:
    return Place.objects.filter(hospital=hospital, parent=None).values_list("phone", flat=True).first() or ""


class DoorView(View):
    """A visitor's page. A code that was withdrawn leads to a friendly word and the desk's telephone."""

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> Any:
        self.door = get_object_or_404(Door.objects.select_related("hospital"), token=token)
        if request.user.is_authenticated:
            return self.colleague(request)
        with inside(self.door.hospital_id):
            if self.door.revoked_at or not self.door.hospital.is_open:
                facts = {"hospital": self.door.hospital, "phone": desk_phone(self.door.hospital_id)}
                return render(request, "workorders/ask_door_closed.html", facts, status=410)
            self.place, self.asset = standing_at(self.door)
            return super().dispatch(request, *args, **kwargs)

    def colleague(self, request: HttpRequest) -> HttpResponse:
        """Who works here goes straight to the pictures of this place, or to the point of the round they are doing."""
        door = self.door
        here = {hospital["id"] for hospital in hospitals(request.user)}
        if door.revoked_at or door.hospital_id not in here or not can(request.user, perm.ORDER_REPORT):
            phone = desk_phone(door.hospital_id) if door.hospital_id in here else ""
            return render(
                request, "workorders/ask_door_closed.html", {"hospital": door.hospital, "phone": phone}, status=410
            )
        if (url := scans.leads_to(request.user, door)) is not None:
            return redirect(url)
        place, _asset = standing_at(door)
        return redirect(f"{reverse('workorders:ask_tiles', args=[place.pk])}?door={door.token}")

    def facts(self, **more: Any) -> dict[str, Any]:
        return {"door": self.door, "place": self.place, "asset": self.asset, "hospital": self.door.hospital, **more}


class Enter(DoorView):
    """What is wrong here? The pictures patients may choose from."""

    def get(self, request: HttpRequest) -> HttpResponse:
        groups = reporting.groups(self.door.hospital, patients=True, asset=self.asset)
        return render(request, "workorders/ask_door.html", self.facts(groups=groups))


class VisitorReport(DoorView):
    """A photo, a word, a name if one likes; no account."""

    def problem(self, pk: int) -> Problem:
        tiles = [tile for group in reporting.groups(self.door.hospital, patients=True) for tile in group.tiles]
        if pk not in {tile.problem for tile in tiles}:
            raise Http404
        return Problem.objects.select_related("service").get(pk=pk)

    def show(self, problem: Problem, form: VisitorForm, status: int = 200) -> HttpResponse:
        return render(self.request, "workorders/ask_visitor.html", self.facts(what=problem, form=form), status=status)

    def get(self, request: HttpRequest, problem: int) -> HttpResponse:
        found = self.problem(problem)
        return self.show(found, self.form(found))

    def form(self, problem: Problem, *data: Any) -> VisitorForm:
        return VisitorForm(*data, actor=request_actor(self.door), question=problem.service.question)

    def post(self, request: HttpRequest, problem: int) -> HttpResponse:
        found = self.problem(problem)
        form = self.form(found, request.POST, request.FILES)
        if not form.is_valid():
            return self.show(found, form, 422)
        if too_many(request, self.door):
            facts = self.facts(phone=desk_phone(self.door.hospital_id))
            return render(request, "workorders/ask_door_busy.html", facts, status=429)
        try:
            order = self.send(found, form)
        except ValidationError as error:
            form.refuse(error)
            return self.show(found, form, 422)
        return redirect("workorders:follow", token=order.follow_token)

    def send(self, problem: Problem, form: VisitorForm) -> WorkOrder:
        data = dict(form.cleaned_data)
        actor = request_actor(self.door, data["reporter_name"])
        facts = {
            "place": self.place,
            "asset": self.asset,
            "service": problem.service,
            "problem": problem,
            "unit": reporting.unit_at(self.place),
            "channel": "patient",
            "follow_token": f"{self.door.hospital_id}-{secrets.token_urlsafe(12)}",
        }
        return send_once(actor, data.pop("photos"), form_key=form.form_key, **facts, **data)


def request_actor(door: Door, name: str = "") -> Visitor:
    return Visitor(door, frozenset({perm.ORDER_REPORT}), name.strip() or _("Patient or visitor"))


class Follow(View):
    """Where a visitor's report is, without names of staff; when it is done the visitor signs and rates."""

    def dispatch(self, request: HttpRequest, *args: Any, token: str, **kwargs: Any) -> Any:
        hospital = whole(token.partition("-")[0])
        if hospital is None or not Hospital.objects.filter(pk=hospital, is_open=True).exists():
            raise Http404
        if request.user.is_authenticated:
            return self.colleague(request, token, hospital)
        with inside(hospital):
            self.order = self.find(token)
            return super().dispatch(request, *args, **kwargs)

    @staticmethod
    def find(token: str) -> WorkOrder:
        related = ("service", "place", "unit", "team", "hospital")
        return get_object_or_404(WorkOrder.objects.select_related(*related), follow_token=token)

    def colleague(self, request: HttpRequest, token: str, hospital: int) -> HttpResponse:
        """Somebody signed in reads it as the colleague they are."""
        order = get_object_or_404(WorkOrder.objects.for_user(request.user, perm.ORDER_VIEW), follow_token=token)
        return redirect("workorders:ask_order", pk=order.pk)

    @property
    def actor(self) -> Visitor:
        """May sign this one order: the token is of this order and of no other."""
        order = self.order
        door = Door(hospital_id=order.hospital_id, place_id=order.place_id)
        return Visitor(door, frozenset({perm.ORDER_SIGN}), order.reporter_name or _("Patient or visitor"))

    def show(self, form: RatingForm, status: int = 200) -> HttpResponse:
        order = self.order
        facts = {
            "order": order,
            "hospital": order.hospital,
            "stops": journey.stops(order),
            "steps": journey.steps(order, history_of(order), visitor=True),
            "form": form,
            "may_sign": order.state == DONE,
            "phone": desk_phone(order.hospital_id),
        }
        return render(self.request, "workorders/ask_follow.html", facts, status=status)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.show(RatingForm(actor=self.actor))

    def post(self, request: HttpRequest) -> HttpResponse:
        form = RatingForm(request.POST, actor=self.actor)
        if form.is_valid():
            try:
                with transaction.atomic():
                    ORDERS.move(self.order, "sign", self.actor, **form.cleaned_data)
            except ValidationError as error:
                if getattr(error, "code", "") != "stale":  # already signed: the page shows how it stands
                    form.refuse(error)
                    return self.show(form, 422)
            return redirect("workorders:follow", token=self.order.follow_token)
        return self.show(form, 422)


urls = [
    path("d/<str:token>/", Enter.as_view(), name="door"),
    path("d/<str:token>/<int:problem>/", VisitorReport.as_view(), name="door_report"),
    path("f/<str:token>/", Follow.as_view(), name="follow"),
]
