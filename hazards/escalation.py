"""Overdue hazards climb: responsible person, leader, head, manager, the consortium's office; each level hears once."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.models import User
from flow import domain as flow
from flow.machine import moved
from hazards import permissions as perm
from hazards import queries
from hazards.machine import HAZARDS
from hazards.models import Hazard
from hazards.states import CHAIN, LEADER, RESPONSIBLE
from tenancy.actors import System
from tenancy.models import Hospital

WATCHER = System("hazards.watch_deadlines", frozenset({perm.HAZARD_VIEW}))
BATCH = 200  # hazards looked at in one transaction


def watch(hospital: Hospital, today: date) -> int:
    """Tell the levels that have to hear by now, for one batch. Answers how many hazards. Runs in the hospital's scope.

    Rows are held: two who tick at once skip each other's, and one that dies leaves nothing behind.
    """
    due = queries.to_escalate(hospital.pk, today).select_related(*HAZARDS.select)
    found = list(due.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for hazard in found:
        _climb(hazard, today)
    return len(found)


def _climb(hazard: Hazard, today: date) -> None:
    """Where nobody is at a level, the next one hears in its place, at once."""
    days, vacant = (today - hazard.due_on).days, False
    for level, after in CHAIN[hazard.grade][hazard.level :]:
        if after > days and not vacant:
            break
        people = audience(level, hazard)
        vacant = not people
        hazard.level += 1
        if people:
            _tell(hazard, level, days, people)
    hazard.save(update_fields=["level"])


def _tell(hazard: Hazard, level: str, days: int, people: list[User]) -> None:
    facts: dict[str, Any] = {"level": level, "days": days}
    facts |= {"people": [person.pk for person in people], "told": [person.name for person in people]}
    event = flow.record(hazard, "escalated", WATCHER, data=facts)
    moved.send(Hazard, obj=hazard, event=event)


def audience(level: str, hazard: Hazard) -> list[User]:
    """Who stands at a level for this hazard."""
    if level == RESPONSIBLE:
        person = hazard.responsible
        return [person] if person is not None and person.is_active else []
    return queries.leaders(hazard) if level == LEADER else queries.of_role(level, hazard)
