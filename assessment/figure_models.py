"""Closed months and their frozen figures: written once, chained, never altered."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment.states import CAUSES, CLOSING
from flow.states import choices
from tenancy.access import Paths
from tenancy.models import ConsortiumModel, TenantModel


def person() -> Any:
    """Who did it, if it was a person."""
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)


def amount(*, null: bool = True, places: int = 4) -> Any:
    return models.DecimalField(max_digits=24 if places == 4 else 34, decimal_places=places, null=null)


class Rules(ConsortiumModel):
    """The deadlines of a consortium's loop; without a row the defaults hold."""

    close_day = models.PositiveSmallIntegerField(_("a month closes on this day of the next"), default=5)
    close_hour = models.PositiveSmallIntegerField(_("at this hour"), default=2)
    answer_days = models.PositiveSmallIntegerField(_("days to accept or appeal"), default=7)
    decide_days = models.PositiveSmallIntegerField(_("days to decide an appeal"), default=10)
    comment_days = models.PositiveSmallIntegerField(_("days to comment on amber, to plan against red"), default=5)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium"], name="assessment_rules_once"),
            models.CheckConstraint(
                name="assessment_rules_day",
                condition=Q(close_day__gte=1, close_day__lte=28, close_hour__lte=23, answer_days__gte=1)
                & Q(decide_days__gte=1, comment_days__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.close_day}. {self.close_hour}:00"


class MonthClose(TenantModel):
    """A hospital's month is closed: so many figures were frozen, the last of them with this digest. Once."""

    month = models.DateField()
    figures = models.PositiveSmallIntegerField()
    head = models.CharField(max_length=64)  # digest of the last figure
    closed_at = models.DateTimeField(default=timezone.now)
    by = person()
    by_name = models.CharField(max_length=60)
    append_only = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "month"], name="month_close_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def who(self) -> str:
        """Who closed it; a month that closed by itself was closed by nobody."""
        return self.by_name if self.by_id else gettext("The platform")


class FrozenFigure(TenantModel):
    """One indicator of one hospital for a month, as it stood when it was frozen; revision 1 is of the closing.

    `digest` seals the whole row and the digest of the hospital's figure before it, so that whoever alters or removes one
    later, the owner of the tables included, breaks the chain (`assessment.chain`).
    """

    key = models.CharField(max_length=80)
    label = models.CharField(_("indicator"), max_length=120)  # in the platform's language; pages know it in each
    kind = models.CharField(max_length=10)
    month = models.DateField()  # the first day of the month that was closed
    first = models.DateField()
    last = models.DateField()
    revision = models.PositiveSmallIntegerField(default=1)
    unit = models.CharField(max_length=30, blank=True)
    good = models.CharField(max_length=5)
    factor = models.DecimalField(max_digits=16, decimal_places=4)
    needs = models.CharField(max_length=60, blank=True)  # a permission beside the one to see figures
    numerator = amount()
    denominator = amount()
    value = amount(places=10)
    minimum = models.PositiveSmallIntegerField(default=0)
    small = models.BooleanField(default=False)  # fewer records than the smallest sample
    target = amount()
    floor = amount()
    stretch = amount()
    version = models.CharField(max_length=12)
    definition = models.JSONField()  # in words, as it was when it was frozen
    inputs = models.JSONField()  # measure → its sum
    excluded = models.PositiveIntegerField(default=0)
    exclusions = models.JSONField(default=list)
    records = models.PositiveIntegerField(default=0)
    rows_sha256 = models.CharField(max_length=64)  # over the sha256 of all its rows
    cause = models.CharField(max_length=8, choices=choices(CAUSES), default=CLOSING)
    appeal_number = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    frozen_at = models.DateTimeField()
    frozen_by = person()
    frozen_name = models.CharField(max_length=60)
    previous = models.CharField(max_length=64, blank=True)
    digest = models.CharField(max_length=64)
    seal = models.CharField(max_length=64)  # of the digest, with the platform's secret
    append_only = True
    reach = Paths()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="frozen_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "key", "month", "revision"], name="frozen_once"),
        ]
        indexes = [models.Index(fields=["hospital", "month", "key"], name="frozen_month")]

    def __str__(self) -> str:
        return f"{self.label} {self.month:%Y-%m}"

    @property
    def frozen_who(self) -> str:
        return self.frozen_name if self.frozen_by_id else gettext("The platform")


class KeptRows(TenantModel):
    """The records behind one measure of a frozen figure: their ids, and what each of them counted."""

    hospital = models.ForeignKey("tenancy.Hospital", models.PROTECT, related_name="+", db_index=False)
    part = models.CharField(max_length=12)
    measure = models.CharField(max_length=100)
    subject = models.CharField(max_length=60)  # "workorders.workorder"
    ids = ArrayField(models.BigIntegerField())
    amounts = ArrayField(models.DecimalField(max_digits=20, decimal_places=4), null=True)  # null: 1 each
    sha256 = models.CharField(max_length=64)
    append_only = True

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.measure}: {len(self.ids)}"


class FrozenRows(KeptRows):
    """As they were counted when the figure was frozen."""

    figure = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="rows", db_constraint=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "figure", "part", "measure"], name="frozen_rows_once")
        ]


class RowsAnew(KeptRows):
    """As a later definition counts them, from the first look after it had changed: since then they are compared with these."""

    figure = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="+", db_constraint=False)
    version = models.CharField(max_length=12)  # of the definition

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "figure", "version", "part", "measure"], name="rows_anew_once")
        ]


class LateChange(TenantModel):
    """Records behind a frozen figure are not what they were: which, from what to what. The frozen value stays."""

    figure = models.ForeignKey(FrozenFigure, models.PROTECT, related_name="late", db_constraint=False)
    found_at = models.DateTimeField(default=timezone.now)
    sha256 = models.CharField(max_length=64)  # of the rows as they were found now
    count = models.PositiveIntegerField()  # records that differ from the frozen ones; 0: as frozen again
    records = models.JSONField()
    numerator = amount()
    denominator = amount()
    value = amount(places=10)  # what the figure would be now
    version = models.CharField(max_length=12, blank=True)  # of the definition it was counted by; empty: the frozen one
    append_only = True

    def __str__(self) -> str:
        return f"{self.figure_id}: {self.count}"


class Recheck(TenantModel):
    """Days of a closed month were measured anew: its frozen figures are to be compared with the records."""

    month = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "month"], name="recheck_once")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
