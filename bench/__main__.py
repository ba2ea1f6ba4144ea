"""`make bench`: fills databases of its own, starts the site as the product does, measures, prints the table.

ARGS="--sizes S,M,L"     S 20,000 orders, M 200,000 in 12 hospitals, L two million in 50   (default: S,M)
ARGS="--only L1,D1"      some scenarios
ARGS="--record"          keep the figures in bench/results.json
ARGS="--fresh"           fill again, though nothing has changed
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench import cpu, report, servers
from bench.arithmetic import shown
from bench.databases import PREFIX, PROJECT, Server, asking, fingerprint
from bench.measuring import BUSY
from bench.people import PASSWORD
from launch.datadir import DataDir
from launch.processes import LaunchError

SIZES = ("S", "M", "L")
GROWN = ("L1", "D1", "W1", "K1")  # G1 compares these between sizes
WHEN = {"rebuild": "anew, five years", "nightly": "at night"}
MOST = {"rebuild": 6, "nightly": 4}  # times the floor's CPU
APART = {
    "CACHE_PREFIX": "bench:",
    "BROKER_PREFIX": "bench:",
    "DEBUG": "0",
    "HTTPS": "0",
    "DEMO": "0",
    "LOG_LEVEL": "ERROR",
}


def asked(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="make bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", default="S,M", type=lambda text: text.upper().split(","))
    parser.add_argument("--only", default="", type=lambda text: [name for name in text.split(",") if name])
    parser.add_argument("--seconds", default=2.4, type=float, help="of each measurement and side (default 2.4)")
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args(arguments)
    if unknown := set(given.sizes) - set(SIZES):
        parser.error(f"sizes are S, M and L, not {', '.join(sorted(unknown))}")
    given.sizes = [size for size in SIZES if size in given.sizes]  # the smallest first: growth is told against it
    return given


def say(text: str) -> None:
    print(text, flush=True)


def manage(env: dict[str, str], *arguments: str) -> float:
    """A command of the site's; answers how many seconds it took."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], env={**os.environ, **env}, cwd=PROJECT, check=False
    )
    if done.returncode:
        raise LaunchError(f"manage.py {' '.join(arguments)} failed; the lines above say why.")
    return time.monotonic() - begun


class Run:
    """From empty databases to the figures of each size."""

    def __init__(self, given: argparse.Namespace) -> None:
        self.given = given
        self.server = Server(os.environ["DATABASE_URL"], os.environ["DATABASE_OWNER_URL"])
        self.folder = Path(DataDir(PROJECT).path) / "bench"
        self.folder.mkdir(exist_ok=True)

    def env(self, database: str) -> dict[str, str]:
        return {**APART, **self.server.urls(database), "MEDIA_ROOT": str(self.folder / "media")}

    def start(self) -> dict[str, Any]:
        """U1: from an empty database to the first page, and what the processes weigh then."""
        database = f"{PREFIX}_u1"
        self.server.make(database)
        env = self.env(database)
        used, all_used = os.times().children_user, cpu.busy()
        migrated = manage(env, "migrate", "-v", "0")
        own = os.times().children_user - used
        others = max(0.0, (cpu.busy() - all_used - own) / migrated - 1)  # PostgreSQL may use a whole processor for it
        web = servers.site(env, self.folder / "site.log")
        try:
            first = web.start("/account/sign-in/")
            memory = web.memory()
        finally:
            web.stop()
            self.server.drop(database)
        row = {"id": "U1", "who": "nobody", "what": "empty database to first page", "ours": {}, "floor": {}}
        row |= dict.fromkeys(("ratio", "cpu_ratio", "statement", "sql", "bytes", "rate", "floor_rate"))
        figures = {"migrate_seconds": migrated, "first_page_seconds": first, "memory_mb": memory}
        row["figures"] = {name: round(value, 1) for name, value in figures.items()}
        row["others"], busy = round(others, 2), others > BUSY
        name, value = ("CPU s to migrate", own) if busy else ("s to migrate", migrated)
        row["gates"] = [{"name": name, "value": round(value, 1), "limit": 30, "at_least": False}]
        say(f"U1: migrate {migrated:.1f} s, first page {first:.1f} s, {memory:.0f} MB in its processes")
        return row

    def rounds(self) -> dict[str, Any]:
        """I1: how many rounds a second come out of the plans of 50 hospitals."""
        database, out = f"{PREFIX}_i1", self.folder / "rounds.json"
        self.server.make(database)
        env = self.env(database)
        try:
            manage(env, "migrate", "-v", "0")
            env |= {"DJANGO_SETTINGS_MODULE": "logistics.settings"}
            subprocess.run(
                [sys.executable, "-m", "bench.rounds", str(out)], env={**os.environ, **env}, cwd=PROJECT, check=True
            )
        finally:
            self.server.drop(database)
        found = json.loads(out.read_text())
        busy, count = found["others"] > BUSY, found["rounds"]
        rate, plain = count / found["seconds"], count / found["plain_seconds"]
        by_cpu, plain_by_cpu = count / found["cpu_seconds"], count / found["plain_cpu_seconds"]
        row = {"id": "I1", "who": "nobody", "what": "rounds out of plans", "ours": {}, "floor": {}}
        row |= dict.fromkeys(("ratio", "cpu_ratio", "statement", "sql", "bytes"))
        row |= {"rate": round(rate), "floor_rate": round(plain), "others": round(found["others"], 2)}
        row["figures"] = {name: round(value, 1) for name, value in found.items()}
        name, value = ("rounds a CPU second", by_cpu) if busy else ("rounds a second", rate)
        row["gates"] = [{"name": name, "value": round(value), "limit": 5000, "at_least": True}]
        say(
            f"I1: {count:,} rounds, {rate:,.0f} a second ({by_cpu:,.0f} a CPU second); plain INSERT … SELECT of the same rows"
            f" {plain:,.0f} ({plain_by_cpu:,.0f})"
        )
        return row

    def figures(self, size: str) -> list[dict[str, Any]]:
        """K3: measuring all figures, each night and anew, on a copy that is spoilt by it."""
        database, out = f"{PREFIX}_k3", self.folder / "figures.json"
        self.server.make(database, copy_of=self.filled(size))
        env = {**os.environ, **self.env(database), "DJANGO_SETTINGS_MODULE": "logistics.settings"}
        say(f"{size} K3: measuring the figures")
        try:
            subprocess.run([sys.executable, "-m", "bench.figures", str(out)], env=env, cwd=PROJECT, check=True)
        finally:
            self.server.drop(database)
        return [measuring(what, found) for what, found in json.loads(out.read_text()).items()]

    def filled(self, size: str) -> str:
        """A database of this size, filled once and kept until tables or the filling change."""
        database, mark = f"{PREFIX}_{size.lower()}", fingerprint()
        if not self.given.fresh and self.server.marked(database) == mark:
            return database
        say(f"Filling {size} …")
        self.server.make(database)
        manage(self.env(database), "migrate", "-v", "0")
        seconds = manage(self.env(database), "fill", "--size", size, "--measure", "--password", PASSWORD)
        self.server.tidy(database)
        self.server.mark(database, mark)
        say(f"  filled in {seconds:.0f} s")
        return database

    def measure(self, size: str) -> dict[str, Any]:
        """On a copy, in a process of its own, since settings are read once."""
        database = f"{PREFIX}_run"
        self.server.make(database, copy_of=self.filled(size))
        env = {**os.environ, **self.env(database), "DJANGO_SETTINGS_MODULE": "logistics.settings"}
        command = [sys.executable, "-m", "bench.sitting", "--size", size, "--seconds", str(self.given.seconds)]
        command += ["--only", ",".join(self.given.only), "--folder", str(self.folder)]
        try:
            with tempfile.NamedTemporaryFile("r", dir=self.folder) as out:
                if subprocess.run([*command, "--out", out.name], env=env, cwd=PROJECT, check=False).returncode:
                    raise LaunchError(f"Size {size} could not be measured; the lines above say why.")
                found: dict[str, Any] = json.load(out)
        finally:
            self.server.drop(database)
        return found


def growth(small: dict[str, Any], large: dict[str, Any]) -> float:
    """How many times as dear: by medians, or by CPU where others used the machine during one of the two."""
    if max(small["others"], large["others"]) > BUSY:
        before, now = ((row["ours"]["app_cpu"] + row["ours"]["pg_cpu"]) for row in (small, large))
    else:
        before, now = (row["ours"]["p50"] for row in (small, large))
    return float(now / before)


def grown(sizes: dict[str, Any]) -> list[dict[str, Any]]:
    """G1: what the largest size costs more than the smallest."""
    small, large = next(iter(sizes)), list(sizes)[-1]
    before = {(row["id"], row["who"], row["what"]): row for row in sizes[small]["rows"]}
    most: dict[
        tuple[str, str], int
    ] = {}  # whose list fits on one page is not counted: whoever's does not, says how many
    for row in before.values():
        what = (row["id"], row["what"])
        most[what] = max(most.get(what, 0), row["sql"] or 0)
    rows = []
    for row in sizes[large]["rows"]:
        old = before.get((row["id"], row["who"], row["what"]))
        if row["id"] in GROWN and old:
            gates = [{"name": f"{large} ÷ {small}", "value": round(growth(old, row), 3), "limit": 1.5}]
            if row["sql"] is not None:
                gates.append({"name": f"SQL as at {small}", "value": row["sql"], "limit": most[row["id"], row["what"]]})
            gates = [{**gate, "at_least": False} for gate in gates]
            rows.append({**row, "id": "G1", "what": f"{row['id']} {row['what']}", "gates": gates})
    return rows


def measuring(what: str, found: dict[str, float]) -> dict[str, Any]:
    """A line of K3."""
    ratio = round(found["cpu"] / found["floor_cpu"], 2)
    row: dict[str, Any] = {"id": "K3", "who": "nobody", "what": f"figures measured {WHEN[what]}", "cpu_ratio": ratio}
    row |= dict.fromkeys(("ratio", "statement", "sql", "bytes", "rate", "floor_rate"))
    row |= {"ours": {}, "floor": {}, "others": 0.0}
    row["figures"] = {name: round(value, 1) for name, value in found.items()}
    row["gates"] = [{"name": "×CPU", "value": ratio, "limit": MOST[what], "at_least": False}]
    say(f"  {what}: {found['cpu']:.1f} CPU s, by hand {found['floor_cpu']:.1f}; {ratio:.2f} ×")
    return row


def show(size: str, part: dict[str, Any]) -> None:
    say(f"\n{size}: {part['orders']:,} orders, {part['hospitals']} hospitals; milliseconds, CPU milliseconds a request")
    say(report.table(size, part["rows"]) + "\n")


def measured(run: Run, found: dict[str, Any]) -> None:
    """Each size in its turn; its table is shown, and kept if asked for, as soon as it is there."""
    given, sizes = run.given, found["sizes"]
    alone = {"U1": run.start, "I1": run.rounds}  # in databases of their own, whatever the size
    apart = [take() for name, take in alone.items() if not given.only or name in given.only]
    for size in given.sizes:
        part = sizes[size] = run.measure(size)
        part["rows"] += run.figures(size) if not given.only or "K3" in given.only else []
        if size == given.sizes[0]:
            part["rows"] += apart
        if size == given.sizes[-1] != given.sizes[0]:
            part["rows"] += grown(sizes)
        show(size, part)
        if given.record:
            report.record(found)


def main() -> int:
    given = asked(sys.argv[1:])
    run, begun = Run(given), time.monotonic()
    with asking(run.server.owner) as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
    found: dict[str, Any] = {"machine": report.machine(version), "commit": report.commit(), "date": report.now()}
    before, found["sizes"] = report.recorded(), {}
    manage(run.env("postgres"), "collectstatic", "--noinput", "-v", "0")
    measured(run, found)
    told, broken = report.findings(found, before)
    say("\n".join(told) if told else "Every gate holds.")
    minutes = shown((time.monotonic() - begun) / 60)
    say(
        f"{minutes} minutes on {found['machine']['processors']} processors, load before {found['machine']['load_before']}."
    )
    return int(broken > 0)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LaunchError as error:
        sys.exit(str(error))
