"""Start-up of maintenance: what it shows on an asset's page."""

from django.apps import AppConfig


class MaintenanceConfig(AppConfig):
    name = "maintenance"

    def ready(self) -> None:
        from assets import panels
        from maintenance.history import repairs

        panels.register(panels.Panel("maintenance.repairs", "maintenance/asset_panel.html", repairs, 10))
