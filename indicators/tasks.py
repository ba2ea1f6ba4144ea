"""Ticks of the indicators: formulas are written down where they have changed, returns are made due, reminders sent."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from indicators import reminding, requests
from indicators.arranging import keep_formulas
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope
from tenancy.tasks import for_each_hospital, in_batches


@shared_task
def keep_all_formulas() -> None:
    """A new release may count a figure differently: from when on stands beside it the next morning."""
    for consortium in Consortium.objects.all():
        members = list(Hospital.objects.filter(consortium=consortium, is_open=True).values_list("pk", flat=True))
        if members:
            with scope(members):
                keep_formulas(consortium.pk)


@shared_task
def make_returns_due() -> None:
    """A row for every hospital, request and period that is over; one scope and transaction per hospital."""
    for_each_hospital(lambda hospital: requests.make_due([hospital], timezone.localdate()))


@shared_task
def watch_returns() -> None:
    """Remind and escalate; one scope and transaction per hospital and batch."""
    in_batches(lambda hospital: reminding.watch(hospital, timezone.localdate()), reminding.BATCH)
