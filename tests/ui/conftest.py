"""Pages of the page layer's own small site."""

import pytest
from django.test import Client

from ui import navigation


@pytest.fixture
def site(settings, world, monkeypatch):
    """`site.get("/units/", world.ada)`: a page as one of the cast sees it."""
    settings.ROOT_URLCONF = "tests.ui.urls"
    monkeypatch.setattr(navigation, "_items", {})  # the rooms' own entries lead to pages this small site has not
    return Site()


class Site:
    def __init__(self):
        self.client = Client()

    def get(self, url, person=None, **options):
        if person:
            self.client.force_login(person)
        return self.client.get(url, **options)

    def post(self, url, person, data=None, **options):
        self.client.force_login(person)
        return self.client.post(url, data or {}, **options)
