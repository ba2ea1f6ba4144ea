"""Checklists, made through their own verbs. Call inside a scope."""

from __future__ import annotations

from typing import Any

from inspections import editions, shipping
from inspections.models import Checklist
from tenancy.models import Consortium, Hospital
from tests.factories.tenancy import setup

OIL = {"text": "机油液位", "kind": "check"}
VOLTS = {"text": "蓄电池电压", "kind": "value", "unit": "V", "low": "24", "high": "28.5"}
COLOUR = {"text": "冷却液颜色", "kind": "choice", "options": ["正常", "浑浊"], "passing": ["正常"]}


def shipped(consortium: Consortium) -> int:
    """Every checklist of the departments; the world comes without them."""
    return shipping.ship(consortium)


def checklist(
    home: Hospital | None = None,
    consortium: Consortium | None = None,
    *items: dict[str, Any],
    name: str = "发电机检查",
    department: str = "maintenance",
    **facts: Any,
) -> Checklist:
    """One in force: three items (pass or fail, a value from 24 to 28.5 V, a choice) unless others are given."""
    made = editions.write(setup(), home=home, consortium=consortium, name=name, department=department, **facts)
    draft = made.editions.get()
    editions.set_items(setup(), draft, items or (OIL, VOLTS, COLOUR))
    editions.publish(setup(), draft)
    return made
