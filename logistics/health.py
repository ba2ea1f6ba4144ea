"""What a load balancer or a monitor asks: is the process alive, and can it do its work?"""

import time
from collections.abc import Callable

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from redis import Redis

from logistics.tasks import HEARTBEAT
from tenancy.checks import role_problems

OLDEST_HEARTBEAT = 90  # seconds


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("select 1")
    return ""


def role() -> str:
    return "; ".join(role_problems())


def broker() -> str:
    with Redis.from_url(settings.CELERY_BROKER_URL, socket_timeout=2, socket_connect_timeout=2) as client:
        client.ping()
    return ""


def worker() -> str:
    last = cache.get(HEARTBEAT)
    if last is None:
        return "no worker has answered yet"
    age = time.time() - last
    return f"no worker has answered for {age:.0f} s" if age > OLDEST_HEARTBEAT else ""


PARTS: dict[str, Callable[[], str]] = {"database": database, "role": role, "broker": broker, "worker": worker}


def problem(check: Callable[[], str]) -> str:
    try:
        return check()
    except Exception as error:  # whatever breaks, the answer names the part; hosts and users stay inside
        return type(error).__name__


@never_cache
@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    return JsonResponse({"status": "ok"})


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    parts = {name: problem(check) or "ok" for name, check in PARTS.items()}
    ready = all(answer == "ok" for answer in parts.values())
    return JsonResponse({"status": "ok" if ready else "failed", **parts}, status=200 if ready else 503)
