"""Ticks: how indicators stand, and the monthly reports."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from reporting import domain, standing
from tenancy.models import Consortium
from tenancy.tasks import for_each_hospital


@shared_task
def reckon_standings() -> None:
    """Write down anew how the indicators stand of every hospital whose figures have moved."""
    for_each_hospital(standing.refresh)


@shared_task
def send_reports() -> None:
    """Open the reports of the last month, and send those that are due."""
    for consortium in Consortium.objects.order_by("pk"):
        domain.send_due(consortium, timezone.now())
