"""What the two phone faces plug in at start-up: their places in the menu, and the pulse that polls compare."""

from django.core.cache import cache
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from flow.machine import moved
from tenancy.access import hospitals_with, reaches
from ui.navigation import MenuItem, register
from workorders import complaints, links, pulse, working
from workorders import permissions as perm
from workorders.models import WorkOrder

COUNTED = 900  # seconds that a count stands at most


def plug_in() -> None:
    moved.connect(pulse.beat, sender=WorkOrder, dispatch_uid="workorders.pulse")
    moved.connect(complaints.hear, sender=WorkOrder, dispatch_uid="workorders.complaints")
    moved.connect(links.pass_on, sender=WorkOrder, dispatch_uid="workorders.pass_on")
    work, report = perm.ORDER_WORK, perm.ORDER_REPORT
    register(
        MenuItem(_("My work"), "workorders:work", "tools", work, "today", order=10, phone=True, badge=_in_hand),
        MenuItem(_("My reports"), "workorders:ask", "list-check", report, "today", order=20, phone=True),
        MenuItem(_("Report"), "workorders:ask_new", "plus", report, "today", order=21, phone=True),
    )


def _in_hand(request: HttpRequest) -> int:
    """Counted anew when an order of the person's hospitals has moved, or their grants have: it stands on every page."""
    user = request.user
    grants = "-".join(sorted(str(reach.grant) for reach in reaches(user)))
    key = f"in-hand:{user.pk}:{grants}:{pulse.moves(hospitals_with(user, perm.ORDER_WORK))}"
    return int(cache.get_or_set(key, lambda: working.in_hand(user), COUNTED))
