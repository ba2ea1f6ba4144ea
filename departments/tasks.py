"""Ticks of what the departments share."""

from celery import shared_task
from django.utils import timezone

from departments import deadlines
from tenancy.tasks import for_each_hospital


@shared_task
def tell_deadlines() -> None:
    """Tell heads and managers what the law wants done soon; one scope per hospital."""
    for_each_hospital(lambda hospital: deadlines.tell(hospital, timezone.localdate()))
