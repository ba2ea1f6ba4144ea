"""The supervisor, for real: restarts what dies, gives up on what cannot start, leaves nobody behind."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from launch import processes

ROOT = Path(__file__).resolve().parent.parent.parent
PROGRAM = """
import json, sys
from launch.supervise import supervise
sys.exit(supervise(json.loads(sys.argv[1]), grace=2))
"""


class Supervised:
    def __init__(self, folder, commands):
        self.folder = folder
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, json.dumps(commands)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )

    def pids(self, count, patience=10):
        """The children's process ids, each written by the child itself, once there are so many."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            found = [int(path.name) for path in self.folder.iterdir()]
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{count} children did not start")

    def end(self, sign):
        self.process.send_signal(sign)
        return self.process.wait(timeout=15)


def sleeper(folder, after=""):
    return [
        sys.executable,
        "-c",
        f"import os, time; open(f'{folder}/{{os.getpid()}}', 'w').close(); {after} time.sleep(60)",
    ]


@pytest.fixture
def supervise(tmp_path):
    started = []

    def start(commands):
        started.append(Supervised(tmp_path, commands))
        return started[-1]

    yield start
    for one in started:
        one.process.kill()
        one.process.wait()
        one.process.stdout.close()


def gone(pids, patience=5):
    end = time.monotonic() + patience
    while any(processes.alive(pid) for pid in pids) and time.monotonic() < end:
        time.sleep(0.05)
    return not any(processes.alive(pid) for pid in pids)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_signal_leaves_no_process(supervise, tmp_path, sign):
    site = supervise({"web": sleeper(tmp_path), "worker": sleeper(tmp_path)})
    pids = site.pids(2)

    code = site.end(sign)

    assert code == 0
    assert gone(pids)


def test_child_that_ignores_the_signal_is_killed_after_the_grace(supervise, tmp_path):
    stubborn = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); open('{tmp_path}/0', 'w').close();"
    site = supervise({"web": sleeper(tmp_path, stubborn)})
    pids = site.pids(2)  # its own, and 0 once it ignores the signal

    site.end(signal.SIGTERM)

    assert gone([pid for pid in pids if pid])


def test_killed_child_is_started_again(supervise, tmp_path):
    site = supervise({"web": sleeper(tmp_path)})
    (first,) = site.pids(1)

    processes.stop(first, signal.SIGKILL)

    assert any(processes.alive(pid) for pid in site.pids(2) if pid != first)


def test_killed_supervisor_takes_its_children_along(supervise, tmp_path):
    site = supervise({"web": sleeper(tmp_path), "worker": sleeper(tmp_path)})
    pids = site.pids(2)

    site.end(signal.SIGKILL)

    assert gone(pids)


def test_child_that_cannot_start_ends_the_whole(supervise, tmp_path, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "PROGRAM", "import launch.supervise as s; s.PATIENCE = 2\n" + PROGRAM)
    site = supervise({"web": [sys.executable, "-c", "print('wrong setting'); raise SystemExit(3)"]})

    said = site.process.stdout.read()

    assert site.process.wait(timeout=10) == 3
    assert "wrong setting" in said
    assert "fails at once each time" in said
