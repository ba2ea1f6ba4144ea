"""The project: wires everything, decides nothing, has no models."""

from logistics.celery import app as celery_app

__all__ = ["celery_app"]
