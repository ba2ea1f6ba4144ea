"""Start-up: notices are written where things happen, in the same transaction."""

from typing import Any

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from flow.machine import moved
        from notices import domain, workbooks

        def tell(sender: Any, obj: Any, event: Any, **kwargs: Any) -> None:
            domain.tell(obj, event)

        workbooks.plug_in()
        moved.connect(tell, weak=False, dispatch_uid="notices.tell")
