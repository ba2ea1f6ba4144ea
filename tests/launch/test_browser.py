"""Without Chromium the browser journeys are skipped and the last lines say so; with CI=1 that fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
JOURNEY = """
import pytest

@pytest.mark.browser
def test_journey():
    pass

def test_other():
    pass
"""


def play(folder, **variables):
    """Run one journey on a machine whose search path holds no browser."""
    (folder / "test_journey.py").write_text(JOURNEY)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = browser: played in a browser\n")
    plain = {key: value for key, value in os.environ.items() if key not in ("CI", "CHROMIUM", "PYTEST_XDIST_WORKER")}
    env = {**plain, "PATH": str(folder), "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", **variables}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "launch.pytest_browser", "-p", "no:cacheprovider"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


def test_journeys_are_skipped_without_a_browser(tmp_path):
    answer = play(tmp_path)

    assert answer.returncode == 0
    assert "1 browser journeys were skipped" in "\n".join(answer.stdout.splitlines()[-3:])


@pytest.mark.parametrize("ci", ["1", "true"])
def test_skipped_journeys_fail_in_ci(tmp_path, ci):
    answer = play(tmp_path, CI=ci)

    assert answer.returncode == 1
    assert "1 passed, 1 skipped" in answer.stdout


def test_journeys_are_played_where_a_browser_is(tmp_path):
    answer = play(tmp_path, CI="1", CHROMIUM=sys.executable)

    assert answer.returncode == 0
    assert "2 passed" in answer.stdout
