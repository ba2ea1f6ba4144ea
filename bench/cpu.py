"""CPU time and memory of processes, as the operating system counts them (Linux)."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PROC = Path("/proc")


def read_stat(text: str) -> tuple[int, float]:
    """(parent, CPU seconds) out of /proc/PID/stat; the command's name may hold blanks and brackets."""
    fields = text.rpartition(")")[2].split()
    return int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS


def stats() -> dict[int, tuple[int, float]]:
    found = {}
    for entry in PROC.iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                found[int(entry.name)] = read_stat((entry / "stat").read_text())
    return found


def tree(root: int, known: dict[int, tuple[int, float]] | None = None) -> set[int]:
    """A process and all that it started, they too."""
    parents = {pid: parent for pid, (parent, _used) in (known or stats()).items()}
    inside, size = {root}, 0
    while len(inside) > size:
        size = len(inside)
        inside |= {pid for pid, parent in parents.items() if parent in inside}
    return inside


def used(pids: Iterable[int]) -> dict[int, float]:
    """CPU seconds by process; one that is gone is left out."""
    found = {}
    for pid in pids:
        with contextlib.suppress(OSError, ValueError, IndexError):
            found[pid] = read_stat((PROC / str(pid) / "stat").read_text())[1]
    return found


def spent(before: dict[int, float], after: dict[int, float]) -> float:
    """CPU seconds between two readings; a process that was born between them counts from its birth."""
    return sum(seconds - before.get(pid, 0.0) for pid, seconds in after.items())


def busy() -> float:
    """CPU seconds that all processes of the machine have used since it started."""
    fields = [int(field) for field in (PROC / "stat").read_text().split("\n", 1)[0].split()[1:9]]
    return (sum(fields) - fields[3] - fields[4]) / TICKS  # without idle and waiting for disks


def resident(root: int) -> float:
    """Memory of a process tree in MB; what processes share is counted once (proportional set size)."""
    total = 0
    for pid in tree(root):
        with contextlib.suppress(OSError):
            for line in (PROC / str(pid) / "smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1024
