"""A file on its way into the platform, and how the columns of another system were assigned."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.lists import Export, ExportPart, SavedView
from exchange.states import CHECK, NEW, STATES, WRITE
from flow.states import choices
from tenancy.access import Paths
from tenancy.models import TenantModel

__all__ = ["Export", "ExportPart", "Job", "Mapping", "SavedView"]


class Job(TenantModel):
    """One file that somebody handed in for one hospital: first a dry run, then, when it is right, the writing.

    The file itself lies in the row: it holds a hospital's people and places and stays behind the same wall as they do.
    """

    kind = models.CharField(max_length=40)  # the importer's key
    step = models.CharField(max_length=5, choices=[(CHECK, _("Dry run")), (WRITE, _("Bringing in"))], default=CHECK)
    state = models.CharField(_("state"), max_length=8, choices=choices(STATES), default=NEW)
    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    content = models.BinaryField()
    lines = models.PositiveIntegerField(_("lines"), default=0)
    params = models.JSONField(default=dict)  # {"columns": {key: title}, "options": {…}, "skip": bool}
    progress = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)  # faults (capped), bad lines, counts, summary
    error = models.CharField(max_length=500, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    asked_by_name = models.CharField(_("by"), max_length=60)
    asked_at = models.DateTimeField(_("handed in"))
    beat_at = models.DateTimeField(null=True)  # the last sign of life of who runs it
    ended_at = models.DateTimeField(null=True)
    written_at = models.DateTimeField(_("brought in"), null=True)
    reach = Paths(own=("asked_by_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "kind", "sha256"], condition=Q(written_at__isnull=False), name="job_file_once"
            )
        ]
        indexes = [
            models.Index(fields=["hospital", "kind", "-id"], name="job_hospital_kind"),
            models.Index(fields=["state", "id"], name="job_unfinished", condition=Q(state__in=("queued", "running"))),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def faults(self) -> list[dict[str, Any]]:
        return list(self.result.get("faults", []))


class Mapping(TenantModel):
    """How the columns of another system are assigned, kept by name for the next file of the same kind."""

    kind = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=60)
    columns = models.JSONField(default=dict)  # {"columns": {key: title}, "options": {…}}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "kind", "name"], name="mapping_name")]

    def __str__(self) -> str:
        return self.name
