"""The outbox is emptied by hints, and by a tick that takes what no hint reached."""

import time

from celery import shared_task

from notices import claiming, sending


@shared_task
def deliver_now(hospital_id: int) -> None:
    """The hint: something was just written at this hospital."""
    sending.deliver(hospital_id)


@shared_task
def deliver_waiting() -> None:
    """The tick: what is due everywhere, what quiet hours and digests put off, what a killed worker left behind."""
    until = time.monotonic() + sending.ENOUGH
    for hospital_id in claiming.hospitals_due():
        if time.monotonic() > until:
            return
        sending.deliver(hospital_id, until)
