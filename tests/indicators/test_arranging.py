"""The office writes an indicator from what the platform counts and what hospitals report; every formula it had is kept."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from indicators.arranging import arrange, keep_formulas
from indicators.library import definitions
from indicators.models import Formula, Indicator, Quantity, Return
from indicators.tasks import keep_all_formulas
from indicators.values import sums, value
from kpi.models import MonthFigure
from kpi.periods import earlier
from tenancy.scope import scope

pytestmark = pytest.mark.django_db
JAN = date(2026, 1, 1)
FACTS = {"name": "每床日费用", "numerator": ["workorders.cost/numerator", "library_cost"], "denominator": ["bed_days"]}


def row(world, **facts):
    return Indicator(consortium=world.consortium, key="per-bed-day", **facts)


@pytest.fixture
def open_scope(world):
    with scope([world.a.id, world.b.id]):
        Quantity.objects.create(consortium=world.consortium, key="library_cost", name="图书馆")
        yield world


def test_it_mixes_records_and_returns_and_asks_for_what_only_the_library_knew(open_scope):
    world = open_scope
    arrange(world.kim, row(world), **FACTS, factor=Decimal(2))

    assert Quantity.objects.get(key="bed_days").unit
    month = {"hospital": world.a.hospital, "month": JAN, "department": ""}
    MonthFigure.objects.create(kpi="workorders.cost", numerator=70, denominator=3, **month)
    for key, amount in (("library_cost", 30), ("bed_days", 50)):
        Return.objects.create(
            hospital=world.a.hospital, quantity=Quantity.objects.get(key=key), first=JAN,
            last=earlier(JAN, -1) - timedelta(days=1), value=amount, changed_at=timezone.now(),
        )  # fmt: skip
    one = definitions(world.consortium.pk)["own.per-bed-day"]
    assert value(one, sums([one], [world.a.id], JAN, earlier(JAN, -1), ())[(one.key,)]) == 4  # (70 + 30) × 2 ÷ 50


@pytest.mark.parametrize(
    "wrong",
    [
        {"numerator": ["no_such_quantity"]},
        {"numerator": ["workorders.open/numerator"]},  # of this moment only: nothing is kept by month
        {"denominator": ["workorders.received/denominator"]},  # a mere sum has none
        {"denominator": []},
        {"factor": Decimal(0)},
    ],
)
def test_what_cannot_be_reckoned_is_refused(open_scope, wrong):
    with pytest.raises(ValidationError):
        arrange(open_scope.kim, row(open_scope), **{**FACTS, **wrong})
    assert not Indicator.objects.filter(key="per-bed-day").exists() and not Formula.objects.exists()


def test_managers_write_none(open_scope):
    with pytest.raises(PermissionDenied):
        arrange(open_scope.max, row(open_scope), **FACTS)


def test_every_formula_is_kept_and_a_new_name_is_no_new_formula(open_scope):
    world = open_scope
    made = arrange(world.kim, row(world), **FACTS)
    first = definitions(world.consortium.pk)["own.per-bed-day"].version
    arrange(world.kim, made, name="别名", owner="财务科")
    arrange(world.kim, made, factor=Decimal(1000))
    arrange(world.kim, made, factor=Decimal(1))

    kept = list(Formula.objects.filter(key="own.per-bed-day").order_by("pk"))
    assert [f.facts["factor"] for f in kept] == ["1", "1000", "1"]
    assert kept[0].version == kept[2].version == first != kept[1].version
    assert kept[0].by_id == world.kim.pk and kept[0].facts["name"] == "每床日费用"
    assert "图书馆" in kept[0].facts["numerator"] and kept[0].facts["measures"][1] == ["quantity:bed_days"]


def test_formulas_of_all_are_kept_once(world):
    keep_all_formulas()
    with scope([world.a.id]):
        kept_once(world)


def kept_once(world):
    assert Formula.objects.filter(consortium=world.consortium).count() == len(definitions(world.consortium.pk))
    assert keep_formulas(world.consortium.pk) == 0
    assert Formula.objects.get(key="workorders.on_time").facts["factor"] == "100"
