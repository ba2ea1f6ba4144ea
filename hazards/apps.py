"""Start-up of the register of hazards: roles, menu, files, notices, what finished work orders say to it."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events
        from flow import files
        from flow.machine import moved
        from hazards import deadlines, domain, hearing, kpis, queries, roles, timeline  # noqa: F401  kpis and roles declare themselves
        from hazards import permissions as perm
        from notices import rules
        from ui.navigation import MenuItem, register
        from workorders.models import WorkOrder

        subject = "hazards.hazard"
        files.subject_checks[subject] = queries.may_see
        rules.register(subject, hearing.RULE)
        events.register(subject, _("Hazard"), "hazards:hazard", timeline.VERBS)
        moved.connect(domain.order_moved, sender=WorkOrder, dispatch_uid="hazards.order_moved")
        deadlines.plug_in()
        register(
            MenuItem(_("Report a hazard"), "hazards:report", "alert-triangle", perm.HAZARD_REPORT, "today", 70),
            MenuItem(_("Hazards"), "hazards:hazard_list", "flag", perm.HAZARD_VIEW, "work", 30),
        )
