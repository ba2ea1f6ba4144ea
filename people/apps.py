"""Start-up of the rosters: their entries in the menu, and what follows when teams merge."""

from typing import Any

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "people"

    def ready(self) -> None:
        from people import domain
        from tenancy import hooks

        def follow(actor: Any, merged: hooks.Part, into: hooks.Part) -> None:
            domain.follow_merge(merged, into)

        hooks.references.append(follow)
