"""The site as the product starts it, the floor beside it, and a third one that only counts statements."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from bench import client, cpu
from launch import commands, processes

PROJECT = Path(__file__).resolve().parent.parent
PATIENCE = 60  # seconds until the first answer


class Web:
    """A gunicorn of ours; `application` is what its log-ins are called in PostgreSQL."""

    def __init__(self, name: str, command: list[str], env: dict[str, str], log: Path) -> None:
        self.name, self.port, self.log = name, processes.free_port(), log
        self.command = [str(Path(sys.executable).parent / command[0]), *command[1:], "--bind", f"127.0.0.1:{self.port}"]
        self.env = {**os.environ, **env, "PGAPPNAME": self.application}
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def application(self) -> str:
        return f"bench-{self.name}"

    @property
    def pid(self) -> int:
        assert self.process
        return self.process.pid

    def start(self, first: str) -> float:
        """Start it and ask for its first page until it comes; answers how many seconds that took."""
        begun = time.monotonic()
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(self.command, env=self.env, cwd=PROJECT, stdout=out, stderr=out)
        while time.monotonic() - begun < PATIENCE:
            with contextlib.suppress(OSError):
                client.Target(self.port, lambda _n: client.request(first)).sent(client.Connection(self.port), 0)
                return time.monotonic() - begun
            if self.process.poll() is not None:
                break
            time.sleep(0.02)
        self.stop()
        raise processes.LaunchError(f"The {self.name} does not answer:\n{processes.tail(self.log)}")

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def memory(self) -> float:
        return cpu.resident(self.pid)


GUNICORN = commands.WEB[2:]  # the settings of the site's own gunicorn


def site(env: dict[str, str], log: Path) -> Web:
    return Web("site", commands.WEB, env, log)


def floor(env: dict[str, str], log: Path) -> Web:
    return Web("floor", ["gunicorn", "bench.floor.wsgi", *GUNICORN], env, log)


def counter(env: dict[str, str], log: Path) -> Web:
    return Web(
        "counter", ["gunicorn", "bench.counter", *GUNICORN], {**env, "WEB_WORKERS": "1", "WEB_THREADS": "1"}, log
    )


@contextlib.contextmanager
def running(*started: tuple[Web, str]) -> Iterator[None]:
    """Each with the page that tells that it is ready."""
    try:
        for web, first in started:
            web.start(first)
        yield
    finally:
        for web, _first in started:
            web.stop()
