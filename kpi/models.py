"""Figures as measured, their targets, and which days are to be measured anew."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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
    Parts older than the month before the running one are kept by month, `day` being its first (`kpi.passes`). Even so there
    are many rows of each order, so one index serves everything, and no other stands beside it.
    """

    pk = models.CompositePrimaryKey("hospital_id", "kpi", "kind", "day", "ref", "department")
    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    kpi = models.CharField(max_length=60)
    day = models.DateField()
    department = models.CharField(max_length=20)
    kind = models.CharField(max_length=12, blank=True)
    ref = models.BigIntegerField(default=0)
    path = models.TextField(blank=True, db_collation="C")  # of a place, as the tree stood when it was first measured
    numerator = models.DecimalField(max_digits=20, decimal_places=4)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    measured_at = models.DateTimeField()  # when it became what it is
    unit = _only("unit")
    team = _only("team")
    contractor = _only("contractor")
    reach = Paths(place="path", department="department", contractor="contractor", unit="unit", team="team")

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


class PeerMember(TenantModel):
    """The group of like hospitals a hospital is compared within: large teaching hospitals, community centres."""

    group = models.CharField(_("peer group"), max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital"], name="peer_member_once")]

    def __str__(self) -> str:
        return self.group


class Reckoned(TenantModel):
    """A figure whose past has been measured at this hospital, or is marked to be: one that is newly declared is not here."""

    kpi = models.CharField(max_length=60)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "kpi"], name="reckoned_once")]

    def __str__(self) -> str:
        return self.kpi


class Target(ConsortiumModel):
    """What an indicator should reach from a day on: for one hospital, a group of like hospitals, or the consortium.

    The narrowest one holds. Which way is stricter follows from the indicator: floor, target and stretch rise where more is
    better, and fall where less is.
    """

    kpi = models.CharField(_("figure"), max_length=60)
    hospital = models.ForeignKey(
        Hospital, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hospital")
    )
    group = models.CharField(_("peer group"), max_length=80, blank=True)
    target = models.DecimalField(_("target"), max_digits=16, decimal_places=4)
    floor = models.DecimalField(_("lowest acceptable value"), max_digits=16, decimal_places=4, null=True, blank=True)
    stretch = models.DecimalField(_("stretch"), max_digits=16, decimal_places=4, null=True, blank=True)
    valid_from = models.DateField(_("from"))
    valid_to = models.DateField(_("until"), null=True, blank=True)
    decided = models.CharField(_("decided by"), max_length=200, blank=True)  # the assessment committee
    decided_on = models.DateField(_("decided on"), null=True, blank=True)
    minutes = models.CharField(pgettext_lazy("of a meeting", "Minutes"), max_length=80, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    reach = Paths(hospital="hospital_id", consortium="consortium_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="target_order", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="target_for_one_or_a_group", condition=Q(hospital=None) | Q(group="")),
            models.UniqueConstraint(
                fields=["consortium", "kpi", "hospital", "group", "valid_from"],
                nulls_distinct=False,
                name="target_once",
            ),
        ]
        indexes = [models.Index(fields=["consortium", "kpi", "valid_from"], name="target_kpi")]

    def __str__(self) -> str:
        return f"{self.kpi}: {self.target}"

    @property
    def rank(self) -> int:
        """How narrow it is: the consortium's 0, a group's 1, a hospital's own 2."""
        return 2 if self.hospital_id else 1 if self.group else 0
