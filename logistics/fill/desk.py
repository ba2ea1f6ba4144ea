"""What is kept besides the orders: crews on duty, handovers of the last days, announcements, bells."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from flow.domain import subject_of
from flow.models import Event
from flow.origin import PAGE
from logistics import crews
from logistics.crews import Crews
from logistics.fill.plan import Plan
from notices.models import Announcement
from tenancy.models import Grant, Hospital, Place
from tenancy.scope import scope
from workorders.models import Handover

HANDED = (time(8), time(17, 30))
HANDOVER_DAYS = 14
BELL_DAYS = 3
REMARKS = (
    "", "", "水泵房声音偏大,已记录,请白班查看", "手术室空调明早交付验收", "二号电梯困人已处置,待厂家复检", "夜间一切正常",
    "备用阀芯仅剩两个,已报采购", "3 楼漏水处已临时封堵,待白班更换", "",
)  # fmt: skip
ANNOUNCED = (  # text, days from today, hours it lasts
    ("今日 14:00–17:00 住院楼停水检修,请提前储水", 0, 12),
    ("明日上午门诊楼一号电梯年检停用", 1, 8),
    ("本周六 0:00–2:00 配电切换试验,重要设备请确认 UPS", 3, 6),
    ("国庆假期后勤值班电话 8000", -50, 96),
    ("7 号楼热水供应恢复", -12, 24),
    ("防汛一级响应,请各科室检查窗户", -30, 36),
)

# How the shift stood at each of these moments: what had been reported and was not done; on hold where it still is.
STOOD = """
SELECT m.at, CASE WHEN o.due_at < m.at AND o.state <> 'waiting' THEN 'overdue' WHEN o.waiting_since <= m.at THEN 'waiting'
    WHEN o.due_at <= m.at + interval '12 hours' THEN 'promised' ELSE 'open' END AS section, o.id
FROM unnest(%(moments)s::timestamptz[]) AS m (at)
JOIN workorders_workorder o ON o.hospital_id = %(hospital)s AND o.reported_at <= m.at
WHERE o.reported_at > m.at - interval '60 days' AND COALESCE(o.finished_at, 'infinity') > m.at
  AND COALESCE(o.closed_at, 'infinity') > m.at AND NOT (o.returned > 0)
UNION ALL
SELECT m.at, 'emergencies', o.id FROM unnest(%(moments)s::timestamptz[]) AS m (at)
JOIN workorders_workorder o ON o.hospital_id = %(hospital)s AND o.urgency = 'critical'
WHERE o.reported_at BETWEEN m.at - interval '12 hours' AND m.at
ORDER BY 1, 3
"""

# The bells of the last days: who was sent hears of it, and the ward hears what becomes of its report. Older ones are read.
BELLS = """
INSERT INTO notices_notice (hospital_id, user_id, event_id, subject, subject_id, verb, title, data, created_at, read_at)
SELECT e.hospital_id, u.id, e.id, e.subject, e.subject_id, e.verb, left(o.number || ' ' || o.title, 120),
    jsonb_build_object('who', e.actor_name, 'why', left(COALESCE(e.data ->> 'reason', ''), 200), 'waiting',
        COALESCE(e.data ->> 'waiting_reason', '')), e.at,
    CASE WHEN e.at < %(until)s - interval '44 hours' THEN e.at + interval '40 minutes' END
FROM flow_event e JOIN workorders_workorder o ON o.id = e.subject_id
JOIN accounts_user u ON u.id = CASE WHEN e.verb IN ('dispatch', 'reassign') THEN o.assignee_id ELSE o.reporter_id END
WHERE e.subject = 'workorders.workorder' AND e.at >= %(since)s AND u.id IS DISTINCT FROM e.actor_id AND u.is_active
  AND (e.verb IN ('accept', 'arrive', 'wait', 'finish', 'void', 'close_unsigned', 'reminded', 'commented')
       OR e.verb IN ('dispatch', 'reassign') AND u.name = e.data ->> 'assignee')
  AND EXISTS (SELECT FROM tenancy_membership t WHERE t.hospital_id = e.hospital_id AND t.user_id = u.id
              AND (t.ends_on IS NULL OR t.ends_on >= %(today)s))
ORDER BY e.at, e.id
"""


def arrange(plan: Plan) -> None:
    """All of it, for every hospital; the orders are there already."""
    busy = crews.busy_days(plan.until)
    for number, hospital in enumerate(Hospital.objects.order_by("id")):
        with scope([hospital.pk]):
            there = crews.arrange(hospital, plan.until, plan.dice(f"crews {number}"))
            crews.lately(there, busy)
            desk = _desk(hospital, timezone.localdate(plan.until))
            _handovers(plan, number, there, desk)
            _announcements(plan, hospital, desk[0])
    with connection.cursor() as cursor:
        today = timezone.localdate(plan.until)
        cursor.execute(BELLS, {"since": plan.until - timedelta(days=BELL_DAYS), "until": plan.until, "today": today})


def _desk(hospital: Hospital, today: date) -> list[User]:
    """Who sits at the desk now, for the whole hospital."""
    held = Grant.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today), role__key="desk", hospital=hospital)
    return [grant.user for grant in held.select_related("user").order_by("id")]


def _handovers(plan: Plan, number: int, there: Crews, desk: list[User]) -> None:
    """Twice a day for two weeks; the last one waits to be taken over."""
    hospital, moments = there.hospital, [at for at in _moments(plan.until) if at <= plan.until]
    stood: dict[datetime, dict[str, list[int]]] = {at: defaultdict(list) for at in moments}
    with connection.cursor() as cursor:
        cursor.execute(STOOD, {"hospital": hospital.pk, "moments": moments})
        for at, section, order in cursor.fetchall():
            stood[at][section].append(order)
    dice, made = plan.dice(f"handovers {number}"), []
    for turn, (at, then) in enumerate(pairwise([*moments, plan.until])):
        given, taken = desk[turn % len(desk)], desk[(turn + 1) % len(desk)]
        row = Handover(
            hospital=hospital, remarks=dice.choice(REMARKS), given_at=at, given_by=given, given_name=given.name,
            orders={key: stood[at].get(key, []) for key in ("overdue", "promised", "waiting", "open", "emergencies")},
            on_duty=[[moment.isoformat(), there.at_work(moment)] for moment in (at, at + timedelta(hours=8))],
        )  # fmt: skip
        if turn < len(moments) - 1:
            row.taken_at = min(at + timedelta(minutes=dice.randrange(2, 25)), then)
            row.taken_by, row.taken_name = taken, taken.name
        made.append(row)
    Handover.objects.bulk_create(made)
    _note(plan, made, "handed_over", lambda row: (row.given_at, row.given_by))
    _note(plan, [row for row in made if row.taken_at], "taken_over", lambda row: (row.taken_at, row.taken_by))


def _moments(until: datetime) -> list[datetime]:
    today = timezone.localdate(until)
    days = [today - timedelta(days=back) for back in range(HANDOVER_DAYS, -1, -1)]
    return [timezone.make_aware(datetime.combine(day, clock)) for day in days for clock in HANDED]


def _announcements(plan: Plan, hospital: Hospital, who: User) -> None:
    midnight = timezone.make_aware(datetime.combine(timezone.localdate(plan.until), time()))
    building = Place.objects.filter(hospital=hospital, kind="building").order_by("path").first()
    made = [
        Announcement(
            hospital=hospital, text=text, starts_at=midnight + timedelta(days=days, hours=6), made_by=who,
            ends_at=midnight + timedelta(days=days, hours=6 + hours), made_by_name=who.name,
            made_at=min(plan.until, midnight + timedelta(days=days - 1)), place=building if number == 1 else None,
        )
        for number, (text, days, hours) in enumerate(ANNOUNCED)
    ]  # fmt: skip
    Announcement.objects.bulk_create(made)
    _note(plan, made, "added", lambda row: (row.made_at, row.made_by))


def _note(plan: Plan, rows: list[Any], verb: str, of: Any) -> None:
    """The line of history that the verb would have written."""
    Event.objects.bulk_create(
        Event(
            hospital_id=row.hospital_id, subject=subject_of(row), subject_id=row.pk, verb=verb, at=of(row)[0],
            actor=of(row)[1], actor_name=of(row)[1].name, channel=PAGE,
        )
        for row in rows
    )  # fmt: skip
