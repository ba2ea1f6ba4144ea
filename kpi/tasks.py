"""Ticks of the figures: dirty days each minute; all of the last two years once a night."""

from __future__ import annotations

import time
from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from kpi.measure import mark_days, measure_next
from tenancy.models import Hospital
from tenancy.scope import scope

PATIENCE = 50  # seconds; what is left waits for the next tick
REACH = 760  # days: this month and the same of two years ago


def _measure(hospitals: list[int]) -> None:
    """Each hospital in turns, as long as there is time; one that fails is told at the end and holds up no other."""
    begun, failed = time.monotonic(), None
    while hospitals and time.monotonic() - begun < PATIENCE:
        for hospital in list(hospitals):
            try:
                more = measure_next(hospital)
            except Exception as error:
                failed, more = error, False
            if not more:
                hospitals.remove(hospital)
    if failed is not None:
        raise failed


@shared_task
def measure_dirty_days() -> None:
    """Measure what has changed; each hospital and month in a transaction of its own, in turns."""
    _measure(list(Hospital.objects.filter(is_open=True).values_list("pk", flat=True)))


@shared_task
def measure_everything() -> None:
    """Have every day of the last two years measured anew. The marks are rows: a worker that dies loses nothing."""
    today = timezone.localdate()
    hospitals = list(Hospital.objects.filter(is_open=True).values_list("pk", flat=True))
    for hospital in hospitals:
        with scope([hospital]):
            mark_days(hospital, today - timedelta(days=REACH), today)
    _measure(hospitals)
