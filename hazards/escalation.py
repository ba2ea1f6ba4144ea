"""Overdue hazards climb: responsible person, leader, head, manager, the consortium's office; each level hears once."""

from __future__ import annotations

from datetime import date

from accounts.models import User
from flow.climbing import climb, days_at
from hazards import permissions as perm
from hazards import queries
from hazards.machine import HAZARDS
from hazards.models import Hazard
from hazards.states import LEADER, OVERDUE, RESPONSIBLE
from tenancy.actors import System
from tenancy.models import Hospital

WATCHER = System("hazards.watch_deadlines", frozenset({perm.HAZARD_VIEW}))
BATCH = 200  # hazards looked at in one transaction


def watch(hospital: Hospital, today: date) -> int:
    """Tell the levels that have to hear by now, for one batch. Answers how many hazards. Runs in the hospital's scope.

    Rows are held: two who tick at once skip each other's, and one that dies leaves nothing behind.
    """
    chains = days_at(hospital.pk, OVERDUE)
    due = queries.to_escalate(hospital.pk, today, chains).select_related(*HAZARDS.select)
    found = list(due.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for hazard in found:
        climb(hazard, chains[hazard.grade], (today - hazard.due_on).days, audience, WATCHER)
    return len(found)


def audience(level: str, hazard: Hazard) -> list[User]:
    """Who stands at a level for this hazard."""
    if level == RESPONSIBLE:
        person = hazard.responsible
        return [person] if person is not None and person.is_active else []
    return queries.leaders(hazard) if level == LEADER else queries.of_role(level, hazard)
