"""What nobody has settled in time climbs a chain of levels; each level hears once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from flow import domain
from flow.machine import moved


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
