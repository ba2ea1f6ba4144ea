"""The suggestion of whom to send, in words: each reason is something the desk would say aloud."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ui import formats
from workorders import queries
from workorders.models import WorkOrder
from workorders.suggestion import CALL, OFF, Candidate, Suggestion

SHOWN = 3


@dataclass(frozen=True)
class Advice:
    """Somebody to send, and why: what speaks for it, what against it."""

    who: Candidate
    team: str
    good: tuple[str, ...]
    bad: tuple[str, ...]


def advise(order: WorkOrder, crews: Iterable[queries.Crew]) -> list[Advice]:
    """The best few people for an order."""
    crews = list(crews)
    names = {crew.team.pk: crew.team.name for crew in crews}
    found, needed = queries.suggestions(order, crews)
    return [Advice(s.who, names.get(s.who.team_id, ""), *reasons(s, needed)) for s in found[:SHOWN]]


def told(who: Candidate) -> str:
    """Somebody in one line: the name, on duty or not, what is in hand."""
    return _("%(name)s (%(facts)s)") % {
        "name": who.name,
        "facts": " · ".join((_duty(who) or _("on duty"), _load(who))),
    }


def reasons(one: Suggestion, needed: Mapping[str, str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What speaks for and against them, in words. `needed`: the skills of the work, key → name."""
    good = [needed[key] for key in sorted(needed.keys() - one.missing)]
    bad = [_("lacks: %(skill)s") % {"skill": needed[key]} for key in sorted(one.missing)]
    duty = _duty(one.who)
    if duty:
        (bad if one.who.duty == OFF else good).append(duty)
    good.append(_load(one.who))
    if near := _near(one.steps):
        good.append(near)
    return tuple(good), tuple(bad)


def _duty(who: Candidate) -> str:
    if who.duty == CALL:
        return _("on call")
    if who.duty == OFF:
        return _("off duty now")
    if who.rostered and who.until:
        return _("on duty until %(time)s") % {"time": timezone.localtime(who.until).strftime("%H:%M")}
    return ""


def _load(who: Candidate) -> str:
    if not who.open:
        return _("nothing in hand")
    count = ngettext("%(n)s order in hand", "%(n)s orders in hand", who.open) % {"n": who.open}
    return _("%(count)s, about %(time)s") % {"count": count, "time": formats.duration(who.minutes * 60)}


def _near(steps: int) -> str:
    words: dict[int, Any] = {0: _("is there already"), 1: _("next door"), 2: _("next door"), 3: _("same building")}
    return str(words.get(steps, _("same building") if steps == 4 else ""))
