"""Pages of the page layer's own small site."""

import pytest


@pytest.fixture
def site(settings, world):
    """`site.get("/units/", world.ada)`: a page as one of the cast sees it."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return Site()


class Site:
    def __init__(self):
        from django.test import Client

        self.client = Client()

    def get(self, url, person=None, **options):
        if person:
            self.client.force_login(person, "accounts.backends.SignInBackend")
        return self.client.get(url, **options)

    def post(self, url, person, data=None, **options):
        self.client.force_login(person, "accounts.backends.SignInBackend")
        return self.client.post(url, data or {}, **options)
