"""What stands above the pages of the demonstration, what is to come, and what has been."""

from __future__ import annotations

from datetime import datetime, timedelta

from flow.origin import PAGE, coming
from logistics.demo.build import Built
from notices import announcing
from notices.models import Announcement
from tenancy.models import Place

ANNOUNCED = (  # text, hours from now, how many hours, only at the first building
    ("今日 14:00–16:00 {place}停水检修,请提前储水", -2, 10, True),
    ("明日上午门诊楼一号电梯年检停用", 20, 6, False),
    ("防汛一级响应,请各科室检查窗户", -24 * 30, 36, False),
    ("热水供应已恢复", -24 * 12, 24, False),
)


def announce(built: Built, now: datetime) -> None:
    """The desk announces; what is over was announced in its time."""
    if "night" not in built.named:
        return
    wards = next(code for code in built.plan.buildings if code[0] == "Z")
    first = Place.objects.get(hospital=built.hospital, kind="building", code=wards)
    for text, begins, hours, narrow in ANNOUNCED:
        starts = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=begins)
        with coming(PAGE, "10.21.0.12"):
            made = announcing.announce(
                built.named["desk"],
                hospital=built.hospital,
                starts_at=starts,
                ends_at=starts + timedelta(hours=hours),
                text=text.format(place=first.name),
                place=first if narrow else None,
            )
        Announcement.objects.filter(pk=made.pk).update(made_at=min(now, starts - timedelta(hours=3)))
