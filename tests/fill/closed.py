"""Closed months judged row by row: what the loop's machines allow, and sums reckoned from the exported rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from assessment.machine import ACTION, APPEAL, REPLIES
from flow.models import Event

BEGINS = {"assessment.reply": "new", "assessment.appeal": "filed", "assessment.action": ("wanted", "open")}
MACHINES = {"assessment.reply": REPLIES, "assessment.appeal": APPEAL, "assessment.action": ACTION}


def stories() -> dict[tuple[str, int], list[Event]]:
    """What was said and done about each answer, appeal and action, in order."""
    found: dict[tuple[str, int], list[Event]] = defaultdict(list)
    for event in Event.objects.filter(subject__in=MACHINES).order_by("at", "id"):
        found[event.subject, event.subject_id].append(event)
    return found


def wrong_steps(story: list[Event], state: str) -> Iterator[str]:
    """Steps that the machine would not have allowed, or that end elsewhere than where the row stands."""
    steps = [event for event in story if event.target]
    at = steps[0].source if steps else state
    if at not in BEGINS[story[0].subject]:
        yield f"begins as {at}"
    for event in steps:
        way = MACHINES[event.subject].by_name[event.verb]
        if event.source != at or at not in way.sources or event.target != way.target:
            yield f"{event.verb} from {at} to {event.target}"
        at = event.target
    if at != state:
        yield f"ends as {at}, stands as {state}"


def of_month(reckoned: dict[tuple[Any, ...], Any], first: date, last: date) -> dict[tuple[int, str], list[Any]]:
    """(hospital, figure) → both sums of the days, as a whole."""
    found: dict[tuple[int, str], list[Any]] = defaultdict(lambda: [Decimal(0), None])
    for (hospital, figure, day, _department, kind, _ref), (above, below) in reckoned.items():
        if kind == "" and first <= day <= last:
            entry = found[hospital, figure]
            entry[0] += above
            if below is not None:
                entry[1] = (entry[1] or 0) + below
    return found
