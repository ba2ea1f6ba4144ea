"""Ticks of the work-order engine."""

from celery import shared_task
from django.utils import timezone

from tenancy.models import Hospital
from tenancy.scope import scope
from workorders import domain


@shared_task
def close_overdue_signatures() -> None:
    """Remind of unsigned work, then close it as not signed; one scope per hospital."""
    for hospital in Hospital.objects.filter(is_open=True):
        with scope([hospital.pk]):
            domain.close_what_nobody_signed(hospital, timezone.now())
