"""What the two phone faces plug in at start-up: their places in the menu."""

from django.utils.translation import gettext_lazy as _

from ui.navigation import MenuItem, register
from workorders import permissions as perm


def plug_in() -> None:
    register(
        MenuItem(_("My reports"), "workorders:ask", "clipboard-list", perm.ORDER_REPORT, "today", order=20, phone=True),
        MenuItem(_("Report"), "workorders:ask_new", "plus", perm.ORDER_REPORT, "today", order=21, phone=True),
    )
