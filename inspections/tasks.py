"""Rounds are made by a tick, and by a hint after a plan was changed."""

from celery import shared_task
from django.utils import timezone

from inspections import generation, missed
from tenancy.models import Hospital
from tenancy.tasks import in_batches


@shared_task
def generate_all() -> None:
    """The tick: one task for each open hospital, so that many workers share them and one that fails keeps nobody waiting."""
    for hospital_id in Hospital.objects.filter(is_open=True).order_by("pk").values_list("pk", flat=True):
        generation.hint(hospital_id)


@shared_task
def generate_at(hospital_id: int) -> None:
    """What one hospital's plans lack, for as long as a task may take; another goes on where this one stopped."""
    if not generation.generate(hospital_id, timezone.now()):
        generation.hint(hospital_id)


@shared_task
def watch_missed() -> None:
    """Tell the levels of missed rounds; one scope and transaction per hospital and batch."""
    in_batches(lambda hospital: missed.watch(hospital, timezone.now()), missed.BATCH)
