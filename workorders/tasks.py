"""Ticks of the work-order engine."""

from celery import shared_task
from django.utils import timezone

from tenancy.models import Hospital
from tenancy.tasks import for_each_hospital
from workorders import calendars, domain, escalation

MOST_BATCHES = 25  # per tick; what is left over waits for the next one


@shared_task
def close_overdue_signatures() -> None:
    """Remind of unsigned work, then close it as not signed; one scope per hospital."""
    for_each_hospital(lambda hospital: domain.close_what_nobody_signed(hospital, timezone.now()))


@shared_task
def watch_limits() -> None:
    """Remind before a limit, escalate after it; one scope and transaction per hospital and batch of orders."""
    for _batch in range(MOST_BATCHES):
        left_over = False

        def watch(hospital: Hospital) -> None:
            nonlocal left_over
            left_over |= escalation.watch(hospital, timezone.now()) == escalation.BATCH

        for_each_hospital(watch)
        if not left_over:
            return


@shared_task
def seed_calendars() -> None:
    """Enter the public holidays of this year and the next where they are missing."""
    for_each_hospital(lambda hospital: calendars.seed(hospital, timezone.localdate()))
