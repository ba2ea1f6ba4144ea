"""The embedded servers, shared: `make run`, `make test` and a shell of one checkout use the same PostgreSQL and Valkey.

    with up(project) as env:  # DATABASE_URL, DATABASE_OWNER_URL, REDIS_URL
        subprocess.run([...], env={**os.environ, **env})

Every user holds a shared lock and the last to leave stops the servers; the kernel frees the lock even after kill -9.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from launch.datadir import DataDir
from launch.postgres import Postgres
from launch.processes import LaunchError
from launch.valkey import Valkey

DATABASE_KEYS = ("DATABASE_URL", "DATABASE_OWNER_URL")


def given() -> dict[str, str]:
    """The servers the environment names; those are used, not started."""
    named = {key: os.environ[key] for key in (*DATABASE_KEYS, "REDIS_URL") if os.environ.get(key)}
    missing = [key for key in DATABASE_KEYS if key not in named]
    if len(missing) == 1:
        raise LaunchError(f"{missing[0]} is missing: the application and the owner of the tables log in separately.")
    return named


@contextlib.contextmanager
def locked(data: DataDir) -> Iterator[None]:
    """One starter or stopper at a time."""
    with open(data.path / "start.lock", "a+") as gate:
        fcntl.flock(gate, fcntl.LOCK_EX)
        yield


def start(data: DataDir, env: dict[str, str]) -> dict[str, str]:
    """Start what is not named in `env` and does not run yet; also mends what was killed."""
    state = data.load()
    urls = dict(env)
    try:
        if "DATABASE_URL" not in env:
            urls |= Postgres(data, state).start()
        if "REDIS_URL" not in env:
            urls |= Valkey(data, state).start()
    finally:
        data.save(state)
    return urls


def revive(data: DataDir) -> bool:
    """Start again what was killed while it is in use; True when something had to be."""
    env = given()
    state = data.load()
    database = "DATABASE_URL" in env or Postgres(data, state).running()
    broker = "REDIS_URL" in env or Valkey(data, state).running()
    if database and broker:
        return False
    with locked(data):
        start(data, env)
    return True


@contextlib.contextmanager
def up(project: Path) -> Iterator[dict[str, str]]:
    env = given()
    if "DATABASE_URL" in env and "REDIS_URL" in env:
        yield env
        return
    data = DataDir(project)
    with open(data.path / "users.lock", "a+") as users:
        try:
            with locked(data):
                fcntl.flock(users, fcntl.LOCK_SH)
                urls = start(data, env)
            yield urls
        finally:
            with locked(data):
                stop_if_unused(data, users.fileno())


def stop_if_unused(data: DataDir, users: int) -> bool:
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:  # somebody else still uses the servers
        return False
    state = data.load()
    Valkey(data, state).stop()
    Postgres(data, state).stop()
    return True


def stop(project: Path) -> bool:
    """Stop servers that outlived their users; False while somebody uses them."""
    data = DataDir(project)
    with open(data.path / "users.lock", "a+") as users, locked(data):
        return stop_if_unused(data, users.fileno())
