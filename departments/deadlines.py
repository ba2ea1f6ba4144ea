"""What is illegal tomorrow: everything the law sets a last day for that is over or near, and who is told of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.models import User
from departments.permissions import DEADLINE_VIEW
from flow import deadlines
from flow import domain as flow
from flow.deadlines import Deadline, Line
from flow.machine import moved
from flow.models import Event
from notices.rules import Rule
from tenancy.access import can
from tenancy.actors import System
from tenancy.holders import by_name, holders
from tenancy.models import Hospital

WINDOWS = {1: _("Tomorrow"), 7: _("7 days"), 30: _("30 days"), 90: _("90 days")}
USUAL = 7
VERB = "deadlines"
WATCHER = System("departments.tell_deadlines")
MONDAY = 0


def listed(user: Any, today: date, days: int, hospital: int | None, kind: str = "") -> list[tuple[Deadline, Line]]:
    """What this person may see that is over, or runs out within so many days."""
    return deadlines.due(user, today + timedelta(days=days), hospital, kind)


def tell(hospital: Hospital, today: date) -> int:
    """Tell heads and manager: on Mondays of everything near, on other days of what ran out yesterday; once a day.

    Each hears of what they may see. Answers how many people were told. Runs inside the hospital's scope.
    """
    told = set(_today(hospital, today))
    people = [p for p in _people(hospital) if p.pk not in told and can(p, DEADLINE_VIEW)]
    return sum(_tell(hospital, person, today) for person in people)


def _people(hospital: Hospital) -> Iterable[User]:
    heads = [user for slug in ("", *hospital.modules) for user in holders("head", hospital, department=slug)]
    return by_name([*heads, *holders("manager", hospital)])


def _today(hospital: Hospital, today: date) -> Iterable[int]:
    """Who was told today already."""
    events = Event.objects.filter(subject="tenancy.hospital", subject_id=hospital.pk, verb=VERB)
    return [person for data in events.filter(data__day=today.isoformat()).values_list("data", flat=True)
            for person in data["people"]]  # fmt: skip


def _tell(hospital: Hospital, person: User, today: date) -> bool:
    left = [line.left(today) for _kind, line in listed(person, today, USUAL, hospital.pk)]
    if not left or (today.weekday() != MONDAY and -1 not in left):
        return False
    red = sum(days < 0 for days in left)
    facts = {"day": today.isoformat(), "people": [person.pk], "red": red, "soon": len(left) - red}
    event = flow.note(hospital.pk, hospital, VERB, WATCHER, facts)
    moved.send(Hospital, obj=hospital, event=event)
    return True


def audience(hospital: Hospital, event: Event) -> set[int]:
    return set(event.data.get("people", ())) if event.verb == VERB else set()


def sentence(verb: str, data: dict[str, Any]) -> str:
    over = ngettext("%(red)s overdue", "%(red)s overdue", data["red"])
    near = ngettext("%(soon)s within 7 days", "%(soon)s within 7 days", data["soon"])
    return " · ".join([str(_("Legal deadlines")), over % data, near % data])


RULE = Rule(
    audience=audience,
    url=lambda pk: reverse("departments:deadlines"),
    facts=lambda hospital, event: {key: event.data[key] for key in ("red", "soon")},
    sentence=sentence,
    kinds={VERB: _("What is illegal tomorrow")},
    mails=frozenset({VERB}),
)
