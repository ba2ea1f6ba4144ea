"""What the consortium's members read: published figures, without the ids of anybody's records."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assessment.figure_models import amount, person
from assessment.states import ANSWERS, NEW
from flow.states import choices
from tenancy.models import ConsortiumModel, Hospital, TenantModel


class Publication(ConsortiumModel):
    """The office has published a month: so many figures, with what it says to them."""

    month = models.DateField()
    figures = models.PositiveIntegerField()
    hospitals = models.PositiveSmallIntegerField()
    note = models.CharField(_("what the office says to it"), max_length=500, blank=True)
    answer_by = models.DateField()  # that day included
    published_at = models.DateTimeField(default=timezone.now)
    by = person()
    by_name = models.CharField(max_length=60)
    append_only = True

    class Meta:
        indexes = [models.Index(fields=["consortium", "-month", "-id"], name="publication_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PublishedFigure(ConsortiumModel):
    """A frozen figure as all members read it. Restated: a further row; the one before stays and is shown beside it."""

    COPIED = (  # from the frozen figure, as they stand there
        "hospital_id", "key", "label", "month", "first", "last", "revision", "unit", "good", "factor", "needs", "numerator",
        "denominator", "value", "small", "target", "floor", "stretch", "version", "excluded", "cause", "digest",
    )  # fmt: skip

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    label = models.CharField(_("indicator"), max_length=120)
    month = models.DateField()
    first = models.DateField()
    last = models.DateField()
    revision = models.PositiveSmallIntegerField()
    unit = models.CharField(max_length=30, blank=True)
    good = models.CharField(max_length=5)
    factor = models.DecimalField(max_digits=16, decimal_places=4)
    needs = models.CharField(max_length=60, blank=True)
    group = models.CharField(_("peer group"), max_length=80, blank=True)  # of the hospital when it was published
    numerator = amount()
    denominator = amount()
    value = amount(places=10)
    small = models.BooleanField(default=False)
    target = amount()
    floor = amount()
    stretch = amount()
    tone = models.CharField(max_length=6, blank=True)  # against target and floor: green, amber, red
    version = models.CharField(max_length=12)
    excluded = models.PositiveIntegerField(default=0)
    cause = models.CharField(max_length=8)
    frozen_id = models.BigIntegerField()  # opens the figure for who may read its records
    digest = models.CharField(max_length=64)  # of the frozen figure
    published_at = models.DateTimeField(default=timezone.now)
    published_name = models.CharField(max_length=60)
    append_only = True

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "key", "month", "revision"], name="published_once"),
            models.UniqueConstraint(fields=["consortium", "frozen_id"], name="published_frozen_once"),
        ]
        indexes = [models.Index(fields=["consortium", "month", "key"], name="published_month")]

    def __str__(self) -> str:
        return f"{self.label} {self.month:%Y-%m}"


class Reply(TenantModel):
    """What a hospital says to its published figures of a month. Silence until the deadline counts as accepted."""

    month = models.DateField()
    due_on = models.DateField()  # that day included
    state = models.CharField(_("state"), max_length=8, choices=choices(ANSWERS), default=NEW)
    seen_at = models.DateTimeField(null=True)
    seen_by = person()
    answered_at = models.DateTimeField(null=True)
    answered_by = person()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="reply_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "month"], name="reply_once"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"
