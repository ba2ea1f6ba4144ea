from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "flow"

    def ready(self) -> None:
        from flow.domain import note
        from tenancy import history

        history.register(note)
