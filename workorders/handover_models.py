"""The record of a shift handover: what stood open, what was remarked, who handed over to whom and when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.access import Paths
from tenancy.models import TenantModel


class Handover(TenantModel):
    """One handover of a department's shift, or of the whole hospital's. The outgoing person writes it, the incoming one
    confirms it; nothing else of it ever changes."""

    department = models.CharField(_("department"), max_length=20, blank=True)  # empty: all departments
    remarks = models.TextField(_("remarks"), max_length=2000, blank=True)
    orders = models.JSONField(default=dict)  # section → ids of the orders, as the outgoing person saw them
    on_duty = models.JSONField(default=list)  # lines of who was there: [moment, names]
    given_at = models.DateTimeField(_("handed over"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    given_name = models.CharField(max_length=60)
    taken_at = models.DateTimeField(_("taken over"), null=True)
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_name = models.CharField(max_length=60, blank=True)

    reach = Paths(department="department")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="handover_taken_by_another",
                condition=Q(taken_at__isnull=True, taken_by__isnull=True)
                | Q(taken_at__gte=models.F("given_at"), taken_by__isnull=False) & ~Q(taken_by=models.F("given_by")),
            )
        ]
        indexes = [
            models.Index(fields=["hospital", "-given_at", "-id"], name="handover_hospital"),
            models.Index(fields=["-given_at", "-id"], name="handover_all"),
        ]

    def __str__(self) -> str:
        return f"{self.given_name} → {self.taken_name or '…'}"
