"""Tests marked `browser` need Chromium: without one they are skipped, the last lines say so, with CI=1 that fails."""

import os

import pytest

from launch import browser


def in_ci() -> bool:
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")


def pytest_collection_modifyitems(items):
    if browser.find():
        return
    skip = pytest.mark.skip(reason="no Chromium")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


def skipped_journeys(config) -> int:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    return sum("browser" in report.keywords for report in reporter.stats.get("skipped", [])) if reporter else 0


def pytest_sessionfinish(session):
    if not os.environ.get("PYTEST_XDIST_WORKER") and in_ci() and skipped_journeys(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter, config):
    count = skipped_journeys(config)
    if count:
        terminalreporter.line("")
        end = "With CI=1 that is a failure." if in_ci() else "Install it with: apt-get install chromium"
        terminalreporter.line(f"{count} browser journeys were skipped: there is no Chromium here. {end}", yellow=True)
