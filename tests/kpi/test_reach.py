"""What would have to change to reach a target, expected by hand."""

from decimal import Decimal

import pytest

from kpi.reach import MEAN, SHARE, SUM, needed

D = Decimal


def amount(*args, **more):
    found = needed(*args, **more)
    return None if found is None else found.amount


@pytest.mark.parametrize(
    ("numerator", "of", "target", "expected"),
    [
        (290, 320, 95, 14),  # 304 of 320 are 95 % exactly
        (290, 321, 95, 15),  # 304.95: 305
        (304, 320, 95, None),  # reached
        (0, 3, 100, 3),
        (0, 0, 95, None),
        (1, 2, None, None),
        (1, 2, 101, None),  # nothing could
    ],
)
def test_a_share_that_should_be_high_needs_so_many_more(numerator, of, target, expected):
    assert amount(SHARE, "up", D(numerator), D(of), None if target is None else D(target), D(100)) == expected


@pytest.mark.parametrize(("numerator", "of", "expected"), [(10, 100, -7), (10, 110, -7), (3, 100, None), (1, 10, -1)])
def test_a_share_that_should_be_low_needs_so_many_fewer(numerator, of, expected):
    assert amount(SHARE, "down", D(numerator), D(of), D(3), D(100)) == expected  # 3 % of 110 are 3.3: 3 may stay


def test_a_mean_needs_so_much_less_each():
    found = needed(MEAN, "down", D(36000), D(4), D(7200))  # 2.5 h each, 2 h wanted: 30 minutes each
    assert (found.amount, found.each, found.of) == (-7200, -1800, 4)
    stars = needed(MEAN, "up", D("41.5"), D(10), D("4.5"), most=D(5))
    assert (stars.amount, stars.each) == (D("3.5"), D("0.35"))
    assert needed(MEAN, "up", D(40), D(10), D(6), most=D(5)) is None  # five stars are the most
    assert needed(MEAN, "down", D(4), D(0), D(2)) is None


def test_a_sum_needs_so_many_fewer_or_more():
    assert amount(SUM, "down", D(3), None, D(0)) == -3
    assert amount(SUM, "up", D(7), None, D(10)) == 3
    assert amount(SUM, "down", D(0), None, D(0)) is None
    assert amount(SUM, "watch", D(3), None, D(0)) is None


def test_reaching_it_reaches_it_for_all_small_numbers():
    """Whatever is needed, with it the target is reached, and with one less it is not."""
    for of in range(1, 40):
        for numerator in range(of + 1):
            for target in (3, 50, 95, 98):
                for good in ("up", "down"):
                    found = amount(SHARE, good, D(numerator), D(of), D(target), D(100))
                    then = numerator + (found or 0)
                    reached = then * 100 >= target * of if good == "up" else then * 100 <= target * of
                    assert reached
                    if found:
                        short = then - (1 if found > 0 else -1)
                        assert not (short * 100 >= target * of if good == "up" else short * 100 <= target * of)
