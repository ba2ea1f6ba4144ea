"""Ticks of the register of hazards."""

from celery import shared_task
from django.utils import timezone

from hazards import escalation
from tenancy.tasks import in_batches


@shared_task
def watch_deadlines() -> None:
    """Tell the levels of overdue hazards; one scope and transaction per hospital and batch."""
    in_batches(lambda hospital: escalation.watch(hospital, timezone.localdate()), escalation.BATCH)
