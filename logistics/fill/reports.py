"""What stands on measured figures: how the indicators stand, the monthly reports that were sent, a wall screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from django.conf import settings
from django.utils import translation

from accounts.models import User
from flow.domain import subject_of
from flow.models import Event
from flow.origin import PAGE
from kpi.days import midnight, next_month
from logistics.fill.closing import months
from logistics.fill.plan import Plan
from reporting import content, screens, standing
from reporting.domain import SENDER
from reporting.models import Report, ReportDay, Screen
from reporting.permissions import SCREEN_CHANGE
from reporting.states import DRAFT, SENT, SIGNED
from tenancy.actors import System, kind_of
from tenancy.holders import holders
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope

WORDS = (
    "本月报修量较上月略有上升,主要集中在水暖与空调。夜间响应已安排专人值守,超时工单逐单复盘。",
    "及时率达标,返修率下降。备件库存不足的三类配件已补齐,下月重点抓签字确认。",
    "节后集中报修,人手紧张。已与外包公司协调增派两人,并优化派单顺序。",
)
SUBJECT = "reporting.report"


def arrange(plan: Plan) -> str:
    """Standings and reports of every hospital; answers the secret of the wall screen, which nobody is told again."""
    hospitals = list(Hospital.objects.select_related("consortium").order_by("id"))
    with translation.override(settings.LANGUAGE_CODE):
        for hospital in hospitals:
            with scope([hospital.pk]):
                standing.reckon(hospital)
        with scope([hospital.pk for hospital in hospitals]):
            for number, month in enumerate(reversed(months(plan))):
                league = content.places(hospitals, month) if not number else {}
                for hospital in hospitals:
                    _report(plan, hospital, month, league.get(hospital.pk, {}))
            return _screen(Consortium.objects.get(), plan.until - timedelta(days=30))


def _report(plan: Plan, hospital: Hospital, month: date, league: dict[str, tuple[int, int]]) -> None:
    """Two of three managers say something to it and sign; it is sent on its day."""
    day, dice = ReportDay(), plan.dice(f"report {month} {hospital.code}")
    sent = midnight(next_month(month).replace(day=day.day)) + timedelta(hours=day.hour)
    signed = sent - timedelta(hours=dice.uniform(8, 60))
    opened = midnight(next_month(month)) + timedelta(hours=1)
    report, manager = Report(hospital=hospital, month=month), holders("manager", hospital)[0]
    if dice.random() < 0.66 and signed <= plan.until:
        _signed(report, manager, signed, dice)
    if sent <= plan.until:
        report.content, report.sent_at = content.build(hospital, month, league), sent
        report.sha256 = content.sealed(report.content, report.words)
    was, report.state = report.state, SENT if report.sent_at else report.state
    report.save()
    events = [_event(report, "opened", None, opened, {"month": f"{month:%Y-%m}"})]
    if report.signed_at:
        events.append(_event(report, "sign", manager, signed, {"before": {}}, DRAFT, SIGNED))
    if report.sent_at:
        events.append(_event(report, "send", None, sent, {"before": {}}, was, SENT))
    Event.objects.bulk_create(events)


def _signed(report: Report, manager: User, at: datetime, dice: Random) -> None:
    report.words, report.written_at, report.written_name = dice.choice(WORDS), at, manager.name
    report.signed_at, report.signed_by, report.signed_name, report.state = at, manager, manager.name, SIGNED


def _event(
    report: Report, verb: str, who: User | None, at: datetime, data: dict[str, Any], source: str = "", target: str = ""
) -> Event:  # fmt: skip
    actor = {"actor": who, "actor_name": who.name, "channel": PAGE} if who else {"actor_name": SENDER.name}
    kind = {} if who else {"actor_kind": kind_of(SENDER)}
    facts = {"subject": SUBJECT, "subject_id": report.pk, "verb": verb, "source": source, "target": target, "at": at}
    return Event(hospital_id=report.hospital_id, data=data, **facts, **actor, **kind)


def _screen(consortium: Consortium, at: datetime) -> str:
    """Hung up at that time; answers its secret."""
    actor = System("fill", frozenset({SCREEN_CHANGE}))
    facts = {"name": "指挥中心", "language": settings.LANGUAGE_CODE, "seconds": 20}
    screen, secret = screens.make_screen(actor, consortium=consortium, hospital=None, **facts)
    Event.objects.filter(subject=subject_of(screen), subject_id=screen.pk).update(at=at)
    Screen.objects.filter(pk=screen.pk).update(made_at=at)
    return secret
