"""Start-up of what is made of figures for people: months of persons, leagues, wall screens, monthly reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from kpi.permissions import FIGURE_VIEW
        from reporting import roles  # noqa: F401  adds what roles may do
        from ui.navigation import MenuItem, register
        from workorders.permissions import ORDER_WORK

        register(
            MenuItem(_("My month"), "reporting:mine", "calendar", ORDER_WORK, "today", 80),
            MenuItem(_("Teams and contractors"), "reporting:parts", "users", FIGURE_VIEW, "results", 20),
        )
