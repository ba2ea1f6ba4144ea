"""What monitors ask: alive always answers, ready names the part that fails."""

import json
import time

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import RequestFactory

from logistics.health import healthz, readyz
from logistics.startup import refuse_unsafe_role
from logistics.tasks import HEARTBEAT, heartbeat
from tests.conftest import as_owner


def ask(view):
    response = view(RequestFactory().get("/"))
    return response.status_code, json.loads(response.content)


def test_healthz_needs_no_database():
    assert ask(healthz) == (200, {"status": "ok"})


@pytest.mark.django_db
def test_readyz_is_green_after_a_heartbeat():
    heartbeat()

    assert ask(readyz) == (200, dict.fromkeys(("status", "database", "role", "broker", "worker"), "ok"))


@pytest.mark.django_db
@pytest.mark.parametrize("age", [None, 100])
def test_readyz_names_the_worker_that_was_not_heard(age):
    cache.delete(HEARTBEAT)
    if age:
        cache.set(HEARTBEAT, time.time() - age)

    code, parts = ask(readyz)

    assert code == 503
    assert parts["database"] == parts["broker"] == "ok"
    assert parts["worker"].startswith("no worker has answered")


@pytest.mark.django_db
def test_readyz_names_a_broker_that_is_gone(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:1/0"

    code, parts = ask(readyz)

    assert code == 503
    assert parts["broker"] == "ConnectionError"


@pytest.mark.django_db(transaction=True)
def test_start_is_refused_to_the_owner(capsys):
    with as_owner(), pytest.raises(SystemExit):
        refuse_unsafe_role()

    assert "logistics_owner owns tables" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_start_is_granted_to_the_application():
    refuse_unsafe_role()

    assert connection.settings_dict["USER"] == "logistics_app"
