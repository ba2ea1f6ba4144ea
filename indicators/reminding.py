"""Who hears of a return that is asked for: those who fill it in before, on and after the day, then the levels above."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from accounts.models import User
from flow.chains import WHOLE
from flow.climbing import climb, days_at
from flow.models import Event
from indicators import permissions as perm
from indicators.machine import DUES
from indicators.models import ReturnDue
from indicators.request_states import LATE, LEVELS, MANAGER, OFFICE, REMINDERS, SOON, TO_FILL, TODAY
from notices.rules import Rule
from tenancy.access import can
from tenancy.actors import System
from tenancy.holders import by_name, holders
from tenancy.models import Hospital
from ui import formats

WATCHER = System("indicators.watch_returns", frozenset({perm.RETURN_VIEW}))
BATCH = 200  # looked at in one transaction
SUBJECT = "indicators.returndue"


def watch(hospital: Hospital, today: date) -> int:
    """Tell those who have to hear by now, for one batch. Answers how many. Runs in the hospital's scope.

    Rows are held: two who tick at once skip each other's, and one that dies leaves nothing behind.
    """
    due, chain = Q(pk__in=[]), days_at(hospital.pk, REMINDERS)[WHOLE]
    for level, (_who, after) in enumerate(chain):
        due |= Q(level=level, due_on__lte=today - timedelta(days=after))
    rows = ReturnDue.objects.filter(due, hospital=hospital, state__in=TO_FILL).order_by("due_on", "id")
    rows = rows.select_related(*DUES.select)
    found = list(rows.select_for_update(of=("self",), skip_locked=True)[:BATCH])
    for row in found:
        climb(row, chain, (today - row.due_on).days, audience, WATCHER)
    return len(found)


def fillers(due: ReturnDue) -> list[User]:
    """The person it was given to; else everybody of the role that answers; else the manager."""
    if due.person is not None and due.person.is_active and can(due.person, perm.RETURN_FILL, due):
        return [due.person]
    found = by_name(holders(due.request.role, due.hospital))
    return found or by_name(holders(MANAGER, due.hospital))


def audience(level: str, due: ReturnDue) -> list[User]:
    """Who stands at a level for this return."""
    if level in (SOON, TODAY, LATE):
        return fillers(due)
    return by_name(holders({MANAGER: "manager", OFFICE: "office"}[level], due.hospital))


VERBS: dict[str, Any] = {
    "asked": pgettext_lazy("what happened to a return", "Asked for"),
    "hand_in": pgettext_lazy("what happened to a return", "Handed in"),
    "accept": pgettext_lazy("what happened to a return", "Accepted"),
    "send_back": _("Returned for correction"),
    "correct": _("Corrected"),
    "corrected": _("Corrected from elsewhere"),
    "assigned": _("Given to somebody"),
    "reminded": _("Reminded by the office"),
    "escalated": _("Reminded"),
}
SENTENCES: dict[str, Any] = {
    "asked": _("Please hand in by %(day)s"),
    "assigned": _("Please hand in by %(day)s"),
    "reminded": _("%(who)s reminds: please hand in, it was due on %(day)s"),
    "send_back": _("To be corrected by %(day)s: %(why)s"),
    "correct": _("%(who)s has corrected values: %(why)s"),
    "corrected": _("%(who)s has corrected values from elsewhere"),
    "accept": _("%(who)s has accepted it"),
}
TO_FILLERS = {"asked", "assigned", "reminded", "send_back", "corrected"}


def concerned(due: ReturnDue, event: Event) -> set[int]:
    """The people concerned. Nobody hears of their own act."""
    if event.verb == "escalated":  # whom the levels had to tell stands in what happened
        return set(event.data["people"])
    found: set[int | None] = set()
    if event.verb in TO_FILLERS:
        found |= {person.pk for person in fillers(due)}
    if event.verb in ("send_back", "accept"):
        found |= {due.handed_in_by_id}
    if event.verb in ("correct", "corrected") and event.data.get("after_acceptance"):
        found |= {person.pk for person in audience(OFFICE, due)}
    return {pk for pk in found if pk is not None} - {event.actor_id}


def facts(due: ReturnDue, event: Event) -> dict[str, Any]:
    data = event.data
    said = {"who": event.actor_name, "why": (data.get("reason") or "")[:200], "due_on": due.due_on.isoformat()}
    return {**said, "days": data.get("days", 0), "level": data.get("level", "")}


def sentence(verb: str, data: dict[str, Any]) -> str:
    """What the notice says, to the one who reads it now."""
    day = formats.day(date.fromisoformat(data["due_on"]))
    if verb != "escalated":
        return str(SENTENCES.get(verb) or VERBS.get(verb, verb)) % {**data, "day": day}
    days = data["days"]
    if days <= 0:
        return str(_("Please hand in by %(day)s")) % {"day": day}
    level = LEVELS.get(data["level"])
    late = ngettext("Not handed in, for %(days)s day", "Not handed in, for %(days)s days", days) % {"days": days}
    return " · ".join([late, str(level.label)] if level and data["level"] in (MANAGER, OFFICE) else [late])


RULE = Rule(
    audience=concerned,
    url=lambda pk: reverse("indicators:due", args=[pk]),
    facts=facts,
    sentence=sentence,
    kinds={verb: VERBS[verb] for verb in (*SENTENCES, "escalated")},
    mails=frozenset({"asked", "assigned", "reminded", "send_back", "escalated"}),
)
