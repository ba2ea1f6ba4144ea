"""What an hour of work costs a hospital."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenancy.access import Paths
from tenancy.models import Contractor, Team, TenantModel


class LabourRate(TenantModel):
    """Yuan per hour from a day on: of one team, of a firm's people, of a department, or of the whole hospital.

    A later row for the same people takes over on its day; work that is done keeps the price it was reckoned with.
    """

    department = models.CharField(_("department"), max_length=20, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False)
    contractor = models.ForeignKey(Contractor, models.PROTECT, null=True, blank=True, related_name="+")
    price = models.DecimalField(_("yuan per hour"), max_digits=8, decimal_places=2)
    valid_from = models.DateField(_("from"))
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reach = Paths(department="department", team="team_id", contractor="contractor_id")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "department", "team", "contractor", "valid_from"],
                name="labour_rate_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(name="labour_rate_price", condition=Q(price__gte=0)),
            models.CheckConstraint(
                name="labour_rate_of_one", condition=Q(team__isnull=True) | Q(contractor__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.price} {self.valid_from}"
