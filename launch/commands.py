"""The processes of the site; compose.yaml and docs/deploy.md start the same ones."""

WEB = ["gunicorn", "logistics.wsgi", "--config", "logistics/gunicorn_conf.py"]
CELERY = ["celery", "--quiet", "--app", "logistics"]
WORKER = [*CELERY, "worker", "--loglevel", "WARNING", "-c", "2", "--without-mingle", "--without-gossip"]
BEAT = [*CELERY, "beat", "--loglevel", "WARNING", "--pidfile="]


def web(address: str) -> list[str]:
    return [*WEB, "--bind", address]


def worker() -> list[str]:
    return list(WORKER)


def beat(schedule: str) -> list[str]:
    """`schedule` is the file in which beat remembers what ran last."""
    return [*BEAT, "--schedule", schedule]
