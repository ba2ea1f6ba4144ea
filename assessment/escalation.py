"""What is not answered in time: silence counts as accepted, appeals, requests and actions climb; each level hears once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q

from accounts.models import User
from assessment import permissions as perm
from assessment import queries
from assessment.machine import ACTION, APPEAL, EXCLUSION, REPLIES
from assessment.models import Action, Appeal, Exclusion
from assessment.states import ASKED, FILED, LATE_ACTIONS, LATE_APPEALS, LATE_EXCLUSIONS, OFFICE, OWNER, SOON
from flow.chains import WHOLE
from flow.climbing import climb, days_at
from tenancy.actors import System
from tenancy.models import Hospital

WATCHER = System("assessment.watch", frozenset({perm.FIGURE_ANSWER, perm.ACTION_VIEW, perm.FROZEN_VIEW}))
BATCH = 200  # rows looked at in one transaction


def watch(hospital: Hospital, today: date) -> None:
    """Everything of a hospital whose day is over. Runs in its scope.

    Rows are held: two who tick at once skip each other's, and one that dies leaves nothing behind.
    """
    for reply in queries.silent(hospital.pk, today).select_for_update(of=("self",), skip_locked=True)[:BATCH]:
        REPLIES.move(reply, "lapse", WATCHER)
    chain = days_at(hospital.pk, LATE_ACTIONS)[WHOLE]
    late = Action.objects.filter(queries.overdue(today), hospital=hospital, level__lt=len(chain))
    _climb(late.order_by("due_on", "pk"), ACTION.select, chain, "due_on", today)
    chain = days_at(hospital.pk, LATE_APPEALS)[WHOLE]
    open_ = Appeal.objects.filter(hospital=hospital, state=FILED, decide_by__lt=today, level__lt=len(chain))
    _climb(open_.order_by("decide_by", "pk"), APPEAL.select, chain, "decide_by", today)
    chain, due = days_at(hospital.pk, LATE_EXCLUSIONS)[WHOLE], Q(pk__in=[])
    for level, (_who, after) in enumerate(chain):
        due |= Q(level=level, decide_by__lte=today - timedelta(days=after))
    asked = Exclusion.objects.filter(due, hospital=hospital, state=ASKED)
    _climb(asked.order_by("decide_by", "pk"), EXCLUSION.select, chain, "decide_by", today)


def _climb(rows: Any, related: tuple[str, ...], chain: Any, day: str, today: date) -> None:
    held = rows.select_related(*related).select_for_update(of=("self",), skip_locked=True)[:BATCH]
    for row in held:
        climb(row, chain, (today - getattr(row, day)).days, audience, WATCHER)


def audience(level: str, row: Any) -> list[User]:
    """Who stands at a level for this appeal, request or action."""
    if level == OWNER:
        return [row.owner] if row.owner is not None and row.owner.is_active else []
    return queries.of_role(OFFICE if level == SOON else level, row.hospital)
