"""Rounds that were missed: read off the clock, never deleted, and told to the levels, each once.

After how many days, each hospital sets (`states.MISSED`); of a round that the law wants sooner than of others.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from flow.climbing import climb, days_at
from inspections import permissions as perm
from inspections.models import Round
from inspections.states import MISSED, ORDINARY, STATUTORY, UNDONE
from tenancy.actors import System
from tenancy.holders import by_name, holders
from tenancy.models import Hospital
from workorders.queries import members
from workorders.states import HEAD, LEADER, LEVELS, MANAGER, OFFICE

WATCHER = System("inspections.watch_missed", frozenset({perm.ROUND_VIEW}))
BATCH = 200  # rounds looked at in one transaction
RELATED = ("hospital", "plan", "place", "team", "checklist")


def missed(now: datetime | None = None) -> Q:
    """Not done, and the time in which it still counts is over."""
    return Q(state__in=UNDONE, late_from__lt=now or timezone.now())


def watch(hospital: Hospital, now: datetime) -> int:
    """Tell the levels that have to hear by now, for one batch. Answers how many rounds. Runs in the hospital's scope.

    Rows are held: two who tick at once skip each other's, and one that dies leaves nothing behind.
    """
    due = Q(pk__in=[])
    chains = days_at(hospital.pk, MISSED)
    for kind, chain in chains.items():
        for level, (_who, days) in enumerate(chain):
            due |= Q(statutory=kind == STATUTORY, level=level, late_from__lt=now - timedelta(days=days))
    rows = (
        Round.objects.filter(missed(now), due, hospital=hospital).order_by("late_from", "id").select_related(*RELATED)
    )
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for round in found:
        chain = chains[STATUTORY if round.statutory else ORDINARY]
        climb(round, chain, (now - round.late_from).days, audience, WATCHER, at=now)
    return len(found)


def audience(level: str, round: Round) -> list[User]:
    """Who stands at a level for this round."""
    if level == LEADER:
        return by_name(one.user for one in members([round.team_id]) if one.is_leader)
    return by_name(
        holders(
            {HEAD: "head", MANAGER: "manager", OFFICE: "office"}[level], round.hospital, department=round.department,
            place=round.place, unit=round.unit_id, team=round.team_id, contractor=round.team.contractor_id,
        )
    )  # fmt: skip


def sentence(data: dict[str, Any]) -> str:
    """What the notice says, to the one who reads it now."""
    level = LEVELS.get(data["level"])
    late = ngettext("for %(days)s day", "for %(days)s days", data["days"]) % data
    words = [str(_("An inspection round was missed")), late, str(level.label) if level else ""]
    return " · ".join(filter(None, words))
