"""gunicorn's settings: two processes of four threads, the application loaded once before they fork."""

import gc
import os

worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
preload_app = True
control_socket_disable = True
timeout = 60
graceful_timeout = 15
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "127.0.0.1")


def on_starting(server):
    """The application is loaded: it must not serve as a role that the walls do not hold."""
    from logistics.startup import refuse_unsafe_role

    refuse_unsafe_role()


def pre_fork(server, worker):
    """A connection shared by two processes would mix up their answers."""
    from logistics.startup import leave_connections

    leave_connections()


def post_worker_init(worker):
    """What was loaded stays: searching it for garbage again and again made one request in twenty four times slower."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
