"""A request for returns and what is due of it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from indicators import requests
from indicators.machine import DUES
from indicators.models import Quantity, ReturnDue, ReturnRequest
from indicators.request_spans import containing
from indicators.requests import Line

KEYS = (("power", "用电量", "kWh"), ("water", "用水量", "m³"))


def request(world: Any, name: str = "能耗月报", **facts: Any) -> ReturnRequest:
    """Power and water of every month, asked by Kim of the office; the month before this one is the first."""
    lines = []
    for key, words, unit in KEYS:
        made, _new = Quantity.objects.get_or_create(
            consortium=world.consortium, key=key, defaults={"name": words, "unit": unit}
        )
        lines.append(Line(made, f"抄表 {words}"))
    first = containing(timezone.localdate(), "month")[0] - timedelta(days=1)
    given = {"name": name, "rhythm": "month", "valid_from": first, "role": "manager", **facts}
    return requests.arrange(world.kim, ReturnRequest(consortium=world.consortium), lines, **given)


def dues(world: Any, asked: ReturnRequest | None = None, *, today: date | None = None) -> list[ReturnDue]:
    """The rows of hospitals A and B."""
    asked = asked or request(world)
    sites = [site.hospital for site in (world.a, world.b)]
    requests.make_due(sites, today or timezone.localdate())
    rows = ReturnDue.objects.filter(request=asked).select_related("request", "hospital")
    return list(rows.order_by("hospital", "first"))


def handed_in(world: Any, due: ReturnDue | None = None, *, by: Any = None, **values: Any) -> ReturnDue:
    """Max has handed in: 1,000 kWh and 50 m³ unless said otherwise."""
    due = due or dues(world)[0]
    given = {"power": 1000, "water": 50, **values}
    made = {key: None if value is None else Decimal(value) for key, value in given.items()}
    row: ReturnDue = DUES.move(due, "hand_in", by or world.max, values=made, notes=dict.fromkeys(made, "核实"))
    return row
