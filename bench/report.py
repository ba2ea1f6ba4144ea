"""The table on the screen, the recorded file, and what is to be said about gates."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import unicodedata
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.arithmetic import Gate, regressions, shown
from bench.known import KNOWN

PROJECT = Path(__file__).resolve().parent.parent
RECORDED = PROJECT / "bench" / "results.json"
HEADS = (
    "id",
    "who",
    "what",
    "p50",
    "p95",
    "app",
    "pg",
    "SQL",
    "kB",
    "floor",
    "×floor",
    "×CPU",
    "stmt",
    "/s",
    "/s floor",
    "gates",
)


def machine(server: str) -> dict[str, Any]:
    model = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")), ""
    )
    memory = next(
        (int(line.split()[1]) // 1024**2 for line in _lines("/proc/meminfo") if line.startswith("MemTotal")), 0
    )
    return {
        "processors": os.cpu_count(),
        "model": model,
        "memory_gb": memory,
        "system": platform.platform(),
        "python": platform.python_version(),
        "postgresql": server,
        "load_before": round(os.getloadavg()[0], 2),
    }


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []


def commit() -> str:
    command = ["git", "-C", str(PROJECT), "describe", "--always", "--dirty", "--exclude=*"]
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return found.stdout.strip() or "unknown"


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M")


def recorded() -> dict[str, Any]:
    try:
        return dict(json.loads(RECORDED.read_text()))
    except (OSError, ValueError):
        return {}


def record(run: dict[str, Any]) -> None:
    """Keep this run; sizes it did not measure stay as they were."""
    sizes = {**recorded().get("sizes", {}), **run["sizes"]}
    RECORDED.write_text(json.dumps({**run, "sizes": sizes}, indent=1, ensure_ascii=False, sort_keys=True) + "\n")


def name_of(size: str, row: dict[str, Any]) -> str:
    return " ".join((size, row["id"], row["who"], row["what"]))


def reason(size: str, row: dict[str, Any]) -> str:
    """Why a gate of this line is known not to hold; empty where it should."""
    return KNOWN.get(name_of(size, row), KNOWN.get(row["id"], ""))


def gates_of(row: dict[str, Any]) -> list[Gate]:
    return [Gate(**gate) for gate in row["gates"]]


def verdict(size: str, row: dict[str, Any]) -> str:
    words = []
    for gate in gates_of(row):
        known = "known" if reason(size, row) else "BROKEN"
        words.append(f"{gate} {'ok' if gate.holds else known}")
    return ", ".join(words)


def cells(size: str, row: dict[str, Any]) -> list[str]:
    def at(value: float | None) -> str:
        return "" if value is None else shown(value)

    ours, floor = row["ours"], row["floor"]
    size_kb = row["bytes"] / 1000 if row["bytes"] else None
    figures = [ours.get("p50"), ours.get("p95"), ours.get("app_cpu"), ours.get("pg_cpu"), row["sql"], size_kb]
    figures += [floor.get("p50"), row["ratio"], row["cpu_ratio"], row["statement"], row["rate"], row["floor_rate"]]
    return [row["id"], row["who"], row["what"], *map(at, figures), verdict(size, row)]


def width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(size: str, rows: list[dict[str, Any]]) -> str:
    lines = [list(HEADS), *(cells(size, row) for row in rows)]
    widths = [max(width(line[i]) for line in lines) for i in range(len(HEADS))]
    left = {0, 1, 2, len(HEADS) - 1}
    told = []
    for line in lines:
        padded = (
            cell + " " * (w - width(cell)) if i in left else " " * (w - width(cell)) + cell
            for i, (cell, w) in enumerate(zip(line, widths, strict=True))
        )
        told.append("  ".join(padded).rstrip())
    return "\n".join(told)


def findings(run: dict[str, Any], earlier: dict[str, Any]) -> tuple[list[str], int]:
    """What is to be said after the table, and how many gates are broken that nobody knows of."""
    told, broken = [], 0
    listed: dict[str, list[bool]] = {}  # of each entry of KNOWN: does each of its lines hold?
    before = earlier.get("sizes", {})
    for size, part in run["sizes"].items():
        for row in part["rows"]:
            name, why = name_of(size, row), reason(size, row)
            failed = [str(gate) for gate in gates_of(row) if not gate.holds]
            if why and row["gates"]:
                listed.setdefault(name if name in KNOWN else row["id"], []).append(not failed)
            if failed:
                broken += 0 if why else len(failed)
                told.append(f"{'known ' if why else 'BROKEN'}   {name}: {'; '.join(failed)}")
        worse = regressions(part["rows"], before.get(size, {}).get("rows", []))
        told += [f"slower   {size} {text}" for text in worse]
    for entry, holds in listed.items():
        told.append(f"holds    {entry}: take it out of bench/known.py" if all(holds) else f"{entry}: {KNOWN[entry]}")
    return told, broken
