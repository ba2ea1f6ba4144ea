"""Returns of the demonstration: a year of monthly figures that all hospitals hand in; of the last one something is missing."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import cos, pi
from typing import Any

from accounts.models import User
from indicators import plausibility, requests
from indicators.library.definitions import amounts
from indicators.machine import DUES
from indicators.models import ReturnDue, ReturnRequest
from indicators.request_spans import moved
from indicators.request_states import CLERK
from indicators.requests import Line
from logistics.demo.build import Built

# Key in the library, its month at a hospital of 1,000 beds, share of that which follows the seasons, words of help.
ASKED = (
    ("bed_days", 26_500, 0.04, "以病案统计室月报为准"),
    ("outpatient_visits", 118_000, 0.08, ""),
    ("water_m3", 21_000, 0.12, "各院区水表读数之和"),
    ("water_cost", 92_000, 0.12, "含污水处理费"),
    ("power_cost", 1_340_000, 0.22, "以供电公司账单为准"),
    ("gas_cost", 310_000, -0.45, "含供暖锅炉用气"),
    ("ward_waste_kg", 17_800, 0.05, "病区称重合计"),
    ("maintenance_cost", 460_000, 0.1, "含外包维保"),
)
MONTHS = 13


def ask(consortium: Any, built: list[Built], now: datetime) -> int:
    """The request, and what each hospital answered month by month. Answers how many forms there are."""
    office = User.objects.get(email__startswith="office@")
    first = moved(now.date().replace(day=1), -MONTHS)
    names, hospitals = amounts(), [one.hospital for one in built]
    lines = [Line(None, text, str(names[key].name), str(names[key].unit), key) for key, _much, _swing, text in ASKED]
    request = ReturnRequest(consortium=consortium, asked_on=first - timedelta(days=20))
    requests.arrange(
        office, request, lines, name="后勤运行月报", note="用于医联体后勤指标对比，请于次月 5 日前上报。", rhythm="month",
        valid_from=first, role=CLERK,
    )  # fmt: skip
    dice = random.Random(f"{consortium.pk}returns")
    for nth in range(1, MONTHS + 1):
        begun = moved(first, nth)
        requests.make_due(
            hospitals, begun, at=now.replace(year=begun.year, month=begun.month, day=1, hour=6, minute=15)
        )
    for number, one in enumerate(built):
        for due in ReturnDue.objects.filter(hospital=one.hospital, request=request).order_by("first"):
            _answer(office, one, due, dice, now, number)
    return ReturnDue.objects.filter(request=request).count()


def _answer(office: Any, one: Built, due: ReturnDue, dice: random.Random, now: datetime, number: int) -> None:
    """Older months were accepted, one of them corrected later; of the last one each hospital stands elsewhere."""
    newest = due.due_on > (now - timedelta(days=31)).date()
    if newest and number == 2:
        return
    clerk = one.named.get("desk") or one.named["manager"]
    values = _values(one, due.first, dice)
    before = plausibility.asked(due).before
    notes = {key: "季节变化，已核对。" for key in values if plausibility.unusual(values[key], before.get(key))}
    late = 3 if dice.random() < 0.12 else -dice.randrange(3)
    at = min(
        now - timedelta(hours=3), now.replace(hour=15, minute=20) + (due.due_on + timedelta(days=late) - now.date())
    )
    handed = DUES.move(due, "hand_in", clerk, at=at, values=values, notes=notes)
    if newest and number == 1:
        until = now.date() + timedelta(days=2)
        DUES.move(
            handed,
            "send_back",
            office,
            at=now - timedelta(hours=2),
            reason="门诊人次少了东院区，请核对。",
            due_on=until,
        )
    elif not newest:
        done = DUES.move(handed, "accept", office, at=at + timedelta(days=2))
        if due.last.month == 6 and number == 0:
            better = {**values, "power_cost": values["power_cost"] + 23_400}
            moved_on = DUES.move(
                done,
                "correct",
                clerk,
                at=at + timedelta(days=20),
                values=better,
                notes=notes,
                reason="供电公司补寄账单",
            )
            DUES.move(moved_on, "accept", office, at=at + timedelta(days=21))


def _values(one: Built, month: date, dice: random.Random) -> dict[str, Decimal]:
    """By beds and season: July and August are hot, January is cold."""
    size, season = one.hospital.beds / 1000, cos((month.month - 7.5) / 6 * 2 * pi)
    return {
        key: Decimal(round(much * size * (1 + swing * season + dice.uniform(-0.03, 0.03))))
        for key, much, swing, _help in ASKED
    }
