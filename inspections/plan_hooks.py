"""Where plans plug in: the menu, the page of events, what follows a step, a reading, an edited calendar."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from administration import events
from assets import meters
from flow.machine import moved
from inspections import generation, plan_machine
from inspections.models import Plan, Round
from inspections.permissions import PLAN_VIEW
from ui.navigation import MenuItem, register
from workorders import calendars

KEY = "inspections.plans"


def meter_was_read(sender: Any, meter: Any, **_: Any) -> None:
    generation.hint(meter.hospital_id)


def calendar_changed(sender: Any, hospital: Any, **_: Any) -> None:
    generation.calendar_changed(hospital.pk, timezone.now())


def plug_in() -> None:
    register(MenuItem(_("Inspection plans"), "inspections:plan_list", "calendar", PLAN_VIEW, "departments", 14))
    events.register("inspections.plan", _("Inspection plan"), "inspections:plan", plan_machine.PLANS.words)
    moved.connect(generation.settled, sender=Round, dispatch_uid=KEY)
    moved.connect(plan_machine.follow, sender=Plan, dispatch_uid=KEY)
    meters.was_read.connect(meter_was_read, dispatch_uid=KEY)
    calendars.changed.connect(calendar_changed, dispatch_uid=KEY)
