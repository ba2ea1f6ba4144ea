"""The sign of life of the workers: beat asks for it every 20 s, `/readyz` looks how old the last one is."""

import time

from celery import shared_task
from django.core.cache import cache

HEARTBEAT = "worker-heartbeat"


@shared_task(name="logistics.tasks.heartbeat")
def heartbeat() -> None:
    cache.set(HEARTBEAT, time.time(), timeout=3600)
