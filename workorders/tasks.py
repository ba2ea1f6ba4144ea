"""Ticks of the work-order engine."""

from celery import shared_task
from django.utils import timezone

from tenancy.tasks import for_each_hospital, in_batches
from workorders import calendars, domain, escalation


@shared_task
def close_overdue_signatures() -> None:
    """Remind of unsigned work, then close it as not signed; one scope per hospital."""
    for_each_hospital(lambda hospital: domain.close_what_nobody_signed(hospital, timezone.now()))


@shared_task
def watch_limits() -> None:
    """Remind before a limit, escalate after it; one scope and transaction per hospital and batch of orders."""
    in_batches(lambda hospital: escalation.watch(hospital, timezone.now()), escalation.BATCH)


@shared_task
def seed_calendars() -> None:
    """Enter the public holidays of this year and the next where they are missing."""
    for_each_hospital(lambda hospital: calendars.seed(hospital, timezone.localdate()))
