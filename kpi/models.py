"""Figures as measured, their targets, and which days are to be measured anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenancy.access import Paths
from tenancy.models import ConsortiumModel, Hospital, TenantModel


class DirtyDay(TenantModel):
    """A record has changed that counts on the day of this moment; that day's figures are to be measured anew.

    Rows are only added and taken away, and the same day may stand here often: so two people who work at the same time
    never wait for each other. Written by the database itself (`kpi.marks`), whoever changes a record.
    """

    moment = models.DateTimeField()
    marked_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["hospital", "moment"], name="dirtyday_hospital_moment")]

    def __str__(self) -> str:
        return f"{self.moment:%F %H:%M}"


def _only(kind: str) -> models.GeneratedField:
    return models.GeneratedField(
        expression=Case(When(kind=kind, then=F("ref"))), output_field=models.BigIntegerField(), db_persist=True
    )


class Measurement(TenantModel):
    """One figure of one day and department: as a whole (kind empty), or of one place, unit, team, service, firm, person.

    Who may see only a team's figures sees the rows of that team: the generated columns carry the narrowing.
    """

    kpi = models.CharField(max_length=60)
    day = models.DateField()
    department = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, blank=True)
    ref = models.BigIntegerField(default=0)
    path = models.TextField(blank=True, db_collation="C")  # of a place, as the tree stood when it was first measured
    numerator = models.DecimalField(max_digits=20, decimal_places=4)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    measured_at = models.DateTimeField()
    unit = _only("unit")
    team = _only("team")
    contractor = _only("contractor")
    reach = Paths(place="path", department="department", contractor="contractor", unit="unit", team="team")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "kpi", "kind", "ref", "day", "department"], name="measurement_once"
            )
        ]
        indexes = [models.Index(fields=["hospital", "kpi", "kind", "day"], name="measurement_days")]

    def __str__(self) -> str:
        return f"{self.kpi} {self.day} {self.kind} {self.ref}"


class MonthFigure(TenantModel):
    """A month of a figure, by department: the sum of its measured days. What dashboards read."""

    kpi = models.CharField(max_length=60)
    month = models.DateField()  # its first day
    department = models.CharField(max_length=20)
    numerator = models.DecimalField(max_digits=20, decimal_places=4)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    reach = Paths(department="department")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "kpi", "month", "department"], name="monthfigure_once")
        ]

    def __str__(self) -> str:
        return f"{self.kpi} {self.month:%Y-%m}"


class Target(ConsortiumModel):
    """What a figure should reach from a day on: for all hospitals of the consortium, or for one."""

    kpi = models.CharField(_("figure"), max_length=60)
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hospital")
    )
    target = models.DecimalField(_("target"), max_digits=12, decimal_places=2)
    floor = models.DecimalField(_("lowest acceptable value"), max_digits=12, decimal_places=2, null=True, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    decided = models.CharField(_("decided by"), max_length=200, blank=True)  # 2026-03-02, minutes no. 7
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    reach = Paths(hospital="hospital_id", consortium="consortium_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="target_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.UniqueConstraint(
                fields=["consortium", "kpi", "hospital", "valid_from"], nulls_distinct=False, name="target_once"
            ),
        ]
        indexes = [models.Index(fields=["consortium", "kpi", "valid_from"], name="target_kpi")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.target}"
