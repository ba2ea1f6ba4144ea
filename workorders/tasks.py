"""Ticks of the work-order engine."""

from celery import shared_task
from django.utils import timezone

from tenancy.tasks import for_each_hospital
from workorders import domain


@shared_task
def close_overdue_signatures() -> None:
    """Remind of unsigned work, then close it as not signed; one scope per hospital."""
    for_each_hospital(lambda hospital: domain.close_what_nobody_signed(hospital, timezone.now()))
