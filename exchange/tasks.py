"""Jobs are rows; a message is only a hint, and the tick takes what no hint reached."""

import time

from celery import shared_task
from django.utils import timezone

from exchange import domain, exports
from tenancy.models import Hospital
from tenancy.scope import scope

ENOUGH = 60  # seconds after which a tick leaves the rest to the next one


@shared_task
def run_job(hospital_id: int, job_id: int) -> None:
    """The hint: this job was just asked for."""
    domain.run(hospital_id, job_id)


@shared_task
def run_waiting_jobs() -> None:
    """The tick: what waits, and what a killed worker left behind."""
    started = time.monotonic()
    with scope(Hospital.objects.filter(is_open=True).values_list("pk", flat=True)):
        jobs = domain.waiting(timezone.now())
    for hospital_id, job_id in jobs:
        if time.monotonic() - started > ENOUGH:
            return
        domain.run(hospital_id, job_id)


@shared_task
def run_export(hospital_ids: list[int], export_id: int) -> None:
    """The hint: this workbook was just asked for, or has more parts to come."""
    exports.run(hospital_ids, export_id)


@shared_task
def run_waiting_exports() -> None:
    """The tick: the first one that waits, or that a killed worker left behind. What it leaves hints at itself."""
    with scope(Hospital.objects.values_list("pk", flat=True)):
        found = exports.waiting(timezone.now())
    for hospital_ids, export_id in found[:1]:
        exports.run(hospital_ids, export_id)


@shared_task
def clear_exports() -> None:
    """Files nobody fetched in time."""
    exports.clear(timezone.now())
