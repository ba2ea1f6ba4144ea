"""Start-up of the indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from indicators import permissions as perm
        from indicators import roles  # noqa: F401  adds what roles may do
        from indicators.explaining import explain
        from indicators.library import aims
        from kpi import explaining as figures
        from kpi.aims import register as register_aims
        from kpi.permissions import FIGURE_VIEW
        from ui.navigation import MenuItem, register

        register_aims(aims)
        figures.register(explain, order=10)
        events.register("indicators.returnfile", _("File of returns"), "indicators:file")
        events.register("indicators.indicator", _("Indicator"))
        register(MenuItem(_("Library of indicators"), "indicators:library", "book", FIGURE_VIEW, "results", 15))
        register(MenuItem(_("Compare hospitals"), "indicators:overview", "scale", perm.RETURN_VIEW, "results", 40))
