"""Start-up of the register of hazards."""

from django.apps import AppConfig


class HazardsConfig(AppConfig):
    name = "hazards"
