"""The world laid once for the tests of a file that only look at it from inside a transaction of their own.

Laying thousands of rows takes longer than most tests. They are laid in a transaction around all tests of a file; each test works
in a savepoint inside it, which is rolled back as ever. What the tests of a file want to find beside the world is a Layer, laid
once as well, in a savepoint upon the world.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test import override_settings

from tenancy.scope import scope
from tests.snapshot import Kept, laid, settle
from tests.world import World, build

PLACE = pytest.StashKey[tuple[int, list[int]]]()
QUICK_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class Layer:
    """What more the tests of a file want to find: `build(world)` lays it upon the world, or upon the layer below."""

    def __init__(self, build: Callable[[World], None], below: Layer | None = None) -> None:
        self.build = build
        self.chain: list[Layer] = [*(below.chain if below else ()), self]

    def fixture(self, name: str, *, inside: bool = False) -> Any:
        """The world with this layer. No scope is open, or, for tests that play `inside`, that of the hospitals A and B."""

        def found(world: World) -> Iterator[World]:
            for layer in self.chain[ground.depth(self) :]:
                layer.build(world)
            with scope([world.a.id, world.b.id]) if inside else nullcontext():
                yield world

        found.layer = self  # type: ignore[attr-defined]
        return pytest.fixture(found, name=name)


class Ground:
    """What lies at the moment: of which file, in which transactions, the world below everything."""

    def __init__(self) -> None:
        self.blocker: Any = None  # lets the database be used, once it is set up
        self.file: Any = None
        self.lying: list[tuple[Layer | None, Any, Kept]] = []

    def prepare(self, item: Any) -> None:
        """Lay what this test rests on, leave it, or take it away: whoever has no use for it finds an empty database."""
        chain = _rests_on(item) if self.blocker is not None else []
        if self.lying and (item.path != self.file or not connection.in_atomic_block):
            self.clear()
        keep = next((n for n, (one, *_) in enumerate(self.lying) if one not in chain[n : n + 1]), len(self.lying))
        self.clear(keep)
        with self._unblocked(chain):
            for layer in chain[len(self.lying) :]:
                self._lay(layer)
        self.file = item.path

    def _unblocked(self, chain: list[Any]) -> Any:
        return self.blocker.unblock() if chain[len(self.lying) :] else nullcontext()

    def _lay(self, layer: Layer | None) -> None:
        around = transaction.atomic()
        around._from_testcase = True  # what has to be outermost is so inside it
        around.__enter__()
        try:
            with override_settings(PASSWORD_HASHERS=QUICK_HASHERS):
                world = laid(build, World.hospitals) if layer is None else self._on_top(layer)
        except BaseException:
            around.__exit__(*sys.exc_info())
            raise
        self.lying.append((layer, around, Kept(world)))

    def _on_top(self, layer: Layer) -> World:
        world: World = self.lying[-1][2].anew()
        layer.build(world)
        settle()
        return world

    def clear(self, keep: int = 0) -> None:
        """Take back all but so many layers."""
        gone, self.lying = self.lying[keep:], self.lying[:keep]
        if not gone:
            return
        with self.blocker.unblock():
            try:
                for _layer, around, _world in reversed(gone):
                    if connection.in_atomic_block:
                        transaction.set_rollback(True)
                        around.__exit__(None, None, None)
            except DatabaseError:  # a session that was ended has nothing left to take back
                connection.close()

    def copied(self) -> World | None:
        return self.lying[-1][2].anew() if self.lying else None

    def depth(self, layer: Layer) -> int:
        """How many layers of its chain lie there."""
        lying = [one for one, *_ in self.lying[1:]]
        return len(lying) if lying == layer.chain[: len(lying)] else 0


def _rests_on(item: Any) -> list[Layer | None]:
    """The layers from below: nothing, the world alone, or the world and what was laid upon it."""
    if not _rests_on_it(item):
        return []
    known = [getattr(of[-1].func, "layer", None) for of in item._fixtureinfo.name2fixturedefs.values()]
    return [None, *max((layer.chain for layer in known if layer), key=len, default=())]


def _rests_on_it(item: Any) -> bool:
    if "world" not in getattr(item, "fixturenames", ()) or {"transactional_db", "live_server"} & set(item.fixturenames):
        return False
    marker = item.get_closest_marker("django_db")
    return marker is None or not (marker.kwargs.get("transaction") or marker.args)


ground = Ground()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: Any) -> None:
    ground.prepare(item)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """In each file those first that rest on least: what is laid lies until the last test that wants it."""
    files: dict[Any, int] = {}
    layers: dict[Any, int] = {}
    for item in items:
        item.stash[PLACE] = (
            files.setdefault(item.path, len(files)),
            [layers.setdefault(layer, len(layers)) for layer in _rests_on(item)],
        )
    items.sort(key=lambda item: item.stash[PLACE])
