"""Start-up of the engine: what it plugs into the rooms below."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig


class WorkordersConfig(AppConfig):
    name = "workorders"

    def ready(self) -> None:
        from django.utils import timezone

        from administration import finders
        from people import hooks as people
        from tenancy import hooks
        from tenancy.models import Hospital
        from workorders import calendars, catalogue, domain, phones, steer
        from workorders import permissions as perm
        from workorders.models import WorkOrder

        def install(actor: Any, hospital: Hospital) -> None:
            catalogue.install(hospital)
            calendars.install(hospital, timezone.localdate())

        def follow(actor: Any, merged: hooks.Part, into: hooks.Part) -> None:
            domain.follow_merge(merged, into)

        def by_number(user: Any, text: str) -> Any:
            return WorkOrder.objects.for_user(user, perm.ORDER_VIEW).filter(number=text.upper()).first()

        finders.finders.append(by_number)
        hooks.on_open_hospital.append(install)
        hooks.leavers.append(hooks.Leavers(domain.open_work_of, domain.hand_over_work))
        hooks.references.append(follow)
        hooks.open_work_at.append(domain.open_work_here)
        people.absence_page.append("workorders:absence")
        phones.plug_in()
        steer.plug_in()
