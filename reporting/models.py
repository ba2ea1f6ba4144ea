"""How indicators stood at the end of a month, wall screens, monthly reports and who receives them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from flow.states import State, choices
from reporting.states import DRAFT, REPORT_STATES, SENT
from tenancy.access import Paths
from tenancy.models import Consortium, ConsortiumModel, Hospital, ScopedQuerySet, TenantModel

WORDS_LENGTH = 4000


def _person() -> Any:
    return models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", db_index=False)


class Standing(TenantModel):
    """How one indicator of a hospital stood in the last whole month: value, target, and which control rules fired.

    Reckoned anew whenever the hospital's figures have been measured; what was there before is overwritten.
    """

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    key = models.CharField(max_length=80)
    month = models.DateField()
    numerator = models.DecimalField(max_digits=24, decimal_places=4)
    denominator = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    value = models.DecimalField(max_digits=34, decimal_places=10, null=True)
    target = models.DecimalField(max_digits=24, decimal_places=4, null=True)
    tone = models.CharField(max_length=6, blank=True)  # against target and floor: green, amber, red
    rules = ArrayField(models.CharField(max_length=8), default=list)  # of kpi.control that fired with this month
    tendency = models.CharField(max_length=6, blank=True)  # of the first of them: better, worse
    reckoned_at = models.DateTimeField()
    reach = Paths()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "key"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.key} {self.month:%Y-%m}"


class Screen(models.Model):
    """A screen on a wall: opened by a secret address, without anybody signed in. Of the secret only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    consortium = models.ForeignKey(Consortium, models.PROTECT, related_name="+", db_index=False)
    hospital = models.ForeignKey(Hospital, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    seconds = models.PositiveSmallIntegerField(_("seconds for a page"), default=20)
    made_by = _person()
    made_by_name = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=timezone.now)
    form_key = models.UUIDField(null=True, editable=False)  # the same form sent again finds the first one's screen
    revoked_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)  # when it last asked for figures
    objects = ScopedQuerySet.as_manager()
    reach = Paths(consortium="consortium_id")

    class Meta:
        constraints = [
            models.CheckConstraint(name="screen_seconds", condition=Q(seconds__gte=5) & Q(seconds__lte=600)),
            models.UniqueConstraint(fields=["consortium", "form_key"], name="screen_form_key"),
        ]

    def __str__(self) -> str:
        return self.name


class Report(TenantModel):
    """The report of a hospital's month: its figures, and what the manager says to them. Once it is sent it never changes."""

    hospital = models.ForeignKey(Hospital, models.PROTECT, related_name="+", db_index=False)
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=choices(REPORT_STATES), default=DRAFT)
    words = models.TextField(_("what the manager says"), max_length=WORDS_LENGTH, blank=True)
    content = models.JSONField(default=dict)  # the figures as they were when it was sent (reporting.content)
    sha256 = models.CharField(max_length=64, blank=True)  # of the content with the words
    written_at = models.DateTimeField(null=True)
    written_name = models.CharField(max_length=60, blank=True)
    signed_at = models.DateTimeField(null=True)
    signed_by = _person()
    signed_name = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(null=True)
    reach = Paths()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="report_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "month"], name="report_once"),
            models.CheckConstraint(
                name="report_sent",
                condition=Q(state=SENT, sent_at__isnull=False) & ~Q(sha256="")
                | ~Q(state=SENT) & Q(sent_at__isnull=True, sha256=""),
            ),
        ]
        indexes = [models.Index(fields=["-month", "hospital"], name="report_month")]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def status(self) -> State:
        return REPORT_STATES[self.state]


class Subscription(TenantModel):
    """Somebody wants the monthly report of this hospital sent to them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", db_index=False)
    at = models.DateTimeField(default=timezone.now)
    reach = Paths(own=("user_id",))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "user"], name="subscription_once")]

    def __str__(self) -> str:
        return str(self.user_id)


class ReportDay(ConsortiumModel):
    """On which day of the month, from which hour on, the reports of the month before are sent."""

    day = models.PositiveSmallIntegerField(_("day of the month"), default=8)
    hour = models.PositiveSmallIntegerField(_("hour"), default=8)
    set_by = _person()
    set_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consortium"], name="report_day_once"),
            models.CheckConstraint(name="report_day", condition=Q(day__gte=1, day__lte=28, hour__lte=23)),
        ]

    def __str__(self) -> str:
        return f"{self.day}. {self.hour}:00"
