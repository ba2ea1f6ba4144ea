"""`make run`: tables, demonstration, static files, then the site with its worker and its clock under one supervisor."""

from __future__ import annotations

import contextlib
import hashlib
import os
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path

from launch import commands, servers
from launch.datadir import DataDir
from launch.processes import LaunchError
from launch.supervise import supervise

EVERYWHERE = ("0.0.0.0", "::", "")
TABLES = ["*/migrations/*.py", "requirements.txt"]
STATIC = ["static/**/*", "*/static/**/*", "staticfiles/staticfiles.json", "requirements.txt"]
LOOK_AFTER_SERVERS = 3  # seconds


def say(text: str) -> None:
    print(text, flush=True)


def machine_address() -> str:
    """The address under which a phone in the same network finds this machine; nothing is sent for it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


class Address:
    """Where the site listens (BIND, PORT) and how people reach it (BASE_URL)."""

    def __init__(self) -> None:
        self.bind = os.environ.get("BIND", "127.0.0.1")
        port = os.environ.get("PORT", "8000")
        if not port.isdecimal() or not 0 < int(port) < 65536:
            raise LaunchError(f"PORT={port} is not a port: give a number from 1 to 65535.")
        self.port = int(port)
        quoted = f"[{self.bind}]" if ":" in self.bind else self.bind
        self.socket = f"{quoted}:{self.port}"
        self.host = machine_address() if self.bind in EVERYWHERE else self.bind
        self.local = f"http://{'127.0.0.1' if self.bind in EVERYWHERE else quoted}:{self.port}"
        self.base_url = os.environ.get("BASE_URL") or f"http://{self.host}:{self.port}"

    def must_be_free(self) -> None:
        family = socket.AF_INET6 if ":" in self.bind else socket.AF_INET
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.bind, self.port))
            except OSError as error:
                raise LaunchError(
                    f"The site cannot listen on {self.bind}:{self.port} ({error.strerror}): "
                    f"choose another port, for example PORT={self.port + 1} make run"
                ) from error


def fingerprint(project: Path, patterns: list[str], *more: str) -> str:
    """Changes whenever one of the files does."""
    digest = hashlib.sha256("\n".join(more).encode())
    for pattern in patterns:
        for path in sorted(project.glob(pattern)):
            stat = path.stat()
            digest.update(f"{path} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def wait_for(url: str, patience: float) -> None:
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=2):
            return
        time.sleep(0.5)


class Site:
    def __init__(self, project: Path, urls: dict[str, str], data: DataDir, address: Address):
        self.project, self.data, self.address = project, data, address
        self.embedded = "DATABASE_URL" not in servers.given()
        hosts = dict.fromkeys(["127.0.0.1", "localhost", address.host])
        defaults = {
            "SECRET_KEY": data.secret_key(),
            "HTTPS": "0",
            "BASE_URL": address.base_url,
            "ALLOWED_HOSTS": ",".join(hosts),
            "PYTHONWARNINGS": "ignore::UserWarning:celery.platforms",  # root may run it here, said nine lines long
        }
        given = {key: value for key, value in os.environ.items() if value}
        self.env = {**os.environ, **defaults, **given, **urls}
        self.demo = self.embedded or given.get("DEMO", "0").lower() in ("1", "true", "yes", "on")
        self.env["DEMO"] = "1" if self.demo else "0"

    def manage(self, *arguments: str) -> None:
        answer = subprocess.run([sys.executable, "manage.py", *arguments], env=self.env, cwd=self.project, check=False)
        if answer.returncode:
            raise LaunchError(f"manage.py {' '.join(arguments)} failed; the lines above say why.")

    def unless_done(self, name: str, mark: Callable[[], str], *command: str) -> None:
        """Leave out a step that nothing has changed for since it was last done."""
        stamp = self.data.path / f"{name.replace(' ', '-')}.stamp"
        if stamp.exists() and stamp.read_text() == mark():
            return
        started = time.monotonic()
        stamp.unlink(missing_ok=True)
        say(f"  {name} …")
        self.manage(*command)
        stamp.write_text(mark())
        say(f"  {name}: {time.monotonic() - started:.1f} s")

    def prepare(self) -> None:
        database = self.env["DATABASE_OWNER_URL"]
        self.unless_done("tables", partial(fingerprint, self.project, TABLES, database), "migrate", "-v", "0")
        static = partial(fingerprint, self.project, STATIC, str(self.project))
        self.unless_done("static files", static, "collectstatic", "--noinput", "-v", "0")
        if self.demo:
            self.unless_done("demonstration", partial(fingerprint, self.project, [], database), "demo")

    def announce(self) -> None:
        """Say where the site is once it and its worker answer, and who may sign in to the demonstration."""
        wait_for(self.address.local + "/healthz", 120)
        accounts = self.accounts() if self.demo else ""
        wait_for(self.address.local + "/readyz", 20)
        say(f"\n{accounts}\n  Ready: {self.address.base_url}/   (Ctrl-C stops everything)\n")

    def accounts(self) -> str:
        command = [sys.executable, "manage.py", "demo", "--accounts"]
        answer = subprocess.run(command, env=self.env, cwd=self.project, capture_output=True, text=True, check=False)
        return answer.stdout if answer.returncode == 0 else answer.stderr

    def serve(self) -> int:
        binaries = Path(sys.executable).parent
        schedule = str(self.data.path / "beat-schedule")
        named = {
            "web": commands.web(self.address.socket),
            "worker": commands.worker(),
            "beat": commands.beat(schedule),
        }
        full = {name: [str(binaries / command[0]), *command[1:]] for name, command in named.items()}
        threading.Thread(target=self.announce, daemon=True).start()
        return supervise(full, env=self.env, tick=self.look_after_servers())

    def look_after_servers(self) -> Callable[[], None]:
        """The embedded servers are started again when something kills them."""
        last = time.monotonic()

        def tick() -> None:
            nonlocal last
            if time.monotonic() - last < LOOK_AFTER_SERVERS:
                return
            if servers.revive(self.data):
                say("PostgreSQL or Valkey had ended and was started again")
            last = time.monotonic()

        return tick


def run(project: Path) -> int:
    os.chdir(project)
    started = time.monotonic()
    address = Address()
    address.must_be_free()
    say("Starting PostgreSQL and Valkey …")
    with servers.up(project) as urls:
        site = Site(project, urls, DataDir(project), address)
        say(f"  up after {time.monotonic() - started:.1f} s; preparing the site …")
        site.prepare()
        return site.serve()
