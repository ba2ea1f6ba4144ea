"""Ticks of the figures: what was marked each minute; the recent days and a look at the past once a night."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from kpi import nightly
from kpi.measure import measure_next
from tenancy.models import Hospital

PATIENCE = 50  # seconds; what is left waits for the next tick


def _open() -> list[int]:
    return list(Hospital.objects.filter(is_open=True).order_by("id").values_list("pk", flat=True))


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
    """Measure what has changed; each hospital and stretch of days in a transaction of its own, in turns."""
    _measure(_open())


@shared_task
def measure_nightly() -> None:
    """Mark what is measured each night, measure it, and check one month of the past of each hospital."""
    begun, today, hospitals = time.monotonic(), timezone.localdate(), _open()
    for hospital in hospitals:
        nightly.prepare(hospital, today)
    _measure(list(hospitals))
    for hospital in hospitals:
        if time.monotonic() - begun < PATIENCE:  # a busy night leaves it to another one
            nightly.recheck(hospital, today)
