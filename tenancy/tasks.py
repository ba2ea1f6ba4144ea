"""Background work inside the walls: every task says for which hospital it runs."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from celery import Task

from tenancy.models import Hospital
from tenancy.scope import scope

log = logging.getLogger(__name__)


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
