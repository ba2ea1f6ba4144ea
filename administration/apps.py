"""Start-up of the office: its place in the menu."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdministrationConfig(AppConfig):
    name = "administration"

    def ready(self) -> None:
        from tenancy import permissions as perm
        from ui.navigation import MenuItem, register

        register(
            MenuItem(_("Administration"), "administration:home", "settings", perm.GRANT_VIEW, "office", 10),
            MenuItem(_("People"), "administration:person_list", "user", perm.PERSON_VIEW, "office", 20),
            MenuItem(_("Places"), "administration:place_list", "map-pin", perm.PLACE_CHANGE, "office", 30),
            MenuItem(
                _("Contractors"), "administration:engagement_list", "briefcase", perm.CONTRACTOR_CHANGE, "office", 40
            ),
        )
