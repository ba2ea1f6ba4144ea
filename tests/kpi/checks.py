"""A random history of inspection rounds and hazards with everything that is ugly about real ones."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from assessment.models import Action, Appeal, FrozenFigure
from hazards.models import Hazard
from indicators.models import ReturnDue, ReturnRequest
from inspections.models import Checklist, Edition, Plan, Round
from kpi.days import midnight

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LISTS = (  # key of the checklist, department, what the plan goes by
    ("maintenance.lift", "maintenance", "assets"),
    ("own.pumps", "maintenance", "place"),
    ("cleaning.disinfection", "cleaning", "place"),
    ("security.fire_patrol", "security", "place"),
    ("security.leaving", "security", "place"),
    ("own.tour", "security", "route"),
    ("own.doors", "security", "place"),
    ("security.fire_monthly", "security", "place"),
)
STATES = ("due", "started", "skipping", "done", "done", "done", "done", "skipped", "dropped")


def write(world: Any, site: Any, dice: random.Random, number: int, *, loop: bool) -> None:
    plans = [_plan(world, site, *facts) for facts in LISTS]
    made = Round.objects.bulk_create(_round(world, site, dice.choice(plans), dice, n) for n in range(number))
    halves = [one for one in made if one.state == "done" and dice.random() < 0.2]
    Round.objects.bulk_create(_rest(one, dice) for one in halves)
    Hazard.objects.bulk_create(_hazard(world, site, dice, n) for n in range(number // 2))
    ReturnDue.objects.bulk_create(_returns(world, site, dice))
    if loop:
        _loop(world, site, dice)


def _plan(world: Any, site: Any, key: str, department: str, subject: str) -> Plan:
    checklist, new = Checklist.objects.get_or_create(
        consortium=world.consortium, key=key, defaults={"own_name": key, "department": department}
    )
    if new:
        Edition.objects.create(consortium=world.consortium, checklist=checklist, number=1, state="current")
    facts: dict[str, Any] = {"kind": site.lifts[0].kind} if subject == "assets" else {}
    return Plan.objects.get_or_create(
        hospital=site.hospital, name=key, department=department, checklist=checklist, state="running", subject=subject,
        place=site.room, team=site.team, starts_on=timezone.localdate() - 100 * DAY, defaults=facts,
    )[0]  # fmt: skip


def _moment(dice: random.Random, number: int) -> datetime:
    """Any moment; one in six exactly at, or just before, local midnight. No two of a plan at the same one."""
    at = timezone.now() - timedelta(seconds=dice.randrange(-2 * 86400, 70 * 86400), microseconds=number)
    if dice.random() < 1 / 6:
        at = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
        at += timedelta(microseconds=dice.choice([-number - 1, number]))
    return at


def _round(world: Any, site: Any, plan: Plan, dice: random.Random, number: int) -> Round:
    due, state = _moment(dice, number), dice.choice(STATES)
    late = due + dice.choice([0, 1, 24, 300]) * HOUR
    points = dice.choice([1, 1, 5])
    facts: dict[str, Any] = {
        "place": dice.choice([site.room, site.other_room, site.floor]),
        "unit": dice.choice([site.ward, site.other_ward, None]),
        "team": dice.choice([site.team, site.cleaners]),
        "asset": dice.choice(site.lifts) if plan.subject == "assets" else None,
        "needs_signature": dice.random() < 0.5,
        "points": points,
    }
    if state == "started":
        facts |= {"started_at": due, "edition": plan.checklist.editions.get()}
    if state == "skipped":
        facts |= {"skip_reason": "other", "settled_by": world.hal}
    if state == "done":
        done = dice.choice([late, late - timedelta(microseconds=1), due + HOUR, due + 40 * DAY])
        found = dice.choice([0, 0, 1, 3])
        facts |= {
            "done_at": max(due, min(done, timezone.now())), "done_by": dice.choice([world.tom, world.lea]),
            "points_done": dice.choice([points, points, points - 1]), "found": found, "fixed": dice.choice([0, found]),
            "signed_at": dice.choice([due + HOUR, None]),
        }  # fmt: skip
    return Round(
        hospital=site.hospital, plan=plan, checklist=plan.checklist, department=plan.department, due_at=due,
        opens_at=due - DAY, late_from=late, state=state, **facts,
    )  # fmt: skip


def _rest(one: Round, dice: random.Random) -> Round:
    """What was left over of a round that was done in part."""
    same = (
        "hospital",
        "plan",
        "checklist",
        "department",
        "due_at",
        "opens_at",
        "late_from",
        "place",
        "unit",
        "team",
        "asset",
    )
    facts = {name: getattr(one, name) for name in same}
    later = {"state": "done", "done_at": one.done_at + DAY, "done_by": one.done_by} if dice.random() < 0.5 else {}
    return Round(**facts, **later, part=1, rest_of=one, points=1, points_done=len(later) and 1)


def _hazard(world: Any, site: Any, dice: random.Random, number: int) -> Hazard:
    found, state = _moment(dice, number), dice.choice(["open", "assigned", "rectified", "closed", "void"])
    due = timezone.localdate(found) + dice.choice([0, 1, 7, 30]) * DAY
    facts: dict[str, Any] = {"responsible": dice.choice([world.tom, world.lea])}
    if state in ("rectified", "closed"):
        facts |= {"rectified_at": found + dice.choice([HOUR, DAY, 7 * DAY, 31 * DAY]), "rectified_by": world.tom}
    if state in ("closed", "void"):
        facts |= {"closed_at": timezone.now()}
    return Hazard(
        hospital=site.hospital, number=f"H{site.id}-{dice.randrange(10**9)}-{number}", title="堵塞", state=state,
        department=dice.choice(["maintenance", "security"]), grade=dice.choice(["general", "major"]),
        source=dice.choice(["round", "report"]), found_at=found, due_on=due, reopened=dice.choice([0, 0, 1]),
        place=dice.choice([site.room, site.floor]), unit=dice.choice([site.ward, None]),
        team=dice.choice([site.team, None]), **facts,
    )  # fmt: skip


def _returns(world: Any, site: Any, dice: random.Random) -> list[ReturnDue]:
    """Returns the office asked for, week by week: in on the last day, a day late, sent back, with a gap, not at all."""
    today = timezone.localdate()
    request, _new = ReturnRequest.objects.get_or_create(
        consortium=world.consortium,
        name="周报",
        defaults={"valid_from": today - 100 * DAY, "asked_on": today - 100 * DAY},
    )
    made = []
    for week in range(-1, 9):
        due = today - 7 * week * DAY
        given = dice.choice([None, midnight(due + DAY) - timedelta(microseconds=1), midnight(due + DAY)])
        made.append(
            ReturnDue(
                hospital=site.hospital, request=request, first=due - 12 * DAY, last=due - 6 * DAY, due_on=due,
                state="handed" if given else "open", handed_in_at=given, times_returned=dice.choice([0, 0, 0, 1]),
                unknown=dice.choice([[], [], [], ["beds"]]),
            )
        )  # fmt: skip
    return made


def _frozen(site: Any, key: str) -> FrozenFigure:
    month = timezone.localdate().replace(day=1)
    return FrozenFigure(
        hospital=site.hospital, key=key, label=key, kind="computed", month=month, first=month, last=month, good="up", factor=1,
        version="0", definition={}, inputs={}, rows_sha256="", frozen_at=timezone.now(), frozen_name="", digest="", seal="",
    )  # fmt: skip


def _loop(world: Any, site: Any, dice: random.Random) -> None:
    """Appeals filed, upheld, rejected; actions done on their last day, a day late, never, dropped; comments."""
    now, today = timezone.now(), timezone.localdate()
    for number in range(24):
        key = f"test.{dice.randrange(10**9)}.{number}"
        figure = _frozen(site, key)
        figure.save()
        facts: dict[str, Any] = {
            "hospital": site.hospital,
            "figure": figure,
            "key": key,
            "label": key,
            "month": figure.month,
        }
        state = dice.choice(["filed", "upheld", "upheld", "rejected", "withdrawn"])
        decided = now - dice.randrange(60) * DAY if state in ("upheld", "rejected") else None
        Appeal.objects.create(**facts, reason="other", state=state, decided_at=decided, decide_by=today)
        due, state = today - dice.randrange(-3, 60) * DAY, dice.choice(["open", "done", "done", "done", "dropped"])
        done = (
            dice.choice([midnight(due + DAY) - timedelta(microseconds=1), midnight(due + DAY)])
            if state == "done"
            else None
        )
        kind = dice.choice(["corrective", "corrective", "improvement"])
        Action.objects.create(**facts, kind=kind, what="x", owner=world.tom, due_on=due, state=state, done_at=done)
