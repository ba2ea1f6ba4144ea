"""Real receivers, and an outbox that is emptied by hand."""

from __future__ import annotations

import pytest

from notices import sending
from notices.models import Delivery
from tenancy.scope import scope
from tests.notices.receivers import Chat, MailServer, serving


@pytest.fixture
def mailbox(settings):
    """A mail server; the site is told to use it."""
    server = serving(MailServer())
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def chat():
    server = serving(Chat())
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def deliver(world):
    """Send what hospital A's outbox has due."""
    return lambda: sending.deliver(world.a.id)


@pytest.fixture
def outbox(world):
    """The outbox of A, oldest first."""

    def rows(**narrow):
        with scope([world.a.id]):
            return list(Delivery.objects.filter(**narrow).order_by("id"))

    return rows
