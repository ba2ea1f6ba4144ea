"""The points of a route as they are edited, and what the plan form draws of a forecast."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from assets.models import Asset
from assets.states import CONDEMNED
from inspections import planning
from inspections.forecast import Offer, Week
from inspections.models import Plan, PlanPoint
from tenancy.models import Place
from tenancy.search import matching, words_of
from ui.pages import whole

MOST_FOUND = 12
HEIGHT = 100  # of the tallest bar, in units of the drawing


def points(plan: Plan) -> list[PlanPoint]:
    """In the order they are walked."""
    return list(PlanPoint.objects.filter(plan=plan).select_related("place", "asset").order_by("order"))


def edit(actor: Any, plan: Plan, sent: Mapping[str, str]) -> None:
    """One change of a route: a point added, taken out, moved, its walking time; or the whole order after a drag."""
    stops = [(point.place, point.asset, point.walk) for point in points(plan)]
    at = (whole(sent.get("point")) or 0) - 1
    match sent.get("do"):
        case "add":
            stops.append(_added(plan, sent))
        case "remove" if 0 <= at < len(stops):
            del stops[at]
        case "up" if 0 < at < len(stops):
            stops.insert(at - 1, stops.pop(at))
        case "down" if 0 <= at < len(stops) - 1:
            stops.insert(at + 1, stops.pop(at))
        case "walk" if 0 <= at < len(stops):
            place, asset, _walk = stops[at]
            stops[at] = (place, asset, _seconds(sent.get("walk", "")))
        case "order":
            order = [number - 1 for text in sent.get("order", "").split(",") if (number := whole(text))]
            if sorted(order) != list(range(len(stops))):
                raise ValidationError(_("Somebody else has changed the route: look again."))
            stops = [stops[number] for number in order]
    planning.set_route(actor, plan, stops)


def _added(plan: Plan, sent: Mapping[str, str]) -> planning.Stop:
    if key := whole(sent.get("asset")):
        asset = Asset.objects.filter(pk=key, hospital=plan.hospital_id).select_related("place").first()
        if asset is not None:
            return asset.place, asset, 0
    place = Place.objects.filter(pk=whole(sent.get("place")) or 0, hospital=plan.hospital_id, closed_on=None).first()
    if place is None:
        raise ValidationError(_("Please choose a place or an asset."))
    return place, None, 0


def _seconds(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise ValidationError(_("Please write the walking time in seconds."))
    return int(text)


def look(plan: Plan, text: str) -> dict[str, Any]:
    """Places by name, code or initials, assets by code or name, of the plan's hospital."""
    words = words_of(text)
    if not words:
        return {"places": [], "assets": [], "text": ""}
    places = Place.objects.filter(matching(Place, words, [plan.hospital_id]), closed_on=None)
    assets = Asset.objects.filter(matching(Asset, words, [plan.hospital_id])).exclude(state=CONDEMNED)
    return {
        "places": list(places.order_by("path")[:MOST_FOUND]),
        "assets": list(assets.select_related("place").order_by("code")[:MOST_FOUND]),
        "text": text,
    }


def bars(weeks: list[Week]) -> list[dict[str, Any]]:
    """Each week as two bars, the team's other work below this plan's."""
    most = max((week.both for week in weeks), default=0) or 1
    drawn = []
    for number, week in enumerate(weeks):
        others, this = (round(minutes * HEIGHT / most) for minutes in (week.others, week.this))
        drawn.append(
            {"week": week, "x": number * 30 + 4, "others": others, "this": this, "y": HEIGHT - others}
            | {"top": HEIGHT - others - this}
        )
    return drawn


def offered(offer: Offer | None) -> dict[str, Any] | None:
    """An offer as the form takes it: field → values, as JSON for the script."""
    if offer is None:
        return None
    taken = {
        name: [str(one) for one in (value if isinstance(value, list) else [value])]
        for name, value in offer.fields.items()
    }
    return {"fields": taken, "now": offer.now, "then": offer.then}
