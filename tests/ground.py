"""The world laid once for the tests of a file that only look at it from inside a transaction of their own.

Laying thousands of rows takes longer than most tests. They are laid in a transaction around all tests of a file; each test works
in a savepoint inside it, which is rolled back as ever.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from tests.snapshot import laid
from tests.world import World, build

QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Ground:
    """What lies at the moment: of which file, in which transaction."""

    def __init__(self) -> None:
        self.blocker: Any = None  # lets the database be used, once it is set up
        self.around: Any = None
        self.file: Any = None
        self.world: World | None = None

    def prepare(self, item: Any) -> None:
        """Lay the world for this test, leave it, or take it away: whoever has no use for it finds an empty database."""
        wanted = self.blocker is not None and _rests_on_it(item)
        if self.around is not None and (not wanted or item.path != self.file or not connection.in_atomic_block):
            self.clear()
        if wanted and self.around is None:
            with self.blocker.unblock(), override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
                self._lay(item.path)

    def _lay(self, file: Any) -> None:
        around = transaction.atomic()
        around._from_testcase = True  # what has to be outermost is so inside it
        around.__enter__()
        self.around, self.file = around, file
        self.world = laid(build, World.hospitals)

    def clear(self) -> None:
        around, self.around, self.file, self.world = self.around, None, None, None
        if around is None:
            return
        with self.blocker.unblock():
            try:
                if connection.in_atomic_block:
                    transaction.set_rollback(True)
                    around.__exit__(None, None, None)
            except DatabaseError:  # a session that was ended has nothing left to take back
                connection.close()

    def copied(self) -> World | None:
        return copy.deepcopy(self.world)


def _rests_on_it(item: Any) -> bool:
    if "world" not in getattr(item, "fixturenames", ()) or {"transactional_db", "live_server"} & set(item.fixturenames):
        return False
    marker = item.get_closest_marker("django_db")
    return marker is None or not (marker.kwargs.get("transaction") or marker.args)


ground = Ground()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    ground.prepare(item)
