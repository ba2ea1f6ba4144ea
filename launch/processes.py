"""What the launcher asks of the operating system: which process lives, which port is free, how to end one gently."""

from __future__ import annotations

import contextlib
import glob
import os
import signal
import socket
import time
from pathlib import Path


class LaunchError(RuntimeError):
    """Something the person who starts the site can mend; its text says how."""


def alive(pid: int, needle: str = "") -> bool:
    """True for a process that runs and names `needle` in its command line, since process ids are used again.

    A zombie, left where process 1 does not reap, counts as dead.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in "ZX" and needle.encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def working_in(folder: Path) -> list[int]:
    """The processes whose working folder this is: backends that outlived a killed postmaster."""
    found = []
    for entry in glob.glob("/proc/[0-9]*"):
        with contextlib.suppress(OSError, ValueError):
            pid = int(entry[6:])
            if os.readlink(entry + "/cwd") == str(folder) and alive(pid):
                found.append(pid)
    return found


def stop(pid: int | None, gentle: int, hard: int = signal.SIGKILL, patience: float = 20) -> None:
    """End a process: the gentle signal, then the hard one, then the one nobody refuses."""
    if not pid or not alive(pid):
        return
    for sign, wait in ((gentle, patience), (hard, 5), (signal.SIGKILL, 5)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)
        end = time.monotonic() + wait
        while time.monotonic() < end:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            if not alive(pid):
                return
            time.sleep(0.05)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_taken(port: int, host: str = "127.0.0.1") -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((host, port)) == 0


def write_private(path: Path, text: str) -> None:
    """Passwords and keys: readable by their owner alone."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(text)


def tail(path: Path, lines: int = 25) -> str:
    try:
        return "".join(path.read_text(errors="replace").splitlines(keepends=True)[-lines:])
    except OSError:
        return "(no log)"
