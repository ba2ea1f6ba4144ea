"""Ticks of the assessment: months are closed on their day, closed ones compared with their records."""

from __future__ import annotations

from datetime import datetime, timedelta

from celery import shared_task
from django.utils import timezone

from assessment import escalation, late
from assessment import permissions as perm
from assessment.freezing import close_month
from assessment.models import MonthClose
from assessment.queries import rules_of
from kpi.days import midnight, next_month
from kpi.periods import earlier
from tenancy.actors import System
from tenancy.models import Hospital
from tenancy.scope import scope
from tenancy.tasks import for_each_hospital, in_turns

CLOSER = System("assessment.close_months", frozenset({perm.MONTH_CLOSE}))
REACH = 760  # days


def close_due(hospital: Hospital, now: datetime) -> bool:
    """Close the last month of a hospital once its day and hour have come."""
    month = earlier(timezone.localdate(now), 1)
    with scope([hospital.pk]):
        rules = rules_of(hospital.consortium_id)
        opens = midnight(next_month(month).replace(day=rules.close_day)) + timedelta(hours=rules.close_hour)
        if now >= opens and not MonthClose.objects.filter(hospital=hospital, month=month).exists():
            close_month(CLOSER, hospital, month)
    return False


@shared_task
def close_months() -> None:
    """Close the last month of every hospital for which the day has come; one transaction each."""
    in_turns(lambda hospital: close_due(hospital, timezone.now()))


@shared_task
def compare_closed() -> None:
    """Compare the closed months whose days were measured anew with their records; one transaction per hospital and month."""
    in_turns(lambda hospital: late.compare_next(hospital.pk))


@shared_task
def compare_all() -> None:
    """Have every closed month of the last two years compared: what was taken away leaves no mark, and returns leave none."""
    since = timezone.localdate() - timedelta(days=REACH)
    for_each_hospital(lambda hospital: late.measured_again(hospital.pk, since, timezone.localdate()))


@shared_task
def watch_answers() -> None:
    """Silence that counts as accepted, appeals and actions that are overdue."""
    for_each_hospital(lambda hospital: escalation.watch(hospital, timezone.localdate()))
