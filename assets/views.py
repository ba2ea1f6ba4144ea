"""Files of an asset, and the sheets of labels."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from assets import domain, duties, labels
from assets.crud import ASSET
from assets.forms import DutyForm, FileForm, LabelsForm
from assets.models import Asset, AssetDuty
from assets.permissions import ASSET_CHANGE
from assets.states import DUTIES
from tenancy.access import can
from tenancy.models import Place
from tenancy.permissions import PLACE_CHANGE
from ui.pages import Once, SignedIn, go


class Attach(SignedIn, View):
    """Add a photo or document to the asset's file."""

    def page(self, asset: Asset, form: FileForm, status: int = 200) -> HttpResponse:
        return render(self.request, "assets/attach.html", {"object": asset, "form": form, "crud": ASSET}, status=status)

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = ASSET.get(request.user, pk, ASSET_CHANGE)
        return self.page(asset, FileForm(actor=request.user, obj=asset))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = ASSET.get(request.user, pk, ASSET_CHANGE)
        form, once = FileForm(request.POST, request.FILES, actor=request.user, obj=asset), Once(request)
        if form.is_valid():
            if (first := once.earlier(ASSET.url_of(asset))) is not None:
                return go(request, first)
            sent = form.cleaned_data
            try:
                domain.attach(request.user, asset, sent["file"], kind=sent["kind"])
                once.done(ASSET.url_of(asset))
                return go(request, ASSET.url_of(asset))
            except ValidationError as error:
                once.failed()
                form.refuse(ValidationError({"file": error.messages}))
        return self.page(asset, form, status=422)


class Duty(SignedIn, View):
    """Enter a day by which the law wants something done, or renew it."""

    def find(self, pk: int, kind: str, duty: int | None) -> tuple[Asset, AssetDuty | None]:
        asset = ASSET.get(self.request.user, pk, ASSET_CHANGE)
        found = get_object_or_404(AssetDuty.objects.filter(asset=asset), pk=duty) if duty else None
        self.kind = found.kind if found else kind
        if self.kind not in DUTIES:
            raise Http404
        return asset, found

    def page(self, asset: Asset, duty: AssetDuty | None, form: DutyForm, status: int = 200) -> HttpResponse:
        facts = {"object": asset, "duty": duty, "form": form, "kind": DUTIES[self.kind]}
        return render(self.request, "assets/duty.html", facts, status=status)

    def get(self, request: HttpRequest, pk: int, kind: str = "", duty: int | None = None) -> HttpResponse:
        asset, found = self.find(pk, kind, duty)
        return self.page(asset, found, DutyForm(actor=request.user, obj=found, kind=self.kind))

    def post(self, request: HttpRequest, pk: int, kind: str = "", duty: int | None = None) -> HttpResponse:
        asset, found = self.find(pk, kind, duty)
        form, once = DutyForm(request.POST, actor=request.user, obj=found, kind=self.kind), Once(request)
        if form.is_valid():
            if (first := once.earlier(ASSET.url_of(asset))) is not None:
                return go(request, first)
            try:
                duties.enter(request.user, asset, kind=self.kind, duty=found, **form.cleaned_data)
                once.done(ASSET.url_of(asset))
                return go(request, ASSET.url_of(asset))
            except ValidationError as error:
                once.failed()
                form.refuse(error)
        return self.page(asset, found, form, status=422)


class Labels(SignedIn, View):
    """Choose where and which size; with both chosen, the PDF."""

    title: Any = ""
    permission = ""
    labels: Callable[[Place], list[Any]]

    def get(self, request: HttpRequest) -> HttpResponse:
        if not can(request.user, self.permission):
            raise PermissionDenied(self.permission)
        sent = (request.GET,) if "size" in request.GET else ()
        hospital = None if sent else getattr(request, "hospital", None)
        form = LabelsForm(*sent, actor=request.user, hospital=hospital)
        if sent and form.is_valid():
            found = self.labels(form.cleaned_data["place"])
            if 0 < len(found) <= labels.MOST:
                return pdf(labels.SIZES[form.cleaned_data["size"]](found))
            words = _("There is nothing to label here.") if not found else _("At most 1,000 labels at a time, please.")
            form.add_error("place", words)
        facts = {"form": form, "title": self.title, "other": self.sheets()}
        return render(request, "assets/labels.html", facts, status=422 if sent else 200)

    def sheets(self) -> list[tuple[Any, str, bool]]:
        """Both kinds of labels, for those who may print both."""
        kinds = ((AssetLabels, "assets:labels"), (PlaceLabels, "assets:place_labels"))
        offered = [
            (k.title, reverse(url), isinstance(self, k)) for k, url in kinds if can(self.request.user, k.permission)
        ]
        return offered if len(offered) > 1 else []


class AssetLabels(Labels):
    """Labels of all assets at a place and below it."""

    title, permission = _("Labels for assets"), ASSET_CHANGE

    def labels(self, place: Place) -> list[Any]:
        found = Asset.objects.for_user(self.request.user, ASSET_CHANGE).exclude(state="condemned")
        found = found.filter(Place.within(place.path, "place__path"), hospital_id=place.hospital_id)
        return labels.asset_labels(list(found.order_by("place__path", "code")[: labels.MOST + 1]))


class PlaceLabels(Labels):
    """Labels of a place and all places below it."""

    title, permission = _("Labels for doors"), PLACE_CHANGE

    def labels(self, place: Place) -> list[Any]:
        found = Place.objects.for_user(self.request.user, PLACE_CHANGE).filter(closed_on=None)
        found = found.filter(Place.within(place.path), hospital_id=place.hospital_id)
        return labels.place_labels(list(found.order_by("path")[: labels.MOST + 1]))


class AssetLabel(SignedIn, View):
    """The label of one asset."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        asset = ASSET.get(request.user, pk, ASSET_CHANGE)
        size = labels.SIZES.get(request.GET.get("size", ""), labels.labels_40x30)
        return pdf(size(labels.asset_labels([asset])))


def pdf(content: bytes) -> HttpResponse:
    return HttpResponse(content, "application/pdf", headers={"Content-Disposition": 'inline; filename="labels.pdf"'})
