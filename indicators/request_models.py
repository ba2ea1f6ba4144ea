"""What the office asks of the hospitals period by period, and how far each has come with its answer."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import State, choices
from indicators import spans
from indicators.request_states import (
    ACCEPTED,
    AUDIENCES,
    CLERK,
    DUE_STATES,
    EVERYBODY,
    GIVEN,
    GROUP,
    MONTH,
    OPEN,
    RHYTHMS,
    TO_FILL,
)
from tenancy.models import ConsortiumModel, TenantModel

DAY_OF_YEAR = RegexValidator(r"^(0[1-9]|1[0-2])-(0[1-9]|1\d|2[0-8])$", _("Write a day of the year like 04-01."))


class ReturnRequest(ConsortiumModel):
    """A set of quantities that hospitals hand in for every period: by whom, and how many days after the period's end."""

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=80)
    note = models.CharField(_("what it is for"), max_length=500, blank=True)
    rhythm = models.CharField(_("how often"), max_length=7, choices=choices(RHYTHMS), default=MONTH)
    begins = models.CharField(_("a year begins on"), max_length=5, default="01-01", validators=[DAY_OF_YEAR])
    due_days = models.PositiveSmallIntegerField(_("due, days after the period"), default=5)
    role = models.CharField(_("filled in by"), max_length=40, default=CLERK)  # key of a role
    audience = models.CharField(_("whom"), max_length=5, choices=choices(AUDIENCES), default=EVERYBODY)
    group = models.CharField(_("peer group"), max_length=80, blank=True)
    hospitals = ArrayField(models.BigIntegerField(), default=list, blank=True, verbose_name=_("hospitals"))
    valid_from = models.DateField(_("from the period of"))
    valid_until = models.DateField(_("until the period of"), null=True, blank=True)
    asked_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium", "name"], name="return_request_name"),
            models.CheckConstraint(
                name="return_request_span", condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from"))
            ),
            models.CheckConstraint(name="return_request_group", condition=~Q(audience=GROUP) | ~Q(group="")),
        ]

    def __str__(self) -> str:
        return self.name


class RequestedQuantity(ConsortiumModel):
    """One line of a request's form: which quantity, at which place, with which words of help."""

    request = models.ForeignKey(ReturnRequest, models.CASCADE, related_name="lines")
    quantity = models.ForeignKey("indicators.Quantity", models.PROTECT, related_name="+")
    position = models.PositiveSmallIntegerField()
    help = models.CharField(_("help"), max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["request", "quantity"], name="requested_quantity_once")]
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return str(self.quantity)


class ReturnDue(TenantModel):
    """What one hospital has to hand in for one period of a request, and how far it has come."""

    request = models.ForeignKey(
        ReturnRequest, models.PROTECT, related_name="+", db_index=False, verbose_name=_("request")
    )
    first = models.DateField(pgettext_lazy("of a period", "from"))
    last = models.DateField(pgettext_lazy("of a period", "until"))
    due_on = models.DateField(_("due"))  # that day included
    state = models.CharField(_("state"), max_length=8, choices=choices(DUE_STATES), default=OPEN)
    level = models.PositiveSmallIntegerField(default=0)  # how many levels of the chain have heard
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("filled in by"),
    )
    draft = models.JSONField(default=dict)  # what was typed and not handed in: typed, by, by_name, at
    asked = ArrayField(models.CharField(max_length=60), default=list)  # keys of what was asked when it was handed in
    unknown = ArrayField(models.CharField(max_length=60), default=list)  # keys of what the hospital does not know
    notes = models.JSONField(default=dict)  # key → the word that confirms an unusual value
    handed_in_at = models.DateTimeField(_("handed in"), null=True)  # the first time
    handed_in_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("accepted"), null=True)
    times_returned = models.PositiveSmallIntegerField(_("sent back"), default=0)
    times_corrected = models.PositiveSmallIntegerField(_("corrected after acceptance"), default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="return_due_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "request", "first"], name="return_due_once"),
            models.CheckConstraint(name="return_due_span", condition=Q(last__gte=F("first"))),
            models.CheckConstraint(
                name="return_due_handed", condition=~Q(state__in=GIVEN) | Q(handed_in_at__isnull=False)
            ),
            models.CheckConstraint(
                name="return_due_accepted_iff", condition=Q(state=ACCEPTED, accepted_at__isnull=False)
                | (~Q(state=ACCEPTED) & Q(accepted_at=None)),
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["hospital", "-due_on", "-id"], name="return_due_hospital"),
            models.Index(fields=["-due_on", "-id"], name="return_due_all"),
            models.Index(fields=["request", "first"], name="return_due_request"),
        ]

    def __str__(self) -> str:
        return f"{self.request.name} {self.period}"

    @property
    def period(self) -> str:
        return spans.written(self.first, self.last)

    @property
    def status(self) -> State:
        return DUE_STATES[self.state]

    def late(self, today: Any) -> int:
        """Whole days past the last day; 0 while there is time, or once it is in."""
        return max(0, (today - self.due_on).days) if self.state in TO_FILL else 0
