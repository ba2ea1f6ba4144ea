"""Start-up of the way in: every app's `importers.py` declares what can be brought in."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        autodiscover_modules("importers")
