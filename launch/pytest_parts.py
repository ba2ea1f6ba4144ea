"""In which order the files are played, and how the hammer goes on where it stopped.

Files that take longest come first, so that the workers end together. With HAMMER_MINUTES a run ends after so many minutes;
what passed with the very same files is not played again by the next one.
"""

import gc
import hashlib
import os
import time
from pathlib import Path

import pytest

UNTIL, STATE = "HAMMER_UNTIL", "HAMMER_STATE"  # handed to the workers
PROJECT = Path(__file__).resolve().parent.parent
# Seconds of one core, roughly; what is not named takes less than ten.
LONGEST = (
    "gates/test_gates.py",  # first of all, in a database that nobody has used: what is left of others is read along
    "browser/test_ward_sweep.py",
    "browser/test_office_sweep.py",
    "sweeps/test_access.py",
    "sweeps/test_bad_input.py",
    "browser/",
    "sweeps/test_two_faces.py",
    "inspections/test_killed.py",
    "notices/test_killed.py",
    "workorders/test_odd_addresses.py",
    "fill/",
    "kpi/",
    "launch/",
)


def rank(path: Path) -> int:
    name = path.relative_to(PROJECT / "tests").as_posix() if path.is_relative_to(PROJECT / "tests") else ""
    return next((nth for nth, start in enumerate(LONGEST) if name.startswith(start)), len(LONGEST))


def state_of_files() -> str:
    """A mark of all files of the project as they are now, committed or not."""
    tops = [
        top for top in PROJECT.iterdir() if not top.name.startswith(".") and top.name not in ("staticfiles", "media")
    ]
    found = [file for top in tops for file in (top.rglob("*") if top.is_dir() else (top,)) if file.is_file()]
    kept = sorted(file for file in found if "__pycache__" not in file.parts)
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in kept)).hexdigest()


def passed_file() -> Path | None:
    return PROJECT / ".pytest_cache" / "hammer" / os.environ[STATE] if STATE in os.environ else None


def pytest_configure() -> None:
    if "HAMMER_MINUTES" in os.environ and not os.environ.get("PYTEST_XDIST_WORKER"):
        os.environ[UNTIL] = str(time.time() + 60 * float(os.environ["HAMMER_MINUTES"]))
        os.environ[STATE] = state_of_files()


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    items.sort(key=lambda item: rank(item.path))
    file = passed_file()
    if file and file.exists():
        done = set(file.read_text().splitlines())
        config.hook.pytest_deselected(items=[item for item in items if item.nodeid in done])
        items[:] = [item for item in items if item.nodeid not in done]


def pytest_collection_finish():
    """What is loaded by now stays until the end: it need not be looked through each time something is cleared away."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item):
    if UNTIL in os.environ and time.time() > float(os.environ[UNTIL]):
        pytest.skip("the time of this part is over")


def pytest_runtest_logreport(report):
    file = passed_file()
    if file and report.when == "call" and report.passed and not os.environ.get("PYTEST_XDIST_WORKER"):
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a") as passed:
            passed.write(report.nodeid + "\n")


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    left = len(terminalreporter.stats.get("skipped", [])) if passed_file() else 0
    if left:
        terminalreporter.line(f"{left} are left: `make hammer` goes on with them.", yellow=True)
