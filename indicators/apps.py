"""Start-up of the indicators."""

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "indicators"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from indicators import kpis, reminding, roles  # noqa: F401  kpis and roles declare themselves
        from indicators import permissions as perm
        from indicators.explaining import explain
        from indicators.library import aims
        from indicators.queries import files_of, may_take_in
        from kpi import explaining as figures
        from kpi.aims import register as register_aims
        from kpi.permissions import FIGURE_VIEW
        from notices import rules
        from ui.navigation import MenuItem, register

        register_aims(aims)
        figures.register(explain, order=10)
        events.register("indicators.returnfile", _("File of returns"), "indicators:file", rows=files_of)
        events.register("indicators.indicator", _("Indicator"))
        register(MenuItem(_("Library of indicators"), "indicators:library", "book", FIGURE_VIEW, "results", 15))
        rules.register(reminding.SUBJECT, reminding.RULE)
        events.register(reminding.SUBJECT, _("Return asked for"), "indicators:due", reminding.VERBS)
        events.register("indicators.returnrequest", _("Request for returns"), "indicators:request")
        register(
            MenuItem(
                _("Requests for returns"), "indicators:request_list", "speakerphone", perm.RETURN_CHANGE, "results", 42,
                shown=lambda request: may_take_in(request.user),
            )
        )  # fmt: skip
        register(
            MenuItem(_("Returns asked for"), "indicators:due_list", "clipboard-list", perm.RETURN_VIEW, "results", 41)
        )
        register(MenuItem(_("Compare hospitals"), "indicators:overview", "scale", perm.RETURN_VIEW, "results", 40))
