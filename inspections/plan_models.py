"""Plans: what is inspected, how often, by whom."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.models import Asset, Kind
from flow.states import State, choices
from inspections.checklist_models import Checklist
from inspections.states import (
    BASES,
    BY_DATE,
    BY_DONE,
    DRAFT,
    EVERY_ASSET,
    HOLIDAYS,
    KEEP,
    MONTH,
    ONE_ASSET,
    PLAN_STATES,
    ROUTE,
    STEPS,
    SUBJECTS,
)
from people.models import Skill
from tenancy.access import Paths
from tenancy.models import Place, Team, TenantModel, Unit


class Plan(TenantModel):
    """What a hospital has inspected again and again (IN-2). Rounds take signature, checklist, skill and team from it.

    Which days: `every` so many steps from `starts_on`; in weeks on `weekdays` (0 Monday … 6 Sunday), in months on `month_day`
    (-1 the last) or the `nth` `weekday` (-1 the last), moved by `offset_days`, only in the months of the season, with holidays
    as `on_holiday` says. And, whichever comes first, each `meter_every` of the asset's meter named `meter`.
    """

    name = models.CharField(pgettext_lazy("of a thing", "name"), max_length=60)
    department = models.CharField(_("department"), max_length=20)
    checklist = models.ForeignKey(Checklist, models.PROTECT, related_name="plans", verbose_name=_("checklist"))
    team = models.ForeignKey(Team, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("team"))
    skill = models.ForeignKey(
        Skill,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("skill needed"),
    )
    state = models.CharField(_("state"), max_length=7, choices=choices(PLAN_STATES), default=DRAFT)

    subject = models.CharField(_("what is inspected"), max_length=6, choices=choices(SUBJECTS), default=ONE_ASSET)
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="plans", db_constraint=False, verbose_name=_("asset")
    )
    kind = models.ForeignKey(
        Kind, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("kind of asset")
    )
    place = models.ForeignKey(  # a place; the part of the hospital whose assets are meant; where a route begins
        Place, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("place")
    )
    unit = models.ForeignKey(  # whose head nurse or custodian signs
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_constraint=False,
        verbose_name=_("unit visited"),
    )

    every = models.PositiveSmallIntegerField(
        _("every"), default=1, validators=[MinValueValidator(1), MaxValueValidator(366)]
    )
    step = models.CharField(_("step"), max_length=7, choices=choices(STEPS), default=MONTH, blank=True)
    weekdays = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("weekdays"))
    month_day = models.SmallIntegerField(_("day of the month"), null=True, blank=True)
    nth = models.SmallIntegerField(_("which of the month"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), null=True, blank=True)
    offset_days = models.SmallIntegerField(_("days before (−) or after"), default=0)
    months = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True, verbose_name=_("months"))
    on_holiday = models.CharField(_("on holidays"), max_length=7, choices=choices(HOLIDAYS), default=KEEP)
    basis = models.CharField(_("reckoned"), max_length=4, choices=choices(BASES), default=BY_DATE)
    at = models.TimeField(_("time"), default=time(8, 0))
    until = models.TimeField(_("until, within the day"), null=True, blank=True)  # of hourly plans; empty: day and night
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    meter = models.CharField(_("meter"), max_length=40, blank=True)
    meter_every = models.DecimalField(
        _("every so many on the meter"), max_digits=12, decimal_places=1, null=True, blank=True
    )

    opens_before = models.PositiveSmallIntegerField(_("may be done before, hours"), default=24)
    grace = models.PositiveSmallIntegerField(_("still in time after, hours"), default=24)
    minutes = models.PositiveSmallIntegerField(
        _("usual minutes of work"), default=30, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    needs_signature = models.BooleanField(_("signed by the place visited"), default=False)
    ordered = models.BooleanField(_("points in this order"), default=True)
    statutory = models.BooleanField(_("required by law"), default=False)
    spread_days = models.PositiveSmallIntegerField(  # every asset on a day of its own among so many; 0: all on one day
        _("spread over, days"), default=0, validators=[MaxValueValidator(366)]
    )
    planned_from = models.DateTimeField(null=True, editable=False)  # started, changed or resumed: rounds due after that
    generated_until = models.DateField(null=True, editable=False)  # rounds are there up to this day

    reach = Paths(
        place="place__path",
        department="department",
        contractor="team__contractor_id",
        unit="unit_id",
        team="team_id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="plan_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "name"], condition=~Q(state="ended"), name="plan_name"),
            models.CheckConstraint(
                name="plan_span", condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on"))
            ),
            models.CheckConstraint(
                name="plan_subject",
                condition=(~Q(subject=ONE_ASSET) | Q(asset__isnull=False))
                & (~Q(subject=EVERY_ASSET) | Q(kind__isnull=False)),
            ),
            models.CheckConstraint(
                name="plan_rhythm", condition=~Q(step="") | Q(meter_every__isnull=False) & ~Q(meter="")
            ),
            models.CheckConstraint(
                name="plan_every",
                condition=Q(every__gte=1) & (Q(meter_every__isnull=True) | Q(meter_every__gt=Decimal(0))),
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "name", "id"], name="plan_hospital"),
            models.Index(fields=["name", "id"], name="plan_all"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def status(self) -> State:
        return PLAN_STATES[self.state]

    @property
    def is_route(self) -> bool:
        return self.subject == ROUTE

    @property
    def counts_from(self) -> datetime:
        """Rounds are made for what is due after this moment."""
        return self.planned_from or datetime.combine(self.starts_on, time(), timezone.get_current_timezone())

    @property
    def is_rolling(self) -> bool:
        """Reckoned from the last completion, one round at a time: so told, or because a meter counts from there."""
        return self.basis == BY_DONE or self.meter_every is not None


ROLLING = Q(basis=BY_DONE) | Q(meter_every__isnull=False)  # the same as `is_rolling`


class PlanPoint(TenantModel):
    """One point of a route: a place or an asset that is scanned, at least `walk` seconds after the one before."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="points", db_constraint=False)
    order = models.PositiveSmallIntegerField()
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("place"))
    asset = models.ForeignKey(
        Asset, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("asset")
    )
    walk = models.PositiveSmallIntegerField(_("walking time, seconds"), default=0)
    reach = Paths(
        place="plan__place__path",
        department="plan__department",
        contractor="plan__team__contractor_id",
        unit="plan__unit_id",
        team="plan__team_id",
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "order"], name="plan_point_order", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.asset or self.place}"
