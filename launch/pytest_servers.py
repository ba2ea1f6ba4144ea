"""Gives a bare `pytest`, and by inheritance every parallel worker, the embedded servers unless others are named.

Loaded early (`-p` in pyproject.toml), because pytest-django reads the settings before any conftest.
"""

import atexit
import contextlib
import os
from pathlib import Path

from launch import servers

# Test data may be lost with the machine: waiting for the disk at each commit would only cost time.
QUICK_COMMIT = "?options=-c%20synchronous_commit%3Doff"


def lend_servers() -> None:
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    named = servers.given()
    urls = stack.enter_context(servers.up(Path(__file__).resolve().parent.parent))
    if "DATABASE_URL" not in named:
        for key in servers.DATABASE_KEYS:
            urls[key] += QUICK_COMMIT
    os.environ.update(urls)
    os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "0" * 50)


def keep_apart() -> None:
    """Parallel workers, and a site that runs beside the tests, share one Valkey: each has keys of its own."""
    prefix = f"{os.environ.get('TEST_DATABASE', 'test')}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}:"
    os.environ.update(CACHE_PREFIX=prefix, BROKER_PREFIX=prefix)


keep_apart()
if not os.environ.get("PYTEST_XDIST_WORKER"):
    lend_servers()
