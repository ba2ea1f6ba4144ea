"""Appeals against published figures, and records that do not count."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.figure_models import FrozenFigure, person
from assessment.states import APPEALS, ASKED, EXCLUSIONS, FILED, REASONS
from flow.states import State, choices
from tenancy.access import Paths
from tenancy.models import Hospital, TenantModel


def by_another(filed: str) -> Q:
    """Nobody decides what they asked for themselves."""
    return Q(decided_by__isnull=True) | Q(**{f"{filed}__isnull": True}) | ~Q(decided_by=F(filed))


class Appeal(TenantModel):
    """A hospital says that a published figure is wrong, and why; the level above decides, with a reason."""

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    figure = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="appeals", db_constraint=False)
    key = models.CharField(max_length=80)
    label = models.CharField(_("indicator"), max_length=120)
    month = models.DateField()
    reason = models.CharField(_("reason"), max_length=8, choices=choices(REASONS))
    text = models.CharField(_("in words"), max_length=1000)
    records = models.JSONField(default=list)  # [subject, id, what it is called] of those that should not count
    state = models.CharField(_("state"), max_length=10, choices=choices(APPEALS), default=FILED)
    filed_at = models.DateTimeField(default=timezone.now)
    filed_by = person()
    filed_name = models.CharField(max_length=60)
    decide_by = models.DateField(_("decide by"))  # that day included
    level = models.PositiveSmallIntegerField(default=0)
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decision = models.CharField(_("reason of the decision"), max_length=1000, blank=True)
    restated = models.ForeignKey(
        FrozenFigure, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    reach = Paths(own=("filed_by_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="appeal_hospital_id"),
            models.UniqueConstraint(fields=["figure"], condition=Q(state=FILED), name="appeal_one_open"),
            models.CheckConstraint(name="appeal_decided_by_another", condition=by_another("filed_by")),
            models.CheckConstraint(
                name="appeal_decided",
                condition=Q(state__in=("upheld", "rejected"), decided_at__isnull=False)
                | Q(state__in=("filed", "withdrawn"), decided_at__isnull=True),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-filed_at", "-id"], name="appeal_hospital"),
            models.Index(fields=["-filed_at", "-id"], name="appeal_all"),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.month:%Y-%m}"

    @property
    def spoken(self) -> str:
        """Its name in the reader's language; a notice keeps the one it was written with."""
        from assessment.shown import label_of

        return f"{label_of(self.key, self.label)} {self.month:%Y-%m}"

    @property
    def status(self) -> State:
        return APPEALS[self.state]


class Exclusion(TenantModel):
    """One record that should not count for an indicator in a month, with a coded reason and who approved it."""

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    label = models.CharField(_("indicator"), max_length=120)
    month = models.DateField()
    subject = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("record"), max_length=160)
    reason = models.CharField(_("reason"), max_length=8, choices=choices(REASONS))
    text = models.CharField(_("in words"), max_length=500, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=choices(EXCLUSIONS), default=ASKED)
    asked_at = models.DateTimeField(default=timezone.now)
    asked_by = person()
    asked_name = models.CharField(max_length=60)
    decide_by = models.DateField(_("decide by"))  # that day included; while the month is still open
    level = models.PositiveSmallIntegerField(default=0)  # of those who hear that it waits
    decided_at = models.DateTimeField(null=True)
    decided_by = person()
    decided_name = models.CharField(max_length=60, blank=True)
    decision = models.CharField(_("reason of the decision"), max_length=500, blank=True)
    appeal = models.ForeignKey(Appeal, models.PROTECT, null=True, related_name="exclusions", db_constraint=False)
    reach = Paths(own=("asked_by_id",))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="exclusion_hospital_id"),
            models.UniqueConstraint(
                fields=["hospital", "key", "month", "subject", "subject_id"],
                condition=Q(state__in=("asked", "approved")),
                name="exclusion_once",
            ),
            models.CheckConstraint(name="exclusion_decided_by_another", condition=by_another("asked_by")),
        ]
        indexes = [
            models.Index(fields=["hospital", "-asked_at", "-id"], name="exclusion_hospital"),
            models.Index(fields=["-asked_at", "-id"], name="exclusion_all"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> State:
        return EXCLUSIONS[self.state]
