"""Start-up of the figures: their entry in the menu."""

from django.apps import AppConfig


class KpiConfig(AppConfig):
    name = "kpi"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from kpi.permissions import FIGURE_VIEW
        from ui.navigation import MenuItem, register

        register(MenuItem(_("Figures"), "kpi:dashboard", "chart-bar", FIGURE_VIEW, "results", 10, phone=True))
