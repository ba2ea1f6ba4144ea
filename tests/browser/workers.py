"""The worker and the clock beside the site, as in a hospital: processes of their own on the tests' database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

WORKER = ["worker", "--beat", "--concurrency=1", "--loglevel=WARNING", "--without-gossip", "--without-mingle"]


def url_of_tests(variable: str) -> str:
    """The same server and log-in, the tests' database."""
    return urlsplit(os.environ[variable])._replace(path="/" + connection.settings_dict["NAME"]).geturl()


@contextmanager
def working(folder: Path) -> Iterator[None]:
    """Until the end of the block a worker takes what the site hands over."""
    env = {**os.environ, **{key: url_of_tests(key) for key in ("DATABASE_URL", "DATABASE_OWNER_URL")}}
    command = [sys.executable, "-m", "celery", "-A", "logistics", *WORKER, "--schedule", str(folder / "schedule")]
    with (folder / "worker.log").open("w") as log:
        worker = subprocess.Popen(command, cwd=settings.BASE_DIR, env=env, stdout=log, stderr=subprocess.STDOUT)
    try:
        yield
    finally:
        worker.send_signal(signal.SIGQUIT)  # at once: what it had in hand goes with the tests' database
        try:
            worker.wait(15)
        except subprocess.TimeoutExpired:
            worker.kill()
            worker.wait()
