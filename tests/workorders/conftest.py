"""What the tests of the desk and the record share."""

import pytest
from django.test import Client

from tenancy.scope import scope


@pytest.fixture
def act(world):
    """Inside: `with act(): …` the engine's verbs may be called for both hospitals."""
    return lambda: scope(world.hospitals())


@pytest.fixture
def browse():
    """A browser of this person: `browse(world.dan).get("/desk/")`."""

    def signed_in(user):
        client = Client()
        client.force_login(user, backend="tenancy.backends.SignInBackend")
        return client

    return signed_in
