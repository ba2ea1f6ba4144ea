"""Rank, quartile, outlier: expected by hand or by Python's statistics."""

import random
import statistics
from decimal import Decimal

import pytest

from indicators.comparing import Standing, compared, fences, histogram, of_sums, quantile, ratio

D = Decimal


def row(name, above, below, group="g"):
    above, below = (None if v is None else D(v) for v in (above, below))
    return Standing(name, group, above, below, ratio(above, below, D(1)))


def test_nothing_to_divide_by_is_no_value():
    assert ratio(D(5), D(0), D(1)) is None and ratio(D(5), None, D(1)) is None and ratio(None, D(5), D(1)) is None
    assert ratio(D(0), D(5), D(100)) == 0


def test_together_is_the_ratio_of_sums_of_those_with_both():
    assert of_sums([row("a", 10, 100), row("b", 90, 300), row("c", 1000, 0), row("d", None, 7)], D(100)) == 25
    assert of_sums([row("c", 1, 0)], D(1)) is None


@pytest.mark.parametrize("size", [2, 3, 4, 7, 100])
def test_quartiles_are_the_inclusive_ones(size):
    values = sorted(D(random.Random(size + n).randint(0, 1000)) for n in range(size))
    expected = statistics.quantiles([float(v) for v in values], n=4, method="inclusive")
    assert [float(quantile(values, share)) for share in (D("0.25"), D("0.5"), D("0.75"))] == pytest.approx(expected)


def test_rank_begins_with_the_best_and_equals_share_it():
    rows = [row("a", 3, 1), row("b", 1, 1), row("c", 3, 1), row("d", 2, 1), row("none", 1, 0)]
    up = {r.hospital: (r.rank, r.quartile) for r in compared(rows, "up")}
    down = {r.hospital: r.rank for r in compared(rows, "down")}
    assert up == {"a": (1, 1), "c": (1, 1), "d": (3, 3), "b": (4, 4), "none": (None, None)}
    assert down == {"b": 1, "d": 2, "a": 3, "c": 3, "none": None}
    assert compared(rows, "up")[-1].hospital == "none"


def test_unusual_is_beyond_the_fences_of_the_own_group():
    usual = [row(str(n), n, 1) for n in range(10, 18)]  # quartiles 11.75 and 15.25, fences 6.5 and 20.5
    assert fences([D(n) for n in range(10, 18)]) == (D("6.5"), D("20.5"))
    assert {r.outlier for r in compared(usual, "watch")} == {""}
    more = [row("small group", 500, 1, "few"), row("far", 60, 1), row("low", 0, 1)]
    found = {r.hospital: r.outlier for r in compared([*usual, *more], "watch")}
    assert found["far"] == "high" and found["low"] == "low" and found["small group"] == ""


def test_bars_hold_every_hospital():
    values = [D(n) for n in range(100)] + [D(100000)]
    bars = histogram(values)
    assert sum(count for _low, _high, count in bars) == 101 and bars[-1][2] >= 1
    assert histogram([]) == [] and histogram([D(3), D(3)]) == [(3, 3, 2)]
