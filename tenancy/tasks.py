"""Background work inside the walls: every task says for which hospital it runs."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

from celery import Task

from tenancy.models import Hospital
from tenancy.scope import scope

log = logging.getLogger(__name__)
PATIENCE = 50  # seconds; what is left waits for the next tick
MOST_BATCHES = 25  # per tick; what is left over waits for the next one


class HospitalTask(Task):  # type: ignore[type-arg]
    """Base of a task of one hospital: `@shared_task(base=HospitalTask)`, called with `hospital_id=`; runs in its scope."""

    def __call__(self, *args: Any, hospital_id: int, **kwargs: Any) -> Any:
        with scope([hospital_id]):
            return super().__call__(*args, hospital_id=hospital_id, **kwargs)


def for_each_hospital(work: Callable[[Hospital], object]) -> None:
    """Run `work` for every open hospital, each in a scope and transaction of its own.

    One that fails does not keep the others from their turn; afterwards the first error is raised.
    """
    first: Exception | None = None
    for hospital in Hospital.objects.filter(is_open=True):
        try:
            with scope([hospital.pk]):
                work(hospital)
        except Exception as error:
            log.exception("%s failed at %s", getattr(work, "__name__", work), hospital.code)
            first = first or error
    if first is not None:
        raise first


def in_turns(work: Callable[[Hospital], bool]) -> None:
    """Each open hospital in turns until `work` says that nothing is left, as long as there is time. One that fails is told at
    the end and holds up no other; `work` sees to scope and transaction."""
    hospitals = list(Hospital.objects.filter(is_open=True).order_by("pk"))
    begun, failed = time.monotonic(), None
    while hospitals and time.monotonic() - begun < PATIENCE:
        for hospital in list(hospitals):
            try:
                more = work(hospital)
            except Exception as error:
                failed, more = error, False
            if not more:
                hospitals.remove(hospital)
    if failed is not None:
        raise failed


def in_batches(work: Callable[[Hospital], int], batch: int) -> None:
    """Every open hospital, again and again while one of them had a full batch; `work` says how many rows it took. One scope
    and transaction per hospital and batch."""
    for _again in range(MOST_BATCHES):
        left_over = False

        def take(hospital: Hospital) -> None:
            nonlocal left_over
            left_over |= work(hospital) == batch

        for_each_hospital(take)
        if not left_over:
            return
