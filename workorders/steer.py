"""What the engine plugs into the rooms below for those who steer: menu, files of orders, who hears of what."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from administration import events
from flow import files
from kpi.permissions import FIGURE_VIEW
from notices import rules
from tenancy.access import can
from ui.navigation import MenuItem, register
from workorders import hearing, timeline
from workorders import permissions as perm
from workorders.models import WorkOrder

SUBJECT = WorkOrder._meta.label_lower


def plug_in() -> None:
    """Called once, when the applications are ready."""
    files.subject_checks[SUBJECT] = may_see
    rules.register(SUBJECT, hearing.RULE)
    events.register(SUBJECT, _("Work order"), "workorders:order", timeline.VERBS)
    events.register("workorders.service", _("Service"), "workorders:service")
    events.register("workorders.labourrate", _("Labour rate"), "workorders:rate")
    register(
        MenuItem(_("Desk"), "workorders:desk", "headset", perm.ORDER_DISPATCH, "today", 10, True),
        MenuItem(_("Work orders"), "workorders:order_list", "clipboard-list", perm.ORDER_VIEW, "work", 10, True),
        MenuItem(_("Board"), "workorders:board", "layout-board", perm.ORDER_DISPATCH, "work", 20, True),
        MenuItem(_("Service catalogue"), "workorders:service_list", "category", perm.SERVICE_CHANGE, "departments", 80),
        MenuItem(_("Time limits"), "workorders:limits", "clock", perm.LIMITS_CHANGE, "departments", 82),
        MenuItem(
            _("Costs"), "workorders:costs", "receipt", perm.COST_VIEW, "results", 30,
            shown=lambda request: can(request.user, FIGURE_VIEW),
        ),
        MenuItem(_("Labour rates"), "workorders:rate_list", "currency-yuan", perm.RATE_CHANGE, "results", 31),
    )  # fmt: skip


def may_see(user: Any, pk: int) -> bool:
    """Files of an order are seen by whoever sees the order."""
    return WorkOrder.objects.for_user(user, perm.ORDER_VIEW).filter(pk=pk).exists()
