from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TenancyConfig(AppConfig):
    name = "tenancy"

    def ready(self) -> None:
        from tenancy import lookups  # noqa: F401  # they register themselves

        post_migrate.connect(_sync_roles, sender=self)


def _sync_roles(**kwargs: object) -> None:
    """A new version's roles and permissions reach every consortium with its migrations."""
    from tenancy.domain import sync_roles
    from tenancy.models import Consortium

    for consortium in Consortium.objects.all():
        sync_roles(consortium)
