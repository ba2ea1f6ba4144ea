"""Start-up: notices are written where things happen, in the same transaction; places in the menu; banners of the frame."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from flow.machine import moved
        from notices import announcing, domain, rules, workbooks
        from notices import permissions as perm
        from notices.robots import TEST
        from ui import context
        from ui.navigation import MenuItem, register

        def tell(sender: Any, obj: Any, event: Any, **kwargs: Any) -> None:
            domain.tell(obj, event)

        workbooks.plug_in()
        moved.connect(tell, weak=False, dispatch_uid="notices.tell")
        rules.register("notices.robot", TEST)
        context.banner_sources["notices"] = announcing.remembered
        register(
            MenuItem(
                _("Announcements"), "notices:announcement_list", "speakerphone", perm.ANNOUNCEMENT_CHANGE, "work", 70
            ),
            MenuItem(_("Group robots"), "notices:robot_list", "message", perm.CHANNEL_CHANGE, "office", 50),
            MenuItem(_("Failed notices"), "notices:delivery_list", "mail", perm.CHANNEL_CHANGE, "office", 51),
        )
