"""Start-up of the indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from indicators import permissions as perm
        from indicators import roles  # noqa: F401  adds what roles may do
        from indicators.library import aims
        from kpi.aims import register as register_aims
        from ui.navigation import MenuItem, register

        register_aims(aims)
        events.register("indicators.returnfile", _("File of returns"), "indicators:file")
        events.register("indicators.indicator", _("Indicator"))
        register(MenuItem(_("Compare hospitals"), "indicators:overview", "scale", perm.RETURN_VIEW, "results", 40))
