"""Jobs a person may see."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from exchange.importers import Importer, importers
from exchange.models import Job, Mapping
from tenancy.access import hospitals_with, permissions_of, where


def offered(user: Any) -> list[Importer]:
    """What this person may bring in somewhere."""
    held = permissions_of(user)
    return [importer for importer in importers().values() if importer.permission in held]


def jobs(user: Any, importer: Importer) -> QuerySet[Job]:
    """The person's own files, and all of them for who may bring this in at the whole hospital."""
    own = Q(asked_by=user.pk, hospital_id__in=hospitals_with(user, importer.permission))
    seen = Job.objects.filter(own | where(user, importer.permission, Job), kind=importer.key)
    return seen.select_related("hospital").defer("content").order_by("-id")


def mappings(user: Any, importer: Importer, hospital_id: int) -> QuerySet[Mapping]:
    """Assignments kept by name at this hospital."""
    if hospital_id not in hospitals_with(user, importer.permission):
        return Mapping.objects.none()
    return Mapping.objects.filter(hospital_id=hospital_id, kind=importer.key).order_by("name")
