"""The Celery application; what beat starts is listed in settings, in code."""

import os
from contextlib import ExitStack

from celery import Celery
from celery.signals import task_postrun, task_prerun, worker_init, worker_ready

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


_running: dict[str, ExitStack] = {}  # by task; a worker's process runs one at a time, a test may run one inside another


@task_prerun.connect
def say_from_where(task_id: str, **_: object) -> None:
    """What a job writes down came from the platform itself."""
    from flow.origin import TASK, coming

    stack = _running[task_id] = ExitStack()
    stack.enter_context(coming(TASK))


@task_postrun.connect
def forget_from_where(task_id: str, **_: object) -> None:
    if stack := _running.pop(task_id, None):
        stack.close()
