"""The Celery application; what beat starts is listed in settings, in code."""

import os

from celery import Celery
from celery.signals import worker_init, worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "logistics.settings")
app = Celery("logistics")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect
def check_role(**_: object) -> None:
    from logistics.startup import refuse_unsafe_role

    refuse_unsafe_role()


@worker_ready.connect
def report_alive(**_: object) -> None:
    """The first heartbeat does not wait for beat, so that a start is seen as ready at once."""
    from logistics.tasks import heartbeat

    heartbeat.delay()
