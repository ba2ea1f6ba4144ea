"""From the outbox to the receiver: claim, send, record. While a receiver keeps us waiting no transaction is open."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import time

from django.utils import translation

from notices import claiming, outbox, robots
from notices.channels import Failure, Parcel
from notices.mail import Mailbox

log = logging.getLogger(__name__)
ENOUGH = 45  # seconds after which the rest is left to the next one


def deliver(hospital_id: int, until: float | None = None) -> int:
    """Send what a hospital's outbox has due. Answers how many messages arrived. Call it outside any transaction."""
    until = until or time.monotonic() + ENOUGH
    worker, box, arrived = f"{socket.gethostname()[:30]}:{os.getpid()}:{secrets.token_hex(4)}", Mailbox(), 0
    outbox.hint_taken(hospital_id)
    try:
        while time.monotonic() < until and (parcels := claiming.claim(hospital_id, worker)):
            arrived += _send_all(parcels, box, until)
    finally:
        box.close()
    return arrived


def _send_all(parcels: list[Parcel], box: Mailbox, until: float) -> int:
    away: set[int | None] = set()  # robots, or the mail server, that could not be reached just now
    arrived = 0
    for parcel in parcels:
        channel = parcel.robot.pk if parcel.robot else None
        if channel in away or time.monotonic() > until:
            claiming.release(parcel)
            continue
        failure = _send(parcel, box)
        claiming.record(parcel, failure)
        if failure is None:
            arrived += 1
        elif failure.rest:
            away.add(channel)
    return arrived


def _send(parcel: Parcel, box: Mailbox) -> Failure | None:
    try:
        with translation.override(parcel.language):
            if parcel.robot:
                robots.send(parcel)
            else:
                box.send(parcel)
    except Failure as failure:
        return failure
    except Exception as error:
        log.exception("delivery %s", parcel.message_id)
        return Failure(f"{type(error).__name__}: {error}")
    return None
