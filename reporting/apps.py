"""Start-up of what is made of figures for people: months of persons, leagues, wall screens, monthly reports."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    name = "reporting"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from kpi.permissions import FIGURE_VIEW
        from notices import rules
        from reporting import hearing, roles  # noqa: F401  adds what roles may do
        from reporting import permissions as perm
        from reporting.machine import REPORTS
        from reporting.models import Report
        from ui.navigation import MenuItem, register
        from workorders.permissions import ORDER_WORK

        rules.register("reporting.report", hearing.RULE)
        events.register(
            "reporting.report",
            _("Monthly report"),
            "reporting:report",
            REPORTS.words,
            rows=lambda user: Report.objects.for_user(user, perm.REPORT_VIEW),
        )
        events.register("reporting.screen", _("Wall screen"))
        register(
            MenuItem(_("My month"), "reporting:mine", "calendar", ORDER_WORK, "today", 80),
            MenuItem(_("Who needs a call"), "reporting:overview", "phone", perm.OVERVIEW_VIEW, "results", 5),
            MenuItem(_("Teams and contractors"), "reporting:parts", "users", FIGURE_VIEW, "results", 20),
            MenuItem(_("League tables"), "reporting:leagues", "award", perm.LEAGUE_VIEW, "results", 45),
            MenuItem(_("Monthly reports"), "reporting:reports", "file-text", perm.REPORT_VIEW, "results", 50),
            MenuItem(_("Wall screens"), "reporting:screens", "device-tv", perm.SCREEN_VIEW, "office", 80),
        )
