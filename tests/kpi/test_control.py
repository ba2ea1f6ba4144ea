"""Control charts: the published examples of D. C. Montgomery's textbook, each rule by hand, months that are not whole."""

from decimal import Decimal as D

import pytest

from kpi.control import BEYOND, EVENTS, NEAR, SHARES, SIDE, SINGLE, TREND, controlled

# Introduction to Statistical Quality Control, 6th edition: orange juice cans (p, n = 50), shipping errors (u, n = 50),
# cost of processing a loan (individuals).
JUICE = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]
SHIPPING = [2, 3, 8, 1, 1, 4, 1, 4, 5, 1, 8, 2, 4, 3, 4, 1, 8, 3, 7, 4]
LOANS = [310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304]


def of(numbers, n=None):
    return [(D(x), None if n is None else D(n)) for x in numbers]


def fired(control, rule):
    return [signal.at for signal in control.signals if signal.rule == rule]


def test_shares_are_judged_as_the_textbook_does():
    chart = controlled(of(JUICE, 50), SHARES)

    assert round(chart.middle, 4) == D("0.2313")
    assert (round(chart.lower[0], 3), round(chart.upper[0], 3)) == (D("0.052"), D("0.410"))
    assert fired(chart, BEYOND) == [14, 22]  # samples 15 and 23


def test_happenings_are_judged_as_the_textbook_does():
    chart = controlled(of(SHIPPING, 50), EVENTS)

    assert chart.middle == D("0.074")
    assert round(chart.upper[0], 4) == D("0.1894") and chart.lower[0] == 0  # −0.0414 is no rate
    assert fired(chart, BEYOND) == []


def test_single_values_are_judged_as_the_textbook_does():
    chart = controlled(of(LOANS), SINGLE)

    assert chart.middle == D("300.5")
    assert (round(chart.lower[0], 2), round(chart.upper[0], 2)) == (D("279.78"), D("321.22"))
    assert fired(chart, BEYOND) == []


def test_limits_of_shares_follow_the_number_of_records():
    pairs = [*of([9, 11] * 4 + [10], 100), (D(1), D(4))]

    chart = controlled(pairs, SHARES, D(100))

    # p̄ = 91/904 = 10.0664 %; √(p̄q̄/100) = 3.00886, √(p̄q̄/4) = 15.0443
    assert (round(chart.upper[0], 3), round(chart.upper[9], 3)) == (D("19.093"), D("55.199"))
    assert chart.lower[9] == 0 and not chart.signals  # one of four is no alarm


def test_shares_of_very_many_records_get_limits_as_wide_as_the_months_spread():
    # 50 % ± 2 points in turn: z = ±4, neighbours lie 8 apart, so σz = 8/1.128 and 3σ = 3 · 0.5 · 8/1.128 points
    chart = controlled(of([5200, 4800] * 6, 10000), SHARES, D(100))

    assert chart.middle == 50 and round(chart.upper[0], 4) == D("60.6383")
    assert fired(chart, BEYOND) == []


@pytest.mark.parametrize(
    ("numbers", "rule", "at", "up"),
    [
        ([10, 12, 10, 12, 10, 12, 10, 12, 10, 30], BEYOND, [9], True),
        ([5, 7, 6, 5, 7, 6, 5, 6, 9, 10, 9, 10, 9, 10, 9, 10], SIDE, [7, 15], True),
        ([50, 70, 40, 60, 50, 40, 30, 20, 10, 65], TREND, [8], False),
    ],
)
def test_each_rule_fires_where_it_should(numbers, rule, at, up):
    chart = controlled(of(numbers), SINGLE)

    found = [signal for signal in chart.signals if signal.rule == rule]
    assert [signal.at for signal in found] == at
    assert found[-1].up is up


def test_five_falling_months_and_seven_on_one_side_are_chance():
    falling = controlled(of([40, 70, 40, 60, 50, 40, 30, 20, 60, 65]), SINGLE)  # 60 50 40 30 20: five
    seven = controlled(of([5, 9] * 4 + [5] * 7 + [12]), SINGLE)

    assert fired(falling, TREND) == []
    assert fired(seven, SIDE) == []


def test_two_of_three_near_one_limit_fire_and_on_both_sides_do_not():
    calm = [100, 101] * 10
    # mean 100.82; ranges 19 ones, 3 and 0: 22 over 21, σ = 0.929; 104 lies 3.4 σ above the middle, twice
    same = controlled(of([*calm, 104, 104]), SINGLE)
    # mean 100.51; ranges 19 ones, 3 and 5.2: 27.2 over 21, σ = 1.148; 98 lies 2.2 σ below, 103.2 lies 2.3 σ above
    apart = controlled(of([*calm, D("98"), D("103.2")]), SINGLE)

    assert fired(same, NEAR) == [21]
    assert fired(apart, NEAR) == []


def test_a_month_that_is_not_over_has_no_part():
    numbers = of([10, 12] * 6)
    whole = controlled(numbers, SINGLE)

    running = controlled([*numbers, (D(500), None)], SINGLE, unfinished=[12])

    assert running.middle == whole.middle == 11
    assert running.values[12] == 500 and running.upper[12] is None
    assert not running.signals and not running.latest


def test_a_month_without_a_value_ends_a_run():
    numbers = [*of([20, 22] * 4 + [10] * 4), None, *of([10] * 4)]

    chart = controlled(numbers, SINGLE)

    assert fired(chart, SIDE) == [7]  # the first eight lie above the middle; 4 + 4 below are no run of eight
    assert chart.upper[12] is None


def test_seven_months_are_too_few():
    chart = controlled(of([1, 9, 1, 9, 1, 9, 99]), SINGLE)

    assert chart.middle is None and chart.signals == () and chart.upper == [None] * 7


def test_what_never_varies_never_fires():
    assert controlled(of([95] * 12, 95), SHARES).signals == ()
    assert controlled(of([3] * 12), SINGLE).signals == ()
