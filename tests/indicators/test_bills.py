"""Why a bill changed, expected by hand: what was used, and what it cost."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from indicators.bills import changes, split
from indicators.models import Quantity, Return
from kpi.periods import earlier
from tenancy.scope import scope

D = Decimal
FEB, BEFORE = date(2024, 2, 1), date(2023, 2, 1)  # 29 and 28 days


def test_quantity_and_price_make_the_whole_difference():
    # 100 at 2 yuan, then 120 at 2.50: (120 - 100) x 2 and (2.50 - 2) x 120
    assert split((D(100), D(200)), (D(120), D(300))) == (40, 60)
    assert split((D(100), D(200)), (D(80), D(200))) == (-40, 40)
    assert split((D(0), D(200)), (D(80), D(200))) is None and split((D(5), D(1)), (D(0), D(0))) is None


@pytest.mark.django_db
def test_hospitals_with_both_years_are_added_up_each_at_its_own_price(world):
    def report(site, first, **amounts):
        for key, amount in amounts.items():
            quantity, _made = Quantity.objects.get_or_create(
                consortium=world.consortium, key=key, defaults={"name": key}
            )
            Return.objects.create(
                hospital=site.hospital, quantity=quantity, first=first, last=earlier(first, -1) - timedelta(days=1),
                value=amount, changed_at=timezone.now(),
            )  # fmt: skip

    with scope([world.a.id, world.b.id]):
        report(world.a, BEFORE, water_m3=100, water_cost=200, power_kwh=10, power_cost=10)
        report(world.a, FEB, water_m3=120, water_cost=300, power_kwh=10)
        report(world.b, BEFORE, water_m3=10, water_cost=50)
        report(world.b, FEB, water_m3=8, water_cost=40)
        found = changes([world.a.id, world.b.id], FEB, date(2024, 2, 29))

    (water,) = found  # nobody reported the bill for power of both years
    assert (water.before, water.now, water.by_quantity, water.by_price) == (250, 340, 30, 60)
