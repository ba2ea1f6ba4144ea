"""Start-up of the inspections: menu, roles, files, what a scanned label means, what stands on other pages."""

from __future__ import annotations

from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"

    def ready(self) -> None:
        from typing import Any

        from django.utils import timezone

        from assets import meters
        from inspections import checklist_hooks, deadlines, generation, missed, round_hooks
        from inspections import roles as roles  # ships what they may do
        from notices import rules
        from workorders import calendars

        def meter_was_read(sender: Any, meter: Any, **_: Any) -> None:
            generation.hint(meter.hospital_id)

        def calendar_changed(sender: Any, hospital: Any, **_: Any) -> None:
            generation.calendar_changed(hospital.pk, timezone.now())

        meters.was_read.connect(meter_was_read, weak=False, dispatch_uid="inspections.generation")
        calendars.changed.connect(calendar_changed, weak=False, dispatch_uid="inspections.generation")

        round_hooks.plug_in()
        checklist_hooks.plug_in(self)
        deadlines.plug_in()
        rules.register("inspections.round", missed.RULE)
