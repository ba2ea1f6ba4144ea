"""What checklists plug into the rooms below: a consortium gets them with its migrations and its first hospital; the menu."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from administration import events
from assets import meters
from assets.models import Asset
from inspections.catalogue import Label, shipped
from inspections.permissions import CHECKLIST_VIEW
from inspections.shipping import ship, ship_everywhere
from inspections.words import both
from tenancy import hooks
from tenancy.models import Hospital
from ui.navigation import MenuItem, register


def plug_in(app: Any) -> None:
    hooks.on_open_hospital.append(_install)
    post_migrate.connect(_ship, sender=app)
    meters.usual.append(read_on_rounds)
    meters.words.append(meter_words)
    verbs = {"drafted": _("Draft begun"), "published": _("Published"), "discarded": _("Draft thrown away")}
    verbs |= {"retired": _("No longer in use"), "brought_back": _("In use again")}
    events.register("inspections.checklist", _("Checklist"), "inspections:checklist", verbs)
    register(MenuItem(_("Checklists"), "inspections:checklist_list", "list-check", CHECKLIST_VIEW, "work", 46))


def read_on_rounds(asset: Asset) -> list[tuple[str, str]]:
    """The meters, by name and unit, that the shipped checklists for such an asset read."""
    kind = asset.kind.name.lower()
    fitting = [one for one in shipped().values() if any(word in kind for word in one.kinds)]
    return [(item.meter, item.unit) for one in fitting for item in one.items if item.meter]


@cache
def _meters() -> dict[str, Label]:
    """The meters that the shipped checklists name: their stored name, and the item that says it in every language."""
    named = {item.meter: item.text for one in shipped().values() for item in one.items if item.meter}
    return {name: text for name, text in named.items() if both(text)[0] == name}


def meter_words(name: str) -> str:
    """A meter of the shipped checklists in the reader's language; any other as it was named."""
    text = _meters().get(name)
    return str(text) if text else name


def _install(actor: Any, hospital: Hospital) -> None:
    ship(hospital.consortium)


def _ship(**kwargs: Any) -> None:
    """A new version's checklists reach every consortium with its migrations, once their tables are all there."""
    try:
        if migrated := kwargs.get("apps"):
            migrated.get_model("inspections", "item")._meta.get_field("msgids")
    except (LookupError, FieldDoesNotExist):
        return
    ship_everywhere()
