"""What the bench reckons with: percentiles, ratios, gates, regressions, CPU out of /proc."""

import os
import subprocess
import sys
import time

import pytest

from bench import cpu
from bench.__main__ import asked, growth
from bench.arithmetic import Gate, percentile, ratio, regressions, shown
from bench.report import findings, table


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [([7.0], 0.95, 7), ([4, 1, 3, 2], 0.5, 2), (list(range(1, 101)), 0.95, 95), (list(range(1, 21)), 0.95, 19)],
)
def test_percentile_is_the_nearest_rank(values, share, expected):
    assert percentile(values, share) == expected


def test_ratio_is_the_median_of_the_rounds_so_that_one_disturbed_round_does_not_count():
    assert ratio([10, 90, 12], [5, 9, 4]) == 3  # 2, 10, 3


def test_gate_holds_at_its_limit_and_not_beyond():
    assert Gate("×", 3.3, 3.3).holds and not Gate("×", 3.31, 3.3).holds
    assert Gate("share", 0.6, 0.6, at_least=True).holds and not Gate("share", 0.59, 0.6, at_least=True).holds
    assert str(Gate("× floor", 2.345, 3)) == "× floor 2.35 ≤ 3"


@pytest.mark.parametrize(("value", "expected"), [(3, "3"), (2.345, "2.35"), (23.45, "23.4"), (234.5, "234")])
def test_figures_are_shown_with_three_digits(value, expected):
    assert shown(value) == expected


def line(**facts):
    empty = dict.fromkeys(("ratio", "cpu_ratio", "statement", "sql", "bytes", "rate", "floor_rate"))
    return {
        **empty,
        "id": "L1",
        "who": "desk",
        "what": "list",
        "ours": {},
        "floor": {},
        "gates": [],
        "others": 0,
        **facts,
    }


def test_regression_names_what_is_a_quarter_slower_or_asks_more():
    before = [line(cpu_ratio=2.0, sql=3), line(who="office", cpu_ratio=2.0, sql=3)]

    told = regressions([line(cpu_ratio=2.6, sql=4), line(who="office", cpu_ratio=2.4, sql=3)], before)

    assert told == ["L1 desk list: 2× → 2.60× the CPU of the floor", "L1 desk list: 3 → 4 statements"]


def test_what_was_never_recorded_is_no_regression():
    assert regressions([line(cpu_ratio=9.0, sql=9)], []) == []


@pytest.fixture
def known(monkeypatch):
    listed = {}
    monkeypatch.setattr("bench.report.KNOWN", listed)
    return listed


def run_of(value):
    gate = {"name": "× values()", "value": value, "limit": 3.3, "at_least": False}
    return {"sizes": {"S": {"rows": [line(gates=[gate])]}}}


def test_broken_gate_counts_unless_it_is_known(known):
    assert findings(run_of(4), {})[1] == 1

    known["S L1 desk list"] = "Waits for the index."
    told, broken = findings(run_of(4), {})

    assert broken == 0 and told[-1] == "S L1 desk list: Waits for the index."


def test_a_reason_may_stand_for_all_lines_of_a_scenario(known):
    known["L1"] = "Waits for the index."

    assert findings(run_of(4), {})[1] == 0


def test_known_gate_that_holds_again_is_told(known):
    known["S L1 desk list"] = "Waits for the index."

    told, broken = findings(run_of(2), {})

    assert broken == 0 and "take it out" in told[0]


def test_table_keeps_its_columns_under_chinese_words():
    lines = table("S", [line(what="查找 灯管"), line(what="list")]).splitlines()

    assert len(lines) == 3 and "查找 灯管" in lines[1]


def test_cpu_is_read_past_a_name_with_brackets_and_blanks():
    fields = "S 17 " + " ".join(["0"] * 9) + " 150 50 0 0"

    assert cpu.read_stat(f"42 (a) b (c) {fields}") == (17, 200 / cpu.TICKS)


def test_cpu_of_a_process_and_what_it_started():
    work = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass\ntime.sleep(60)"
    child = subprocess.Popen([sys.executable, "-c", work])
    try:
        before = cpu.used(cpu.tree(os.getpid()))
        end = time.monotonic() + 30
        while cpu.used([child.pid])[child.pid] < 0.3 and time.monotonic() < end:
            time.sleep(0.05)
        after = cpu.used(cpu.tree(os.getpid()))

        assert child.pid in cpu.tree(os.getpid())
        assert 0.2 <= cpu.spent({pid: used for pid, used in before.items() if pid != child.pid}, after) < 5
        assert cpu.resident(child.pid) > 1
    finally:
        child.kill()
        child.wait()


@pytest.mark.parametrize(("others", "expected"), [(0.1, 3), (0.9, 1.5)])
def test_growth_goes_by_cpu_where_others_stretched_the_waiting(others, expected):
    small = {"others": 0, "ours": {"p50": 10, "app_cpu": 6, "pg_cpu": 2}}
    large = {"others": others, "ours": {"p50": 30, "app_cpu": 8, "pg_cpu": 4}}
    assert growth(small, large) == expected
    assert growth({**small, "others": others}, {**large, "others": 0}) == expected


def test_sizes_are_measured_from_the_smallest():
    assert asked(["--sizes", "l,S,m"]).sizes == ["S", "M", "L"]
