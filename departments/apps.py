"""Start-up of the socket."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    name = "departments"

    def ready(self) -> None:
        from departments import checks, menu, registry  # noqa: F401  registers the checks
        from workorders import kpis, roles  # noqa: F401  declares figures, ships the platform's roles

        registry.discover()
        menu.plug_in()
