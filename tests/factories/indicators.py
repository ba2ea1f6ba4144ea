"""Returns of one period, as a file of the office's brought them in."""

from __future__ import annotations

import datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from indicators.models import Indicator, Quantity, Return, ReturnFile
from kpi.models import PeerMember

YEAR = {"first": datetime.date(2025, 1, 1), "last": datetime.date(2025, 12, 31)}


def another(made: SimpleNamespace, nth: int) -> None:
    """One more indicator of what is reported."""
    first = made.indicator
    facts = {"numerator": first.numerator, "denominator": first.denominator}
    Indicator.objects.create(consortium=first.consortium, key=f"cost-{nth}", name=f"费用 {nth}", **facts)


def returns(consortium: Any, by: Any, *hospitals: Any) -> SimpleNamespace:
    """An indicator, the file it came with, and what each hospital reported: 100 over 10, 200 over 20, …"""
    cost, area = (
        Quantity.objects.create(consortium=consortium, key=key, name=name)
        for key, name in (("cost", "保洁费用"), ("area", "面积"))
    )
    indicator = Indicator.objects.create(
        consortium=consortium, key="cost-per-m2", name="每平方米保洁费用", numerator=["cost"], denominator=["area"]
    )
    mapping = {"code": "code", "quantities": {"cost": {"column": "cost"}, "area": {"column": "area"}}}
    result = {"right": 1, "values": 2, "faults": [], "fault_count": 0, "bad_lines": 0, "new_hospitals": [], "empty": {}}
    file = ReturnFile.objects.create(
        consortium=consortium, name="returns.csv", sha256="0" * 64, content=b"code,cost,area\nA,100,10\n", mapping=mapping,
        result=result, by=by, by_name=by.name, at=timezone.now(), **YEAR,
    )  # fmt: skip
    for nth, hospital in enumerate(hospitals, 1):
        PeerMember.objects.create(hospital=hospital, group="综合")
        for quantity, value in ((cost, 100), (area, 10)):
            facts = {"quantity": quantity, "value": Decimal(value * nth), "changed_at": timezone.now()}
            Return.objects.create(hospital=hospital, **facts, **YEAR)
    return SimpleNamespace(indicator=indicator, file=file)
