"""Ticks of the figures: what was marked each minute; the recent days and a look at the past once a night."""

from __future__ import annotations

import time

from celery import shared_task
from django.utils import timezone

from kpi import nightly
from kpi.measure import measure_next
from tenancy.models import Hospital
from tenancy.tasks import PATIENCE, in_turns


@shared_task
def measure_dirty_days() -> None:
    """Measure what has changed; each hospital and stretch of days in a transaction of its own, in turns."""
    in_turns(lambda hospital: measure_next(hospital.pk))


@shared_task
def measure_nightly() -> None:
    """Mark what is measured each night, measure it, and check one month of the past of each hospital."""
    begun, today = time.monotonic(), timezone.localdate()
    hospitals = list(Hospital.objects.filter(is_open=True).order_by("id").values_list("pk", flat=True))
    for hospital in hospitals:
        nightly.prepare(hospital, today)
    in_turns(lambda hospital: measure_next(hospital.pk))
    for hospital in hospitals:
        if time.monotonic() - begun < PATIENCE:  # a busy night leaves it to another one
            nightly.recheck(hospital, today)
