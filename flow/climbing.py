"""What nobody has settled in time climbs a chain of levels; each level hears once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flow import domain
from flow.chains import Chain, Days
from flow.machine import moved
from flow.models import ChainSetting


def days_at(hospital_id: int, chain: Chain) -> Days:
    """The chain as the hospital goes by it today. One statement, in the hospital's scope."""
    own = ChainSetting.objects.filter(hospital=hospital_id, key=chain.key).values_list("days", flat=True).first()
    return chain.with_days(own or {})


def climb(
    row: Any,
    chain: Sequence[tuple[str, int]],
    days: int,
    audience: Callable[[str, Any], list[Any]],
    watcher: Any,
    *,
    at: datetime | None = None,
) -> None:
    """Tell the levels that have to hear after so many whole days; `row.level` counts those that have.

    `chain` is (level, days after the limit). Where nobody is at a level, the next one hears in its place, at once.
    """
    vacant = False
    for level, after in chain[row.level :]:
        if after > days and not vacant:
            break
        people = audience(level, row)
        vacant = not people
        row.level += 1
        if people:
            told = {"people": [person.pk for person in people], "told": [person.name for person in people]}
            event = domain.record(row, "escalated", watcher, at=at, data={"level": level, "days": days, **told})
            moved.send(type(row), obj=row, event=event)
    row.save(update_fields=["level"])
