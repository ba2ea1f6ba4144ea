"""Meters of an asset: a new one, a reading."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext_lazy as _
from django.views import View

from assets import meters
from assets.crud import ASSET
from assets.forms import MeterForm, ReadingForm
from assets.models import Asset, Meter
from assets.permissions import ASSET_CHANGE, METER_READ
from tenancy.access import can
from ui.pages import Once, SignedIn, go


class Sheet(SignedIn, View):
    """A short form about a meter; back to the asset afterwards."""

    def page(self, asset: Asset, form: Any, status: int = 200, **facts: Any) -> HttpResponse:
        return render(self.request, "assets/meter.html", {"object": asset, "form": form, **facts}, status=status)


class MeterAdd(Sheet):
    """Say what counts on an asset."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = ASSET.get(request.user, pk, ASSET_CHANGE)
        return self.page(asset, MeterForm(actor=request.user), title=_("New meter"))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = ASSET.get(request.user, pk, ASSET_CHANGE)
        form = MeterForm(request.POST, actor=request.user)
        if form.is_valid():
            try:
                meters.add_meter(request.user, asset, **form.cleaned_data)
                return go(request, ASSET.url_of(asset))
            except ValidationError as error:
                form.refuse(error)
        return self.page(asset, form, 422, title=_("New meter"))


class MeterRead(Sheet):
    """What a meter shows now."""

    def find(self, pk: int, meter: int) -> Meter:
        asset = ASSET.get(self.request.user, pk)
        found: Meter = get_object_or_404(Meter.objects.select_related("asset__place"), asset=asset, pk=meter)
        if not can(self.request.user, METER_READ, found):
            raise PermissionDenied(METER_READ)
        return found

    def get(self, request: HttpRequest, pk: int, meter: int) -> HttpResponse:
        found = self.find(pk, meter)
        return self.page(found.asset, ReadingForm(actor=request.user), title=found.label, meter=found)

    def post(self, request: HttpRequest, pk: int, meter: int) -> HttpResponse:
        found, once = self.find(pk, meter), Once(request)
        form, home = ReadingForm(request.POST, actor=request.user), ASSET.url_of(found.asset)
        if form.is_valid():
            if (first := once.earlier(home)) is not None:
                return go(request, first)
            try:
                meters.read(request.user, found, **form.cleaned_data)
                once.done(home)
                return go(request, home)
            except ValidationError as error:
                once.failed()
                form.refuse(error)
        return self.page(found.asset, form, 422, title=found.label, meter=found)


urls = [
    path("<int:pk>/meters/new/", MeterAdd.as_view(), name="meter_add"),
    path("<int:pk>/meters/<int:meter>/read/", MeterRead.as_view(), name="meter_read"),
]
