"""Major hazards that are not rectified: the law has them removed without delay."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from flow.deadlines import MOST, Deadline, Line, register
from hazards import permissions as perm
from hazards.models import Hazard
from hazards.queries import TO_RECTIFY
from hazards.states import MAJOR

LAW, CLAUSE = "安全生产法 (2021)", "第四十一条"


def lines(user: Any, until: date, hospital: int | None) -> Iterable[Line]:
    """Major hazards whose deadline is over or near."""
    rows = Hazard.objects.for_user(user, perm.HAZARD_VIEW).filter(grade=MAJOR, state__in=TO_RECTIFY, due_on__lte=until)
    rows = rows.filter(**{"hospital_id": hospital} if hospital else {})
    keys = ("pk", "number", "title", "place__full_name", "hospital__short_name", "department", "due_on")
    for row in rows.order_by("due_on", "pk").values(*keys)[:MOST]:
        yield Line(
            f"{row['title']} {row['number']}", row["place__full_name"], row["hospital__short_name"], row["department"],
            LAW, CLAUSE, row["due_on"], reverse("hazards:hazard", args=[row["pk"]]),
        )  # fmt: skip


def plug_in() -> None:
    register(Deadline("hazards.major", _("Major hazard"), "alarm", lines, order=40))
