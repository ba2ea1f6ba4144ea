"""Start-up of the socket."""

from django.apps import AppConfig


class DepartmentsConfig(AppConfig):
    name = "departments"

    def ready(self) -> None:
        from departments import checks, deadlines, menu, registry, roles  # noqa: F401  checks and roles register themselves
        from notices import rules
        from workorders import kpis  # noqa: F401  declares figures, ships the platform's roles

        registry.discover()
        rules.register("tenancy.hospital", deadlines.RULE)
        menu.plug_in()
