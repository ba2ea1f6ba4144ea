"""Ticks of the rosters: each night the shifts that need a certificate are judged."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from people import domain
from tenancy.tasks import for_each_hospital


@shared_task
def judge_certificates() -> None:
    """Who worked yesterday, and on the days whose roster was put right since, and whether with a valid certificate."""
    today = timezone.localdate()
    for_each_hospital(lambda hospital: domain.judge_lately(hospital, today))
