"""Start-up of the register: its entry in the menu, and who may open an asset's files."""

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from assets.permissions import ASSET_VIEW
        from assets.queries import may_see
        from flow import files
        from ui.navigation import MenuItem, register

        register(MenuItem(_("Assets"), "assets:asset_list", "packages", ASSET_VIEW, "departments", 10))
        files.subject_checks["assets.asset"] = may_see
