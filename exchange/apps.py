"""Start-up of the way in: every app's `importers.py` declares what can be brought in."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ExchangeConfig(AppConfig):
    name = "exchange"

    def ready(self) -> None:
        from exchange import list_views, saved
        from ui import listing

        autodiscover_modules("importers")
        listing.plug_in(saved.arrange, list_views.later)
