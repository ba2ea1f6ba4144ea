"""Sums at every level, expected by hand: ratios of sums, never means of ratios; nothing to divide by is no value."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.library import definitions
from indicators.models import Indicator, Quantity, Return
from indicators.values import is_small, sums, value
from kpi.models import MonthFigure, PeerMember, Target
from kpi.periods import earlier
from kpi.queries import targets
from kpi.registry import Standpoint
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
D = Decimal
KEY = "workorders.on_time"
JAN, FEB, APRIL, NEXT = date(2026, 1, 1), date(2026, 2, 1), date(2026, 4, 1), date(2027, 1, 1)


def month(site, first, above, below, kpi=KEY, department="maintenance"):
    facts = {"kpi": kpi, "month": first, "department": department}
    MonthFigure.objects.create(hospital=site.hospital, numerator=above, denominator=below, **facts)


def report(site, key, amount, first, months=1):
    quantity, _made = Quantity.objects.get_or_create(
        consortium=site.hospital.consortium, key=key, defaults={"name": key}
    )
    last = earlier(first, -months) - timedelta(days=1)
    Return.objects.create(
        hospital=site.hospital, quantity=quantity, first=first, last=last, value=amount, changed_at=timezone.now()
    )


@pytest.fixture
def two(world):
    """Both hospitals: 9 of 10 and 0 of 90 in January, 5 of 5 at the first in February, by two departments."""
    with scope([world.a.id, world.b.id]):
        month(world.a, JAN, 6, 7)
        month(world.a, JAN, 3, 3, department="cleaning")
        month(world.b, JAN, 0, 90)
        month(world.a, FEB, 5, 5)
        month(world.a, FEB, 1, 0, kpi="workorders.rework")
        month(world.a, FEB, 7, None, kpi="workorders.received")
        world.all = [world.a.id, world.b.id]
        world.defined = lambda *keys: [definitions(world.consortium.pk)[key] for key in keys]
        yield world


def read(world, by, first=JAN, end=NEXT, keys=(KEY,), hospitals=None):
    asked = world.defined(*keys)
    found = sums(asked, hospitals or world.all, first, end, by)
    named = {one.key: one for one in asked}
    return {at[1:]: value(named[at[0]], pair) for at, pair in found.items()}


def test_counted_ones_at_every_level(two):
    a, b = two.a.id, two.b.id
    assert read(two, ("hospital", "month")) == {(a, JAN): 90, (b, JAN): 0, (a, FEB): 100}
    assert read(two, ("hospital",)) == {(a,): D(1400) / 15, (b,): 0}
    assert read(two, ("month",)) == {(JAN,): 9, (FEB,): 100}
    assert read(two, ("hospital", "department"), hospitals=[a]) == {
        (a, "maintenance"): D(1100) / 12, (a, "cleaning"): 100,
    }  # fmt: skip
    assert read(two, ()) == {(): D(1400) / 105}
    assert read(two, ("year",)) == read(two, ("quarter",)) == {(JAN,): D(1400) / 105}
    assert read(two, (), JAN, FEB) == {(): 9}


def test_a_group_of_hospitals_is_the_ratio_of_its_sums(two):
    PeerMember.objects.create(hospital=two.a.hospital, group="三级")
    PeerMember.objects.create(hospital=two.b.hospital, group="三级")
    assert read(two, ("group",)) == {("三级",): D(1400) / 105}
    assert read(two, ("group", "month")) == {("三级", JAN): 9, ("三级", FEB): 100}


def test_nothing_to_divide_by_is_no_value_and_a_sum_needs_nothing(two):
    assert read(two, (), keys=["workorders.rework"]) == {(): None}
    assert read(two, (), keys=["workorders.received"]) == {(): 7}
    assert read(two, (), keys=["workorders.signed"]) == {}
    on_time = two.defined(KEY)[0]
    assert value(on_time, None) is None and value(on_time, (D(1), None)) is None
    assert is_small(on_time, (D(1), D(9))) and not is_small(on_time, (D(1), D(10))) and not is_small(on_time, None)


def test_only_whole_months_are_summed(two):
    with pytest.raises(ValueError, match="whole months"):
        sums([], two.all, date(2026, 1, 2), FEB)


def test_returns_count_for_the_period_they_cover_and_never_for_a_month_inside_it(two):
    report(two.a, "water_m3", 300, JAN, months=3)
    report(two.a, "bed_days", 100, JAN, months=3)
    report(two.a, "water_m3", 50, APRIL)
    report(two.a, "bed_days", 10, APRIL)

    water = {"keys": ["library.e3"], "hospitals": [two.a.id]}
    assert read(two, ("hospital", "month"), **water) == {(two.a.id, APRIL): 5}
    assert read(two, ("quarter",), **water) == {(JAN,): 3, (APRIL,): 5}
    assert read(two, (), **water) == {(): D(350) / 110}
    assert read(two, (), JAN, FEB, **water) == {}
    assert read(two, (), FEB, NEXT, **water) == {(): 5}  # the quarter has begun before


def test_a_longer_return_holds_where_two_overlap(two):
    report(two.a, "water_m3", 1200, JAN, months=12)
    report(two.a, "water_m3", 1, FEB)
    report(two.a, "bed_days", 100, JAN, months=12)
    assert read(two, (), keys=["library.e3"]) == {(): 12}
    assert read(two, ("month",), keys=["library.e3"]) == {}  # of February there are no bed-days


def test_sums_of_different_months_are_not_divided(two):
    for n in range(12):
        report(two.a, "water_m3", 10, earlier(JAN, -n))
    report(two.a, "bed_days", 60, JAN, months=12)
    report(two.b, "water_m3", 999, JAN)
    report(two.b, "bed_days", 1, JAN, months=12)
    assert read(two, ("hospital",), keys=["library.e3"]) == {(two.a.id,): 2}
    assert read(two, (), keys=["library.e3"]) == {(): 2}, "a hospital that is not complete stands in no total"


def test_own_ones_mix_records_and_returns_over_the_months_returned(two):
    Quantity.objects.create(consortium=two.consortium, key="beds", name="床位")
    Indicator.objects.create(
        consortium=two.consortium, key="mixed", name="x", numerator=["workorders.received/numerator", "beds"],
        denominator=["workorders.on_time/denominator"], factor=D(10),
    )  # fmt: skip
    month(two.a, APRIL, 40, None, kpi="workorders.received")
    month(two.a, APRIL, 0, 4)
    report(two.a, "beds", 3, FEB)
    assert read(two, (), keys=["own.mixed"]) == {(): D(20)}  # (7 + 3) × 10 ÷ 5: February only
    report(two.a, "beds", 5, APRIL)
    assert read(two, (), keys=["own.mixed"]) == {(): D(550) / 9}  # (7 + 3 + 40 + 5) × 10 ÷ 9
    assert read(two, ("month",), keys=["own.mixed"]) == {(FEB,): 20, (APRIL,): D(450) / 4}


def test_own_ones_of_records_only(two):
    Indicator.objects.create(
        consortium=two.consortium, key="counted", name="x", numerator=["workorders.on_time/numerator"],
        denominator=["workorders.received/numerator", "workorders.on_time/denominator"], factor=D(1),
    )  # fmt: skip
    assert read(two, ("month",), keys=["own.counted"]) == {(JAN,): D(9) / 100, (FEB,): D(5) / 12}


def test_all_at_once_takes_four_statements(two, django_assert_max_num_queries):
    Indicator.objects.create(
        consortium=two.consortium,
        key="mixed",
        name="x",
        numerator=["workorders.received/numerator"],
        denominator=["beds"],
    )
    found = list(definitions(two.consortium.pk).values())
    with django_assert_max_num_queries(4):
        sums(found, two.all, JAN, NEXT, ("hospital", "group", "month"))


def test_the_hospitals_own_target_goes_before_the_consortiums(two):
    common = {"consortium": two.consortium, "kpi": KEY, "valid_from": JAN}
    Target.objects.create(target=95, **common)
    Target.objects.create(target=90, hospital=two.a.hospital, **common)

    assert targets(Standpoint((two.a.id,)), FEB)[KEY].target == 90
    assert targets(Standpoint((two.b.id,)), FEB)[KEY].target == 95
    assert KEY not in targets(Standpoint((two.b.id,)), date(2025, 12, 31))
