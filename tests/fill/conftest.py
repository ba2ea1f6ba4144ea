"""The filled consortium, made as the owner of the tables in one transaction and rolled back afterwards."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone

from logistics.fill.plan import plan_of
from tests.conftest import as_owner

CATALOGUE = """
SELECT conrelid::regclass::text || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT pg_get_indexdef(i.indexrelid) || i.indisvalid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE c.relnamespace = 'public'::regnamespace
UNION ALL SELECT t.tgrelid::regclass::text || ' ' || t.tgname || t.tgenabled::text FROM pg_trigger t WHERE NOT tgisinternal
ORDER BY 1
"""


def catalogue():
    """All indexes, constraints and triggers as the database words them."""
    with connection.cursor() as cursor:
        cursor.execute(CATALOGUE)
        return [line for (line,) in cursor.fetchall()]


def plan(seed=7, orders=1500, hospitals=3, years=1, people=60):
    return plan_of("S", seed, timezone.now(), hospitals=hospitals, years=years, orders=orders, people=people)


@contextmanager
def nothing_stays():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory):
    """A store of its own for the pictures, as long as the filled rows."""
    with override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media")):
        yield


@pytest.fixture
def empty(django_db_setup, django_db_blocker):
    """The empty database, as the owner; whatever a test does to it is undone."""
    with django_db_blocker.unblock(), as_owner(), nothing_stays():
        yield
