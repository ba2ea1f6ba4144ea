"""Hazards: what could hurt people or stop the hospital, whoever found it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from assets.models import Asset
from flow.states import State, choices
from hazards.states import FINAL, GENERAL, GRADES, LIVE, OPEN, REPORT, SOURCES, STATES
from tenancy.access import Paths
from tenancy.models import Place, Team, TenantModel, Unit
from workorders.models import WorkOrder


class Hazard(TenantModel):
    """A hazard (隐患) from when it is found until another person has verified that it is gone. Never deleted.

    SE-3: graded, rectified by a deadline, verified, opened again where it was not; 安全生产法 (2021) art. 41 wants all recorded.
    """

    number = models.CharField(_("number"), max_length=20)
    title = models.CharField(_("what is dangerous"), max_length=80)
    description = models.TextField(_("description"), max_length=2000, blank=True)
    grade = models.CharField(_("grade"), max_length=8, choices=choices(GRADES), default=GENERAL)
    source = models.CharField(_("source"), max_length=10, choices=choices(SOURCES), default=REPORT)
    source_note = models.CharField(_("which campaign, which authority, which letter"), max_length=120, blank=True)
    origin = models.CharField(
        max_length=60, null=True, editable=False
    )  # what raised it: a second arrival finds the first
    department = models.CharField(_("department"), max_length=20)
    place = models.ForeignKey(Place, models.PROTECT, related_name="+", db_constraint=False, verbose_name=_("place"))
    asset = models.ForeignKey(
        Asset,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hazards",
        db_constraint=False,
        verbose_name=_("asset"),
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("unit")
    )
    team = models.ForeignKey(
        Team, models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False, verbose_name=_("team")
    )
    order = models.ForeignKey(WorkOrder, models.PROTECT, null=True, related_name="hazards", db_constraint=False)
    form_key = models.UUIDField(null=True, editable=False)

    state = models.CharField(_("state"), max_length=10, choices=choices(STATES), default=OPEN)
    found_at = models.DateTimeField(_("found"))
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    found_name = models.CharField(_("found by"), max_length=60, blank=True)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("rectify by"))  # that day included
    measures = models.CharField(_("what was done"), max_length=500, blank=True)
    interim = models.CharField(_("until then"), max_length=300, blank=True)  # how people are protected meanwhile
    rectified_at = models.DateTimeField(null=True)
    rectified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    reopened = models.PositiveSmallIntegerField(_("opened again"), default=0)
    level = models.PositiveSmallIntegerField(default=0)  # how many levels of the chain have heard that it is overdue

    reach = Paths(
        place="place__path",
        department="department",
        contractor="team__contractor_id",
        unit="unit_id",
        team="team_id",
        own=("found_by_id", "responsible_id"),
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hospital", "id"], name="hazard_hospital_id"),
            models.UniqueConstraint(fields=["hospital", "number"], name="hazard_number"),
            models.UniqueConstraint(fields=["hospital", "origin"], name="hazard_origin"),
            models.UniqueConstraint(fields=["hospital", "form_key"], name="hazard_form_key"),
            models.CheckConstraint(
                name="hazard_closed_iff_final",
                condition=Q(state__in=FINAL, closed_at__isnull=False)
                | (~Q(state__in=FINAL) & Q(closed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="hazard_verified_by_another",
                condition=Q(verified_by__isnull=True)
                | Q(rectified_by__isnull=False) & ~Q(verified_by=F("rectified_by")),
            ),
            models.CheckConstraint(
                name="hazard_assigned_to_somebody", condition=~Q(state="assigned") | Q(responsible__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["hospital", "-found_at", "-id"], name="hazard_hospital"),
            models.Index(fields=["-found_at", "-id"], name="hazard_all"),
            models.Index(fields=["hospital", "due_on", "id"], name="hazard_live_hospital", condition=Q(state__in=LIVE)),
            models.Index(fields=["due_on", "id"], name="hazard_live", condition=Q(state__in=LIVE)),
            models.Index(fields=["responsible", "due_on"], name="hazard_responsible", condition=Q(state__in=LIVE)),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def status(self) -> State:
        return STATES[self.state]


class HazardCounter(TenantModel):
    """How far the numbers of a hospital's hazards of a month are given out."""

    month = models.CharField(max_length=4)  # "2611"
    used = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hospital", "month"], name="hazard_counter")]

    def __str__(self) -> str:
        return f"{self.month}: {self.used}"
