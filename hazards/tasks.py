"""Ticks of the register of hazards."""

from celery import shared_task
from django.utils import timezone

from hazards import escalation
from tenancy.models import Hospital
from tenancy.tasks import for_each_hospital

MOST_BATCHES = 25  # per tick; what is left over waits for the next one


@shared_task
def watch_deadlines() -> None:
    """Tell the levels of overdue hazards; one scope and transaction per hospital and batch."""
    for _batch in range(MOST_BATCHES):
        left_over = False

        def watch(hospital: Hospital) -> None:
            nonlocal left_over
            left_over |= escalation.watch(hospital, timezone.localdate()) == escalation.BATCH

        for_each_hospital(watch)
        if not left_over:
            return
