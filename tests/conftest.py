"""Every test logs in as the application's role; only making and flushing the test database uses the owner's."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.core.cache import caches
from django.core.management.color import no_style
from django.db import OperationalError, connection
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases

from tests.ground import QUICK_HASHERS, ground, pytest_collection_modifyitems, pytest_runtest_setup  # noqa: F401  hooks
from tests.migrating import quickly
from tests.snapshot import laid
from tests.world import World, build
from workorders import numbers

# What the migrations themselves wrote: no test changes it, and writing it anew takes as long as emptying all the rest.
KEPT = {"django_content_type", "auth_permission"}


@contextmanager
def as_owner() -> Iterator[None]:
    """Log in as the owner for a moment; outside any test's transaction."""
    mine = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
    connection.close()
    connection.settings_dict.update({key: settings.DATABASE_OWNER[key] for key in mine})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(mine)


@pytest.fixture(scope="session")
def django_db_setup(
    request, django_test_environment, django_db_blocker, django_db_keepdb, django_db_modify_db_settings
):
    with django_db_blocker.unblock(), as_owner(), quickly():
        # No test asks for the rows of the migrations back: they need not be kept as text.
        old = setup_databases(verbosity=0, interactive=False, keepdb=django_db_keepdb, serialized_aliases=())
        with connection.cursor() as cursor:
            cursor.execute(f'GRANT CONNECT ON DATABASE "{connection.settings_dict["NAME"]}" TO "{settings.APP_ROLE}"')
    ground.blocker = django_db_blocker
    yield
    ground.clear()
    if not django_db_keepdb:
        with django_db_blocker.unblock(), as_owner():
            teardown_databases(old, verbosity=0)


def empty_cache() -> None:
    """Nothing is kept any more for this test. `cache.clear()` would empty everybody's: sessions, counts and what waits for
    workers of the tests that run beside this one."""
    caches["default"].key_prefix = f"test-{uuid.uuid4().hex}"


def empty_tables() -> None:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(set(tables) - KEPT)))


@pytest.fixture(autouse=True, scope="session")
def _flush_as_owner():
    flush = TransactionTestCase._fixture_teardown

    def flush_as_owner(self):
        """A page the browser left in the middle may still be drawn: of two that wait for each other, the database ends one."""
        for left in reversed(range(5)):
            try:
                with as_owner():
                    empty_tables()
            except OperationalError:
                if not left:
                    raise
            else:
                break
        numbers._blocks.clear()  # counters begin anew: what this process had taken of them is nobody's

    TransactionTestCase._fixture_teardown = flush_as_owner
    yield
    TransactionTestCase._fixture_teardown = flush


@pytest.fixture(autouse=True)
def _media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _apart(settings):
    """Throttles and cached sessions of one test never meet those of another; hashing costs nothing, files keep their names."""
    empty_cache()
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = QUICK_HASHERS


@pytest.fixture
def world(db):
    """Two hospitals and a cast (tests/world.py). No scope is open: `with scope_of(world.dan): …`."""
    return ground.copied() or laid(build, World.hospitals)
