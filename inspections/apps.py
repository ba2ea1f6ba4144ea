"""Start-up of the inspections: menu, roles, files, what a scanned label means, what stands on other pages."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from inspections import checklist_hooks, deadlines, hearing, kpis, plan_hooks, round_hooks  # noqa: F401  figures
        from inspections import roles as roles  # ships what they may do
        from notices import rules

        plan_hooks.plug_in()
        round_hooks.plug_in()
        checklist_hooks.plug_in(self)
        deadlines.plug_in()
        rules.register("inspections.round", hearing.RULE)
