"""Start-up of the register: its entry in the menu, and who may open an asset's files."""

from typing import Any

from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "assets"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from administration import events, finders
        from assets import deadlines, downtimes, duties, kpis, meters, panels  # noqa: F401  kpis declares itself
        from assets.machine import ASSETS
        from assets.models import Asset
        from assets.permissions import ASSET_VIEW
        from assets.queries import may_see
        from flow import files
        from flow.machine import moved
        from tenancy import hooks
        from tenancy.models import Place, Unit
        from ui import history as told
        from ui.navigation import MenuItem, register

        def by_code(user: Any, text: str) -> Any:
            return Asset.objects.for_user(user, ASSET_VIEW).filter(code=text).first()

        def follow(actor: Any, merged: hooks.Part, into: hooks.Part) -> None:
            """What stands at a merged place, or is in the keeping of a merged unit, goes along."""
            if isinstance(merged, Place):
                Asset.objects.filter(place_id=merged.pk).update(place_id=into.pk)
            elif isinstance(merged, Unit):
                Asset.objects.filter(custodian_id=merged.pk).update(custodian_id=into.pk)

        register(MenuItem(_("Assets"), "assets:asset_list", "packages", ASSET_VIEW, "departments", 10))
        panels.register(panels.Panel("assets.meters", "assets/meter_panel.html", meters.of_asset, 5))
        moved.connect(downtimes.follow, sender=Asset, dispatch_uid="assets.downtimes")
        moved.connect(downtimes.since, sender=Asset, dispatch_uid="assets.states")
        events.register("assets.asset", _("Asset"), "assets:asset", ASSETS.words)
        files.subject_checks["assets.asset"] = may_see
        finders.finders.append(by_code)
        told.WORDS["duty_entered"] = _("Last day entered")
        panels.register(panels.Panel("assets.duties", "assets/duties_panel.html", duties.panel, 5))
        deadlines.plug_in()
        hooks.references.append(follow)
