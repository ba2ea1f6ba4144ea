"""Ticks of the indicators: how each of them is reckoned is written down where it has changed."""

from __future__ import annotations

from celery import shared_task

from indicators.arranging import keep_formulas
from tenancy.models import Consortium, Hospital
from tenancy.scope import scope


@shared_task
def keep_all_formulas() -> None:
    """A new release may count a figure differently: from when on stands beside it the next morning."""
    for consortium in Consortium.objects.all():
        members = list(Hospital.objects.filter(consortium=consortium, is_open=True).values_list("pk", flat=True))
        if members:
            with scope(members):
                keep_formulas(consortium.pk)
