"""Judging an answer: limits belong to what passes, decimals are exact, and nothing that is typed breaks it."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.judging import Verdict, decimal, judge, limits, plain
from inspections.models import Item
from inspections.states import KINDS

THOUSANDTHS = st.integers(-(10**9), 10**9)


def item(kind="value", **facts):
    return Item(text="电压", kind=kind, **facts)


def exact(thousandths):
    """A count of thousandths as a decimal, by shifting the point: no arithmetic of the product."""
    return Decimal(thousandths).scaleb(-3)


@given(value=THOUSANDTHS, low=st.none() | THOUSANDTHS, high=st.none() | THOUSANDTHS)
def test_value_passes_exactly_between_its_limits(value, low, high):
    one = item(low=None if low is None else exact(low), high=None if high is None else exact(high))
    found = judge(one, str(exact(value)))

    if low is None and high is None:
        assert found.passed is None
    else:
        assert found.passed == ((low is None or low <= value) and (high is None or value <= high))
    assert found.value == exact(value) and bool(found.problem) == (found.passed is False)


@pytest.mark.parametrize(
    ("raw", "passed"),
    [("0.3", True), ("0.5", True), ("0.299", False), ("0.501", False), ("０．４", True), ("-0.4", False)],
)
def test_limits_themselves_pass(raw, passed):
    assert judge(item(low=Decimal("0.3"), high=Decimal("0.5")), raw).passed is passed


@given(kind=st.sampled_from(list(KINDS)), raw=st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(kind, raw):
    one = item(kind, low=Decimal(1) if kind == "value" else None, options=["a", "b"] if kind == "choice" else [])
    found = judge(one, raw)

    assert isinstance(found, Verdict)
    assert not (found.wrong and (found.passed is not None or found.value is not None))


@pytest.mark.parametrize("raw", ["1,5", "1，5", "NaN", "Infinity", "1e11", "zwei", "0.0001", "--1", "1 2 x"])
def test_what_is_no_plain_number_is_told(raw):
    assert judge(item(low=Decimal(1)), raw).wrong and judge(item(low=Decimal(1)), raw).passed is None


def test_pass_fail_choice_and_points():
    check = item("check", points=Decimal("2.5"))
    assert (judge(check, "1").passed, judge(check, "1").points) == (True, Decimal("2.5"))
    assert (judge(check, "0").passed, judge(check, "0").points, judge(check, "0").problem) == (
        False,
        Decimal(0),
        "电压",
    )
    assert judge(check, "maybe").wrong

    choice = item("choice", options=["好", "差"], passing=["好"])
    assert judge(choice, "好").passed and judge(choice, "差").passed is False and judge(choice, "无").wrong
    assert judge(item("choice", options=["好", "差"]), "差").passed is None


def test_required_answers_photos_and_meters():
    assert judge(item("text"), " ").wrong and not judge(item("text", required=False), " ").wrong
    assert judge(item("photo"), "").wrong and not judge(item("photo"), "", photos=1).wrong
    assert judge(item("meter"), "-1").wrong and judge(item("meter"), "120.5").value == Decimal("120.5")
    assert judge(item("text"), "x" * 501).wrong


def test_limits_are_said_without_idle_digits():
    assert plain(Decimal("28.500")) == "28.5" and plain(Decimal("400.000")) == "400" and plain(Decimal(0)) == "0"
    assert "28.5 V" in limits(item(low=Decimal("24.000"), high=Decimal("28.500"), unit="V"))
    assert limits(item()) == "" and decimal("1。5") == Decimal("1.5")
