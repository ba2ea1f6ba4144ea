"""What checklists plug into the rooms below: a consortium gets them with its migrations and its first hospital; the menu."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from administration import events
from inspections.permissions import CHECKLIST_VIEW
from inspections.shipping import ship, ship_everywhere
from tenancy import hooks
from tenancy.models import Hospital
from ui.navigation import MenuItem, register


def plug_in(app: Any) -> None:
    hooks.on_open_hospital.append(_install)
    post_migrate.connect(_ship, sender=app)
    verbs = {"drafted": _("Draft begun"), "published": _("Published"), "discarded": _("Draft thrown away")}
    verbs |= {"retired": _("No longer in use"), "brought_back": _("In use again")}
    events.register("inspections.checklist", _("Checklist"), "inspections:checklist", verbs)
    register(MenuItem(_("Checklists"), "inspections:checklist_list", "list-check", CHECKLIST_VIEW, "work", 46))


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
